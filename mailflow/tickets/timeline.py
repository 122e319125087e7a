"""The timeline of a ticket: messages, notes and changes in the order they happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mailflow.history.models import Event
from mailflow.lib import keyset
from mailflow.mail.quotes import Block, fold
from mailflow.tickets.models import Ticket, TicketMessage

PAGE_SIZE = 50
MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: a message or note with its text in blocks, or an event of the history."""

    at: datetime
    entry: TicketMessage | None = None
    blocks: tuple[Block, ...] = ()
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Oldest first; `older` is the cursor of what came before, "" at the beginning."""

    items: list[Item]
    older: str
    newer: str


def read(ticket: Ticket, cursor: str = "") -> Timeline:
    """The newest entries of a ticket, or those a cursor names, with the changes between them."""
    entries = ticket.timeline.select_related("email__message").defer("email__message__html")
    page = keyset.page(entries, cursor, by="created_at", size=PAGE_SIZE)
    items = [_item(entry) for entry in page.rows]
    since = items[-1].at if page.older else None
    until = items[0].at if page.newer else None
    for event in _changes(ticket):
        if (since is None or event.at >= since) and (until is None or event.at <= until):
            items.append(Item(event.at, event=event))
    items.sort(key=lambda item: item.at)
    return Timeline(items, page.older, page.newer)


def _item(entry: TicketMessage) -> Item:
    text = entry.email.message.text if entry.email else entry.body
    blocks = fold(text) if entry.kind != TicketMessage.Kind.NOTE else [Block("said", text)]
    return Item(entry.created_at, entry, tuple(blocks))


def _changes(ticket: Ticket) -> Iterable[Event]:
    return Event.objects.filter(
        audit=True, subject_type="ticket", subject_id=str(ticket.pk), kind__in=_SHOWN
    ).order_by("-id")[:MOST_EVENTS]


# A note is an entry itself; here stand the changes that have no entry of their own.
_SHOWN = ("ticket_changed", "ticket_held_resolved")


def changed_fields(event: Event) -> list[tuple[str, str, str]]:
    """What a change did: (field, before, after)."""
    before, after = event.data.get("before", {}), event.data.get("after", {})
    return [
        (name, str(before.get(name, "")), str(value))
        for name, value in after.items()
        if value != before.get(name)
    ]
