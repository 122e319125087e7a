"""The API of the analytics."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from mailflow.accounts.doors import require
from mailflow.lib.refusals import Refused
from mailflow.reports.analytics import Counts, analytics
from mailflow.reports.spans import BadSpan, Interval, span

router = Router(tags=["Figures"])


class Figure(Schema):
    """One bar: what it counts, and how many."""

    label: str
    value: int


class SpanIn(Schema):
    """The days to report on, both included, and how to group them."""

    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")
    interval: Interval = "day"


class AnalyticsOut(Schema):
    """The figures of the span. workflowActivity stays empty until there are workflows."""

    emailsPerDay: list[Figure]
    emailsByInbox: list[Figure]
    ticketTrend: list[Figure]
    workflowActivity: list[Figure]
    topDomains: list[Figure]
    attachmentTypes: list[Figure]


@router.get("/analytics", response=AnalyticsOut)
def get_analytics(request: HttpRequest, asked: Query[SpanIn]) -> dict[str, Any]:
    """What came in, from whom and where it went: the last 30 days, or from `from` to `to`."""
    actor = require(request, "read")
    try:
        wanted = span(timezone.now().date(), asked.first, asked.last, asked.interval)
    except BadSpan as error:
        raise Refused({error.field: str(error)}) from None
    found = analytics(actor, wanted)
    return {
        "emailsPerDay": _figures(found.emails_over_time),
        "emailsByInbox": _figures(found.emails_by_inbox),
        "ticketTrend": _figures(found.tickets_over_time),
        "workflowActivity": [],
        "topDomains": _figures(found.top_domains),
        "attachmentTypes": _figures(found.attachment_types),
    }


def _figures(counts: Counts) -> list[dict[str, Any]]:
    return [{"label": label, "value": value} for label, value in counts]
