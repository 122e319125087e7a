"""The dashboard: figures, what just happened, what is left to set up."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mailflow.accounts.doors import require
from mailflow.accounts.permissions import Actor
from mailflow.lib.fingerprint import fingerprint
from mailflow.reports import activity
from mailflow.reports.stats import stats
from mailflow.web.readiness import checklist

DAYS = 14
EVENTS = 12


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The first page."""
    actor = require(request, "read")
    now = timezone.localtime()
    days = activity.emails_per_day(actor, timezone.now().date(), DAYS)
    steps = checklist(actor, now)
    context = {
        "title": _("Dashboard"),
        "days": days,
        "points": [
            {"label": formats.date_format(day, "j M"), "value": number} for day, number in days
        ],
        "classes": activity.emails_per_class(actor, now - timedelta(days=7)),
        "steps": steps,
        "left": sum(not step.done for step in steps),
        "may_administer": actor.may("administer"),
    }
    return render(request, "web/dashboard.html", context | _figures(actor) | _activity(actor))


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures again: 204 while they are the same."""
    context = _figures(require(request, "read"))
    if context["figures_seen"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "web/figures.html", context)


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """What just happened again: 204 while nothing did."""
    context = _activity(require(request, "read"))
    if context["activity_seen"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "web/activity.html", context)


def _figures(actor: Actor) -> dict[str, Any]:
    found = stats(actor, timezone.localtime())
    return {"stats": found, "figures_seen": fingerprint([found.as_json()])}


def _activity(actor: Actor) -> dict[str, Any]:
    events = list(activity.latest(actor, EVENTS))
    letters = activity.letters(actor, events)
    shown = [(event, *letters.get(event.email_id or 0, ("", ""))) for event in events]
    return {"events": shown, "activity_seen": fingerprint(event.pk for event in events)}
