"""The API of what can only be read: health, figures, and what happened."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from mailflow.accounts.doors import require
from mailflow.history.verify import verify_chain
from mailflow.lib.paging import list_page
from mailflow.reports.events import events_of_mail, events_of_people, search
from mailflow.reports.stats import stats

router = Router()


class HealthOut(Schema):
    """The program runs."""

    ok: bool
    service: str


class StatsOut(Schema):
    """The figures of the dashboard; storageUsage in bytes."""

    totalProcessed: int
    emailsToday: int
    emailsThisWeek: int
    openTickets: int
    activeRules: int
    activeWorkflows: int
    storageUsage: int
    failedActions: int


class EventOut(Schema):
    """One thing that happened."""

    id: int
    at: datetime
    kind: str
    status: str
    summary: str
    actor: str
    client_address: str
    email_id: int | None
    inbox_id: int | None
    subject_type: str
    subject_id: str
    data: Any


class EventsOut(Schema):
    """A page of events, newest first."""

    events: list[EventOut]
    next_cursor: str | None


class EventItem(Schema):
    """One event."""

    event: EventOut


class AuditOut(Schema):
    """A page of what people and keys did, newest first."""

    logs: list[EventOut]
    next_cursor: str | None


class ChainOut(Schema):
    """Whether the hash chain is whole; `brokenAt` is the first event that is not as written."""

    ok: bool
    events: int
    brokenAt: int | None


@router.get("/health", response=HealthOut, auth=None, tags=["Health"])
def health(request: HttpRequest) -> dict[str, Any]:
    """Whether the program answers; /readyz says whether it can work."""
    return {"ok": True, "service": "mailflow-studio"}


@router.get("/stats", response=StatsOut, tags=["Figures"])
def get_stats(request: HttpRequest) -> dict[str, int]:
    """Counts of what the key may see."""
    return stats(require(request, "read"), timezone.now()).as_json()


@router.get("/logs", response=EventsOut, tags=["Logs"])
def list_logs(
    request: HttpRequest,
    limit: int | None = None,
    cursor: str | None = None,
    status: str = "",
    kind: str = "",
    email_id: int | None = None,
    keyword: str = "",
) -> dict[str, Any]:
    """What happened to mail."""
    events = events_of_mail(require(request, "read"))
    if kind:
        events = events.filter(kind=kind)
    if email_id is not None:
        events = events.filter(email_id=email_id) if 0 <= email_id < 2**63 else events.none()
    page = list_page(search(events, status, keyword), limit, cursor)
    return {"events": page.rows, "next_cursor": page.next_cursor}


@router.get("/logs/{int:event_id}", response=EventItem, tags=["Logs"])
def get_log(request: HttpRequest, event_id: int) -> dict[str, Any]:
    """One event."""
    events = events_of_mail(require(request, "read"))
    # An id beyond 64 bits names nothing, and no database can be asked for it.
    event = events.filter(pk=event_id).first() if event_id < 2**63 else None
    if event is None:
        raise Http404
    return {"event": event}


@router.get("/audit-logs", response=AuditOut, tags=["Logs"])
def list_audit_logs(
    request: HttpRequest,
    limit: int | None = None,
    cursor: str | None = None,
    status: str = "",
    keyword: str = "",
) -> dict[str, Any]:
    """What people and keys did."""
    events = search(events_of_people(require(request, "administer")), status, keyword)
    page = list_page(events, limit, cursor)
    return {"logs": page.rows, "next_cursor": page.next_cursor}


@router.get("/audit-logs/verify", response=ChainOut, tags=["Logs"])
def verify_audit_logs(request: HttpRequest) -> dict[str, Any]:
    """Reads the whole history and checks its hash chain."""
    require(request, "administer")
    found = verify_chain()
    return {"ok": found.broken_at is None, "events": found.events, "brokenAt": found.broken_at}
