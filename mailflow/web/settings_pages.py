"""The page of the run-time settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mailflow.accounts.doors import require
from mailflow.lib.forms import show_problems
from mailflow.lib.refusals import Refused
from mailflow.preferences import values
from mailflow.web.settings_form import SettingsForm, sections_of
from mailflow.web.settings_saving import save_settings


def settings_page(request: HttpRequest) -> HttpResponse:
    """Shows every setting and saves what was changed: all of it or nothing."""
    actor = require(request, "administer")
    form = SettingsForm(request.POST or None, values.read())
    if request.method == "POST" and form.is_valid():
        try:
            changed = save_settings(form.given(), request, actor)
        except Refused as refused:
            show_problems(form, refused)
        else:
            messages.success(request, _told(len(changed)))
            return redirect("web:settings")
    context = {"title": _("Settings"), "form": form, "sections": sections_of(form)}
    return render(request, "web/settings.html", context, status=422 if form.errors else 200)


def _told(count: int) -> str:
    if not count:
        return _("Nothing was different.")
    return ngettext("%(count)s setting was saved.", "%(count)s settings were saved.", count) % {
        "count": count
    }
