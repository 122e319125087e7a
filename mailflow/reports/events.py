"""Which events of the history an actor may see, and finding some of them."""

from django.db.models import Q, QuerySet

from mailflow.accounts.permissions import Actor
from mailflow.history.models import Event


def events_of_mail(actor: Actor) -> QuerySet[Event]:
    """What happened to mail that the actor may see; what is about no inbox, only who sees all."""
    events = Event.objects.filter(audit=False)
    if not actor.may("read"):
        return events.none()
    return events if actor.inbox_ids is None else events.filter(inbox_id__in=actor.inbox_ids)


def events_of_people(actor: Actor) -> QuerySet[Event]:
    """What people and keys did: for administrators."""
    events = Event.objects.filter(audit=True)
    return events if actor.may("administer") else events.none()


def search(events: QuerySet[Event], status: str = "", keyword: str = "") -> QuerySet[Event]:
    """Those of one status, with a word in their summary, kind or actor."""
    if status:
        events = events.filter(status=status[:8])
    if keyword := keyword.replace("\0", "")[:100]:
        found = Q(summary__icontains=keyword) | Q(kind__icontains=keyword)
        events = events.filter(found | Q(actor__icontains=keyword))
    return events
