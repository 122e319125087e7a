"""What happened lately, for what an actor may see."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, QuerySet

from mailflow.accounts.permissions import Actor
from mailflow.history.models import Event
from mailflow.mail.models import Email
from mailflow.reports.analytics import per_day


def emails_per_day(actor: Actor, today: date, days: int) -> list[tuple[date, int]]:
    """The last `days` days of UTC up to `today`, oldest first; a day without mail has 0."""
    first = today - timedelta(days=days - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    emails = Email.objects.visible_to(actor).filter(received_at__gte=since)
    found = dict(per_day(emails, "received_at"))
    dates = [first + timedelta(days=offset) for offset in range(days)]
    return [(day, found.get(day.isoformat(), 0)) for day in dates]


def emails_per_class(actor: Actor, since: datetime) -> list[tuple[str, int]]:
    """How many emails of each class came since then, most first."""
    rows = (
        Email.objects.visible_to(actor)
        .filter(received_at__gte=since)
        .order_by()
        .values_list("message__message_class")
        .annotate(Count("id"))
    )
    return sorted(rows, key=lambda row: -row[1])


def latest(actor: Actor, most: int) -> QuerySet[Event]:
    """The latest events, newest first: all of them, or those of the actor's inboxes."""
    events = Event.objects.order_by("-id")
    if not actor.may("read"):
        return events.none()
    if actor.inbox_ids is not None:
        events = events.filter(inbox_id__in=actor.inbox_ids)
    return events[:most]


def letters(actor: Actor, events: Iterable[Event]) -> dict[int, tuple[str, str]]:
    """Who wrote and about what, by email id, for the events that concern an email."""
    ids = {event.email_id for event in events if event.email_id}
    rows = Email.objects.visible_to(actor).filter(pk__in=ids)
    names = ("message__from_name", "message__from_address", "message__subject")
    return {
        pk: (name or address, subject)
        for pk, name, address, subject in rows.values_list("pk", *names)
    }
