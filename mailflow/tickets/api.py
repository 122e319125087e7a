"""The API of tickets: lists, one ticket with its timeline, changes, notes, held emails."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema, Status

from mailflow.accounts.doors import require
from mailflow.accounts.permissions import Ability
from mailflow.inboxes.lookup import table
from mailflow.lib.paging import list_page
from mailflow.lib.refusals import Refused
from mailflow.mail.models import Email
from mailflow.tickets import changes
from mailflow.tickets.models import HeldMessage, Ticket, TicketMessage

router = Router(tags=["Tickets"])

LARGEST_ID = 2**63 - 1


class TicketOut(Schema):
    """A ticket; `version` grows with every change and guards against overwriting."""

    id: int
    subject: str
    status: str
    priority: str
    inbox_id: int | None
    inbox: str | None
    assigned_user: str | None
    team: str | None
    contact_id: int | None
    created_at: datetime
    updated_at: datetime
    last_message_at: datetime
    closed_at: datetime | None
    version: int


class TimelineEntry(Schema):
    """A received email (whole text), an answer, or an internal note."""

    id: int
    kind: Literal["inbound", "outbound", "note"]
    author: str
    body: str
    email_id: int | None
    created_at: datetime


class TicketDetail(TicketOut):
    """A ticket with its timeline, its participants, and emails held beside it."""

    messages: list[TimelineEntry]
    participants: list[dict[str, str]]
    held: list[dict[str, Any]]


class TicketsOut(Schema):
    """A page of tickets, the one with the newest message first."""

    tickets: list[TicketOut]
    next_cursor: str | None


class TicketItem(Schema):
    """One ticket."""

    ticket: TicketDetail


class TicketIn(Schema):
    """A ticket for an email that has none."""

    email_id: int


class TicketChange(Schema):
    """What to change; what is left out stays. `version`: 409 if it is not the current one."""

    status: str | None = None
    priority: str | None = None
    subject: str | None = None
    assigned_user: str | None = None
    team: str | None = None
    version: int | None = None


class NoteIn(Schema):
    """An internal note."""

    body: str = ""


class HeldIn(Schema):
    """What becomes of a held email."""

    resolution: Literal["joined", "own_ticket", "dismissed"]


class Done(Schema):
    """It was done."""

    ok: bool


class TicketFilter(Schema):
    """Filters of the list; all given ones must hold. `state=open` is every unfinished status."""

    status: str | None = None
    priority: str | None = None
    state: Literal["open", "closed"] | None = None
    assigned_user: str | None = None


@router.get("/tickets", response=TicketsOut)
def list_tickets(
    request: HttpRequest,
    filters: Query[TicketFilter],
    limit: int | None = None,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The tickets that the key may see."""
    tickets = _filtered(tickets_shown(request, "read"), filters)
    page = list_page(tickets, limit, cursor, by="last_message_at")
    return {
        "tickets": [ticket_shown(ticket) for ticket in page.rows],
        "next_cursor": page.next_cursor,
    }


@router.post("/tickets", response={201: TicketItem})
def create_ticket(request: HttpRequest, body: TicketIn) -> Status[dict[str, Any]]:
    """Opens a ticket for an email; answers with its ticket if it is in one."""
    actor = require(request, "work")
    visible = Email.objects.visible_to(actor).select_related("message")
    email = visible.filter(pk=body.email_id).first() if 0 < body.email_id <= LARGEST_ID else None
    if email is None:
        raise Refused({"email_id": "email_id: there is no such email."})
    ticket = changes.open_by_hand(email, actor, table().own_addresses)
    return Status(201, {"ticket": _detail(_one(request, ticket.pk, "work"))})


@router.get("/tickets/{int:ticket_id}", response=TicketItem)
def get_ticket(request: HttpRequest, ticket_id: int) -> dict[str, Any]:
    """One ticket with its timeline."""
    return {"ticket": _detail(_one(request, ticket_id, "read"))}


@router.put("/tickets/{int:ticket_id}", response=TicketItem)
def change_ticket(request: HttpRequest, ticket_id: int, body: TicketChange) -> dict[str, Any]:
    """Changes the fields given."""
    actor = require(request, "work")
    wanted = changes.Change(
        status=body.status,
        priority=body.priority,
        subject=body.subject,
        assignee=body.assigned_user,
        team=body.team,
    )
    changes.change(_one(request, ticket_id, "work"), wanted, actor, body.version)
    return {"ticket": _detail(_one(request, ticket_id, "work"))}


@router.post("/tickets/{int:ticket_id}/note", response=Done)
def add_note(request: HttpRequest, ticket_id: int, body: NoteIn) -> dict[str, bool]:
    """Adds an internal note."""
    changes.note(_one(request, ticket_id, "work"), body.body, require(request, "work"))
    return {"ok": True}


@router.post("/tickets/{int:ticket_id}/held/{int:held_id}", response=TicketItem)
def resolve_held(
    request: HttpRequest, ticket_id: int, held_id: int, body: HeldIn
) -> dict[str, Any]:
    """Joins a held email to the ticket, gives it a ticket of its own, or dismisses it."""
    actor = require(request, "work")
    ticket = _one(request, ticket_id, "work")
    held = (
        HeldMessage.objects.filter(
            pk=held_id, ticket=ticket, email__in=Email.objects.visible_to(actor)
        ).first()
        if held_id <= LARGEST_ID
        else None
    )
    if held is None:
        raise Http404
    changes.resolve_held(held, body.resolution, actor, table().own_addresses)
    return {"ticket": _detail(_one(request, ticket_id, "work"))}


def tickets_shown(request: HttpRequest, ability: Ability) -> QuerySet[Ticket]:
    """The tickets that the key may see, with what `ticket_shown` needs of each."""
    visible = Ticket.objects.visible_to(require(request, ability))
    return visible.select_related("inbox", "assignee", "team")


def _filtered(tickets: QuerySet[Ticket], filters: TicketFilter) -> QuerySet[Ticket]:
    if filters.state:
        finished = [Ticket.Status.RESOLVED, Ticket.Status.CLOSED]
        closed = tickets.filter(status__in=finished)
        tickets = closed if filters.state == "closed" else tickets.exclude(status__in=finished)
    wanted = {
        "status": filters.status,
        "priority": filters.priority,
        "assignee__username": filters.assigned_user,
    }
    return tickets.filter(**{name: value for name, value in wanted.items() if value is not None})


def _one(request: HttpRequest, ticket_id: int, ability: Ability) -> Ticket:
    tickets = tickets_shown(request, ability)
    found = tickets.filter(pk=ticket_id).first() if ticket_id <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found


def ticket_shown(ticket: Ticket) -> dict[str, Any]:
    """A `TicketOut`."""
    return {
        "id": ticket.pk,
        "subject": ticket.subject,
        "status": ticket.status,
        "priority": ticket.priority,
        "inbox_id": ticket.inbox_id,
        "inbox": ticket.inbox.name if ticket.inbox else None,
        "assigned_user": ticket.assignee.username if ticket.assignee else None,
        "team": ticket.team.name if ticket.team else None,
        "contact_id": ticket.contact_id,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "last_message_at": ticket.last_message_at,
        "closed_at": ticket.closed_at,
        "version": ticket.version,
    }


def _detail(ticket: Ticket) -> dict[str, Any]:
    timeline = ticket.timeline.select_related("email__message").order_by("created_at", "id")
    held = ticket.held.filter(resolution="").order_by("id")
    return ticket_shown(ticket) | {
        "messages": [_entry(entry) for entry in timeline],
        "participants": list(ticket.participants.order_by("id").values("address", "name", "role")),
        "held": list(held.values("id", "email_id", "reason", "created_at")),
    }


def _entry(entry: TicketMessage) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "kind": entry.kind,
        "author": entry.author,
        "body": entry.email.message.text if entry.email else entry.body,
        "email_id": entry.email_id,
        "created_at": entry.created_at,
    }
