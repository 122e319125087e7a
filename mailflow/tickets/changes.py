"""Every write to tickets: opening, joining, holding, changing and noting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from mailflow.accounts.directory import person_named, team_named
from mailflow.accounts.permissions import Actor
from mailflow.contacts.models import ContactAddress
from mailflow.history.changes import record
from mailflow.inboxes.models import Inbox
from mailflow.lib import bulk
from mailflow.lib.refusals import Conflict, Refused
from mailflow.lib.storable import is_storable
from mailflow.mail.models import Email, Message
from mailflow.preferences.values import current
from mailflow.tickets.models import HeldMessage, Participant, Ticket, TicketMessage


class EmptyNote(Refused):
    """A note without a word; the original's code for it is kept."""

    code = "empty_note"
    status = 400


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket to open for an email that is stored already."""

    email: Email
    message: Message
    subject: str
    status: str
    priority: str
    contact_id: int | None = None
    assignee_id: int | None = None
    team_id: int | None = None


def open_many(news: Sequence[NewTicket], ours: frozenset[str]) -> list[Ticket]:
    """Opens a ticket for each email, with its participants (never one of `ours`) and timeline."""
    tickets = [
        Ticket(
            inbox_id=new.email.inbox_id,
            thread_id=new.message.thread_id,
            contact_id=new.contact_id,
            subject=new.subject[:998],
            status=new.status,
            priority=new.priority,
            assignee_id=new.assignee_id,
            team_id=new.team_id,
            created_at=new.email.received_at,
            updated_at=new.email.received_at,
            last_message_at=new.email.received_at,
        )
        for new in news
    ]
    bulk.insert(tickets)
    pairs = list(zip(tickets, news, strict=True))
    bulk.insert(
        [row for ticket, new in pairs for row in _participants(ticket.pk, new.message, ours)],
        ignore_conflicts=True,
    )
    _put_on_timeline([(ticket.pk, new.email, new.message) for ticket, new in pairs])
    return tickets


@dataclass(frozen=True, slots=True)
class Joining:
    """An email that joins a ticket."""

    ticket_id: int
    email: Email
    message: Message
    reopen: bool


def join_many(joinings: Sequence[Joining], ours: frozenset[str], reopen_as: str) -> None:
    """Puts emails on their tickets' timelines; whoever was copied takes part from now on."""
    _put_on_timeline([(j.ticket_id, j.email, j.message) for j in joinings])
    bulk.insert(
        [row for j in joinings for row in _participants(j.ticket_id, j.message, ours, "cc")],
        ignore_conflicts=True,
    )
    for joining in joinings:
        fields = {"status": reopen_as, "closed_at": None} if joining.reopen else {}
        Ticket.objects.filter(pk=joining.ticket_id).update(
            last_message_at=joining.email.received_at,
            updated_at=joining.email.received_at,
            version=F("version") + 1,
            **fields,
        )


def hold_many(holds: Sequence[tuple[int, Email, str]]) -> None:
    """Keeps emails beside a ticket until a person joins or dismisses them: (ticket, email, why)."""
    bulk.insert(
        [
            HeldMessage(ticket_id=id, email=email, reason=why, created_at=email.received_at)
            for id, email, why in holds
        ]
    )


def _put_on_timeline(entries: Sequence[tuple[int, Email, Message]]) -> None:
    bulk.insert(
        [
            TicketMessage(
                ticket_id=ticket_id,
                kind=TicketMessage.Kind.INBOUND,
                email=email,
                author=message.from_name or message.from_address,
                created_at=email.received_at,
            )
            for ticket_id, email, message in entries
        ]
    )


def _participants(
    ticket_id: int, message: Message, ours: frozenset[str], role: str = "requester"
) -> list[Participant]:
    people = {message.from_address: (message.from_name, role)} if role == "requester" else {}
    for name, address in (*message.recipients.get("to", ()), *message.recipients.get("cc", ())):
        people.setdefault(address.lower()[:320], (name, "cc"))
    return [
        Participant(ticket_id=ticket_id, address=address, name=name[:200], role=kind)
        for address, (name, kind) in people.items()
        if address and address not in ours
    ][:100]


@dataclass(frozen=True, slots=True)
class Change:
    """What a person changes of a ticket; None leaves a field as it is, "" empties the assignee."""

    status: str | None = None
    priority: str | None = None
    subject: str | None = None
    assignee: str | None = None
    team: str | None = None


def change(ticket: Ticket, wanted: Change, actor: Actor, version: int | None = None) -> Ticket:
    """Changes a ticket and says so in the history.

    `version` is the version the person saw: Conflict when somebody was faster. Refused for an
    unknown status, priority, person or team. Nothing is written then.
    """
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
        if version is not None and ticket.version != version:
            raise Conflict({"version": "Somebody changed this ticket meanwhile. Look again."})
        before = _shown(ticket)
        _apply(ticket, wanted)
        after = _shown(ticket)
        if after == before:
            return ticket
        now = timezone.now()
        ticket.updated_at = now
        ticket.closed_at = (ticket.closed_at or now) if ticket.is_closed else None
        ticket.version += 1
        ticket.save()
        record(
            "ticket_changed",
            f"#{ticket.pk}: " + ", ".join(k for k in after if after[k] != before[k]),
            at=now,
            actor=actor.name,
            subject=("ticket", ticket.pk),
            inbox_id=ticket.inbox_id,
            data={"before": before, "after": after},
        )
    return ticket


def _shown(ticket: Ticket) -> dict[str, str]:
    return {
        "status": ticket.status,
        "priority": ticket.priority,
        "subject": ticket.subject,
        "assignee": ticket.assignee.username if ticket.assignee else "",
        "team": ticket.team.name if ticket.team else "",
    }


def _apply(ticket: Ticket, wanted: Change) -> None:
    if wanted.status is not None:
        ticket.status = _one_of("status", wanted.status, Ticket.Status.values)
    if wanted.priority is not None:
        ticket.priority = _one_of("priority", wanted.priority, Inbox.Priority.values)
    if wanted.subject is not None:
        if not wanted.subject.strip():
            raise Refused({"subject": "Write a subject of 1 to 998 characters."})
        ticket.subject = " ".join(wanted.subject.split())[:998]
    if wanted.assignee is not None:
        ticket.assignee = person_named(wanted.assignee)
    if wanted.team is not None:
        ticket.team = team_named(wanted.team)


def _one_of(field: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise Refused({field: f"{value!r} is not known. Use one of {', '.join(allowed)}."})
    return value


def note(ticket: Ticket, text: str, actor: Actor) -> TicketMessage:
    """Adds an internal note. EmptyNote when it says nothing, Refused over 100,000 characters."""
    if not text.strip():
        raise EmptyNote({"body": "Write something; an empty note says nothing."})
    if not is_storable(text, 100_000):
        raise Refused({"body": "At most 100,000 characters, and no NUL."})
    now = timezone.now()
    with transaction.atomic():
        entry = TicketMessage.objects.create(
            ticket=ticket, kind=TicketMessage.Kind.NOTE, author=actor.name, body=text,
            created_at=now,
        )  # fmt: skip
        Ticket.objects.filter(pk=ticket.pk).update(updated_at=now, version=F("version") + 1)
        record(
            "ticket_noted",
            f"#{ticket.pk}",
            at=now,
            actor=actor.name,
            subject=("ticket", ticket.pk),
            inbox_id=ticket.inbox_id,
        )
    return entry


Resolution = Literal["joined", "own_ticket", "dismissed"]


def resolve_held(
    held: HeldMessage, resolution: Resolution, actor: Actor, ours: frozenset[str]
) -> None:
    """Joins a held email to its ticket, opens a ticket of its own for it, or dismisses it.

    A second resolution changes nothing: the first click counts.
    """
    now = timezone.now()
    with transaction.atomic():
        held = HeldMessage.objects.select_for_update().get(pk=held.pk)
        if held.resolution:
            return
        held.resolution, held.resolved_at, held.resolved_by = resolution, now, actor.name
        held.save()
        email = Email.objects.select_related("message").get(pk=held.email_id)
        if resolution == "joined":
            _join_by_hand(held.ticket_id, email, ours)
        elif resolution == "own_ticket":
            open_by_hand(email, actor, ours)
        record(
            "ticket_held_resolved",
            f"#{held.ticket_id}: {resolution}",
            at=now,
            actor=actor.name,
            subject=("ticket", held.ticket_id),
            email_id=email.pk,
            inbox_id=email.inbox_id,
        )


def _join_by_hand(ticket_id: int, email: Email, ours: frozenset[str]) -> None:
    """A person vouches for the writer, who takes part from now on."""
    if TicketMessage.objects.filter(email=email).exists():
        return
    bulk.insert(_participants(ticket_id, email.message, ours), ignore_conflicts=True)
    ticket = Ticket.objects.get(pk=ticket_id)
    joining = Joining(ticket_id, email, email.message, reopen=ticket.is_closed)
    join_many([joining], ours, Ticket.Status.OPEN)


def open_by_hand(email: Email, actor: Actor, ours: frozenset[str]) -> Ticket:
    """A ticket for an email, as somebody asks; the one it has if it is on a timeline already."""
    with transaction.atomic():
        entry = TicketMessage.objects.select_related("ticket").filter(email=email).first()
        if entry is not None:
            return entry.ticket
        address = ContactAddress.objects.filter(address=email.message.from_address).first()
        preferences = current()
        [ticket] = open_many(
            [
                NewTicket(
                    email=email,
                    message=email.message,
                    subject=email.message.subject,
                    status=preferences.default_ticket_status,
                    priority=preferences.default_ticket_priority,
                    contact_id=address.contact_id if address else None,
                )
            ],
            ours,
        )
        record(
            "ticket_created",
            f"#{ticket.pk} {ticket.subject}",
            actor=actor.name,
            subject=("ticket", ticket.pk),
            email_id=email.pk,
            inbox_id=email.inbox_id,
        )
    return ticket
