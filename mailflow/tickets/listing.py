"""Which tickets a list shows: the filters of its address, and what a row needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count, Q, QuerySet

from mailflow.accounts.permissions import Actor
from mailflow.inboxes.models import Inbox
from mailflow.tickets.models import HeldMessage, Ticket, TicketMessage

PAGE_SIZE = 50
OPEN = (Ticket.Status.OPEN, Ticket.Status.PENDING, Ticket.Status.WAITING)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address such as `/tickets?status=closed&assignee=me` asks for.

    `status` "" is every ticket that still needs somebody.
    """

    q: str = ""
    status: str = ""
    priority: str = ""
    inbox: str = ""
    assignee: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filters":
        """The filters of a query string; values that are not known are left out."""
        found = cls(**{field.name: query.get(field.name, "")[:200] for field in fields(cls)})
        return cls(
            q=found.q.strip(),
            status=found.status if found.status in {*Ticket.Status.values, ALL} else "",
            priority=found.priority if found.priority in Inbox.Priority.values else "",
            inbox=found.inbox if _is_key(found.inbox) else "",
            assignee=found.assignee
            if found.assignee in {"me", "nobody"} or _is_key(found.assignee)
            else "",
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything beside the status is asked for."""
        return bool(self.q or self.priority or self.inbox or self.assignee)

    def apply(self, tickets: QuerySet[Ticket], actor: Actor) -> QuerySet[Ticket]:
        """Only the tickets that all filters let through."""
        if not self.status:
            tickets = tickets.filter(status__in=OPEN)
        elif self.status != ALL:
            tickets = tickets.filter(status=self.status)
        if self.priority:
            tickets = tickets.filter(priority=self.priority)
        if self.inbox:
            tickets = tickets.filter(inbox_id=int(self.inbox))
        return _search(self._assigned(tickets, actor), self.q)

    def _assigned(self, tickets: QuerySet[Ticket], actor: Actor) -> QuerySet[Ticket]:
        if self.assignee == "me":
            return tickets.filter(assignee_id=actor.user_id or 0)
        if self.assignee == "nobody":
            return tickets.filter(assignee=None)
        if self.assignee:
            return tickets.filter(assignee_id=int(self.assignee))
        return tickets


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _search(tickets: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
    number = text.removeprefix("#")
    if _is_key(number):
        return tickets.filter(Q(pk=int(number)) | Q(subject__icontains=text))
    if "@" in text:
        return tickets.filter(participants__address=text.lower())
    return tickets.filter(subject__icontains=text) if text else tickets


def rows(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """The tickets with the names a row shows, in one query."""
    return tickets.select_related("inbox", "contact", "assignee")


def count_parts(tickets: Sequence[Ticket]) -> dict[int, int]:
    """Sets `entry_count` and `held_count` on the tickets of one page, in two queries; the latter
    by ticket.

    Counting them in the query of the page would count for every ticket before the page is cut.
    """
    pks = [ticket.pk for ticket in tickets]
    entries = _per_ticket(TicketMessage.objects.filter(ticket_id__in=pks))
    held = _per_ticket(HeldMessage.objects.filter(ticket_id__in=pks, resolution=""))
    for ticket in tickets:
        shown: Any = ticket
        shown.entry_count = entries.get(ticket.pk, 0)
        shown.held_count = held.get(ticket.pk, 0)
    return held


def _per_ticket(parts: QuerySet[Any]) -> dict[int, int]:
    return dict(parts.order_by().values_list("ticket_id").annotate(Count("id")))


def counts(tickets: QuerySet[Ticket]) -> dict[str, int]:
    """How many tickets have each status."""
    found = tickets.order_by().values_list("status").annotate(Count("id"))
    return {str(status): number for status, number in found}
