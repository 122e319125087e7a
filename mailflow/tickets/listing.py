"""Which tickets a list shows: the filters of its address, and what a row needs."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from django.db.models import Count, Q, QuerySet

from mailflow.accounts.permissions import Actor
from mailflow.inboxes.models import Inbox
from mailflow.tickets.models import Ticket

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
    """The tickets with everything a row shows, in one query."""
    return tickets.select_related("inbox", "contact", "assignee").annotate(
        held_count=Count("held", filter=Q(held__resolution=""), distinct=True),
        entry_count=Count("timeline", distinct=True),
    )


def counts(tickets: QuerySet[Ticket]) -> dict[str, int]:
    """How many tickets have each status."""
    found = tickets.order_by().values_list("status").annotate(Count("id"))
    return {str(status): number for status, number in found}
