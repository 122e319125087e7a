"""The pages of inboxes."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mailflow.accounts.doors import require
from mailflow.accounts.permissions import Actor
from mailflow.inboxes import changes
from mailflow.inboxes.forms import NEW, InboxForm, initial_of, team_names
from mailflow.inboxes.models import Inbox
from mailflow.lib import keyset
from mailflow.lib.forms import show_problems
from mailflow.lib.refusals import Refused


def inbox_list(request: HttpRequest) -> HttpResponse:
    """Every inbox the actor may see, with its addresses and how much mail it holds."""
    actor = require(request, "read")
    inboxes = Inbox.objects.visible_to(actor).select_related("assigned_team")
    page = keyset.page(inboxes.prefetch_related("addresses"), request.GET.get("cursor", ""))
    # By itself, over the narrow index: with the names it is ten times slower at 100,000 emails.
    counted = Inbox.objects.filter(pk__in=[inbox.pk for inbox in page.rows]).order_by()
    emails = dict(counted.values_list("pk").annotate(Count("emails")))
    for inbox in page.rows:
        inbox.email_count = emails.get(inbox.pk, 0)  # type: ignore[attr-defined]
    context = {"title": _("Inboxes"), "page": page, "may_change": actor.may("configure")}
    return render(request, "inboxes/list.html", context)


def new_inbox(request: HttpRequest) -> HttpResponse:
    """The form of a new inbox."""
    actor = require(request, "configure")
    form = InboxForm(request.POST or None, initial=NEW)
    if request.method == "POST" and form.is_valid():
        try:
            inbox = changes.create(form.to_fields(), actor)
        except Refused as refused:
            show_problems(form, refused)
        else:
            messages.success(request, _("The inbox %(name)s receives now.") % {"name": inbox.name})
            return redirect("inboxes:list")
    return _form_page(request, form, _("New inbox"), None)


def inbox(request: HttpRequest, inbox_id: int) -> HttpResponse:
    """One inbox, to be changed by those who may."""
    actor = require(request, "configure" if request.method == "POST" else "read")
    found = _visible(actor, inbox_id)
    form = InboxForm(request.POST or None, initial=initial_of(found))
    if not actor.may("configure"):
        for one in form.fields.values():
            one.disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            changes.update(found, form.to_fields(), actor)
        except Refused as refused:
            show_problems(form, refused)
            found.refresh_from_db()
        else:
            messages.success(request, _("The inbox was saved."))
            return redirect("inboxes:inbox", inbox_id)
    return _form_page(request, form, found.name, found)


@require_POST
def deletion(request: HttpRequest, inbox_id: int) -> HttpResponse:
    """Deletes an inbox; its mail stays."""
    actor = require(request, "configure")
    found = _visible(actor, inbox_id)
    changes.delete(found, actor)
    messages.success(
        request, _("The inbox %(name)s is gone. Its mail was kept.") % {"name": found.name}
    )
    return redirect("inboxes:list")


def _visible(actor: Actor, inbox_id: int) -> Inbox:
    return get_object_or_404(
        Inbox.objects.visible_to(actor).select_related("assigned_team"), pk=inbox_id
    )


def _form_page(
    request: HttpRequest, form: InboxForm, title: str, found: Inbox | None
) -> HttpResponse:
    context = {
        "title": title,
        "form": form,
        "inbox": found,
        "teams": team_names(),
        "may_change": require(request, "read").may("configure"),
    }
    return render(request, "inboxes/form.html", context, status=422 if form.errors else 200)
