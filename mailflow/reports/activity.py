"""What happened lately, for what an actor may see."""

from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from mailflow.accounts.permissions import Actor
from mailflow.history.models import Event
from mailflow.mail.models import Email


def emails_per_day(actor: Actor, now: datetime, days: int) -> list[tuple[date, int]]:
    """The last `days` days up to today, oldest first, with how many emails each brought.

    Days begin at midnight in the time zone of `now`; a day without mail has 0.
    """
    first = (now - timedelta(days=days - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        Email.objects.visible_to(actor)
        .filter(received_at__gte=first)
        .order_by()
        .annotate(day=TruncDate("received_at", tzinfo=now.tzinfo))
        .values_list("day")
        .annotate(Count("id"))
    )
    found = dict(rows)
    dates = (first.date() + timedelta(days=offset) for offset in range(days))
    return [(day, found.get(day, 0)) for day in dates]


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
