"""The pages of the history: what happened to mail, what people did, what waits for a person."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mailflow.accounts.doors import require
from mailflow.accounts.permissions import Actor
from mailflow.history.changes import record
from mailflow.history.models import Event
from mailflow.history.verify import verify_chain
from mailflow.history.vocabulary import KINDS
from mailflow.inbound.changes import retry_stuck
from mailflow.inbound.models import SpoolEntry
from mailflow.lib import keyset
from mailflow.lib.claims import State
from mailflow.reports.events import events_of_mail, events_of_people, search
from mailflow.web.vocabulary import word

_PAGES_OF_SUBJECTS = {
    "ticket": "/tickets/",
    "inbox": "/inboxes/",
    "contact": "/contacts/",
    "rule": "/rules/",
    "email": "/emails/",
}


@require_safe
def log_list(request: HttpRequest) -> HttpResponse:
    """Events of mail; for administrators also those of people, and what is stuck."""
    actor = require(request, "read")
    filters = {name: request.GET.get(name, "") for name in ("tab", "q", "kind", "status")}
    audit = filters["tab"] == "people" and actor.may("administer")
    events = events_of_people(actor) if audit else events_of_mail(actor)
    if filters["kind"] in KINDS:
        events = events.filter(kind=filters["kind"])
    context = {
        "title": _("Logs"),
        "page": keyset.page(
            search(events, filters["status"], filters["q"]), request.GET.get("cursor", "")
        ),
        "filters": filters,
        "kinds": [
            (name, word("event", name).label) for name, kind in KINDS.items() if kind.audit == audit
        ],
        "tabs": _tabs(actor),
    }
    return render(request, "web/logs/list.html", context)


def _tabs(actor: Actor) -> list[tuple[str, str]]:
    if not actor.may("administer"):
        return []
    return [("", _("Mail")), ("people", _("People"))]


@require_safe
def log(request: HttpRequest, event_id: int) -> HttpResponse:
    """One event with all it says."""
    actor = require(request, "read")
    seen = events_of_mail(actor) | events_of_people(actor)
    event = seen.filter(pk=event_id).first() if event_id < 2**63 else None
    if event is None:
        raise Http404
    context = {
        "title": word("event", event.kind).label,
        "event": event,
        "subject_page": _page_of(event),
        "data": json.dumps(event.data, indent=2, ensure_ascii=False) if event.data else "",
    }
    return render(request, "web/logs/event.html", context)


def _page_of(event: Event) -> str:
    start = _PAGES_OF_SUBJECTS.get(event.subject_type, "")
    return f"{start}{event.subject_id}" if start and event.subject_id else ""


@require_POST
def verification(request: HttpRequest) -> HttpResponse:
    """Reads the whole history and says whether it is as it was written."""
    require(request, "administer")
    found = verify_chain()
    if found.broken_at is None:
        text = _("The history is whole: %(count)s events, each tied to the one before.")
        messages.success(request, text % {"count": found.events})
    else:
        text = _("The history was changed: event %(id)s is not as it was written.")
        messages.error(request, text % {"id": found.broken_at})
    return redirect("web:logs")


@require_safe
def stuck_list(request: HttpRequest) -> HttpResponse:
    """Messages that could not be processed. They are kept, and wait for a person."""
    require(request, "administer")
    stuck = SpoolEntry.objects.filter(state=State.STUCK)
    context: dict[str, Any] = {
        "title": _("Messages that wait for a person"),
        "page": keyset.page(stuck, request.GET.get("cursor", "")),
    }
    return render(request, "web/logs/stuck.html", context)


@require_POST
def retrial(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Puts a stuck message back to work."""
    actor = require(request, "administer")
    if entry_id >= 2**63 or not retry_stuck([entry_id], timezone.now()):
        raise Http404
    record("spool_retried", f"email {entry_id}", actor=actor.name, email_id=entry_id)
    messages.success(request, _("It is tried again within seconds."))
    return redirect("web:stuck")
