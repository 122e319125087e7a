"""What came in over time, from whom, and where it went, for what an actor may see."""

from dataclasses import dataclass
from typing import Any, cast

from django.core.cache import cache
from django.db.models import Count, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Left, StrIndex, Substr

from mailflow.accounts.permissions import Actor
from mailflow.mail.models import Attachment, Email
from mailflow.reports.spans import Span
from mailflow.tickets.models import Ticket

Counts = list[tuple[str, int]]
TOP = 10
NO_INBOX = "Unassigned"
FRESH_S = 10


@dataclass(frozen=True, slots=True)
class Analytics:
    """Each figure as (label, count)."""

    emails_over_time: Counts
    emails_by_inbox: Counts
    tickets_over_time: Counts
    top_domains: Counts
    attachment_types: Counts


def analytics(actor: Actor, span: Span) -> Analytics:
    """The figures of the span; emails count when they arrived, tickets when they were opened.

    Figures of many emails take a second to count: they may be `FRESH_S` seconds old.
    """
    seen = "all" if actor.inbox_ids is None else ",".join(map(str, sorted(actor.inbox_ids)))
    key = f"analytics:{actor.may('read')}:{seen}:{span.first}:{span.last}:{span.interval}"
    return cast(Analytics, cache.get_or_set(key, lambda: _count(actor, span), FRESH_S))


def _count(actor: Actor, span: Span) -> Analytics:
    emails = Email.objects.visible_to(actor).filter(
        received_at__gte=span.start, received_at__lt=span.end
    )
    tickets = Ticket.objects.visible_to(actor).filter(
        created_at__gte=span.start, created_at__lt=span.end
    )
    return Analytics(
        emails_over_time=span.fold(per_day(emails, "received_at")),
        emails_by_inbox=[
            (name or NO_INBOX, count) for name, count in _most(emails, F("inbox__name"), most=None)
        ],
        tickets_over_time=span.fold(per_day(tickets, "created_at")),
        top_domains=_most(emails.exclude(message__from_address=""), _DOMAIN),
        attachment_types=_attachment_types(emails),
    )


def per_day(rows: QuerySet[Any], field: str) -> Counts:
    """How many rows each day of UTC had, as ("2026-03-02", count), days without any left out.

    Both databases write instants of UTC with the date first: cutting the text is far quicker with
    SQLite than TruncDate, which calls back into Python for every row.
    """
    day = Left(Cast(field, TextField()), 10)
    return list(rows.order_by().values_list(day).annotate(Count("pk")).order_by(day))


_DOMAIN = Substr(
    "message__from_address", StrIndex("message__from_address", Value("@")) + 1,
)  # fmt: skip


def _most(rows: QuerySet[Any], label: Any, most: int | None = TOP) -> Counts:
    """The labels with the most rows, most first."""
    counted = rows.order_by().values_list(label).annotate(count=Count("pk"))
    return list(counted.order_by("-count", label)[:most])


def _attachment_types(emails: QuerySet[Email]) -> Counts:
    files = Attachment.objects.filter(inline=False, message__emails__in=emails)
    return _most(files, F("content_type"))
