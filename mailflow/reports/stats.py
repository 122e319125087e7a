"""The figures of the dashboard, for what an actor may see."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from mailflow.accounts.permissions import Actor
from mailflow.mail.models import Attachment, Email
from mailflow.rules.models import Effect, Rule
from mailflow.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts; `storage_bytes` is what stored attachments take together."""

    total_processed: int
    emails_today: int
    emails_this_week: int
    open_tickets: int
    active_rules: int
    active_workflows: int
    storage_bytes: int
    failed_actions: int

    def as_json(self) -> dict[str, int]:
        """Under the names that the original API gives them."""
        names = (
            "totalProcessed", "emailsToday", "emailsThisWeek", "openTickets",
            "activeRules", "activeWorkflows", "storageUsage", "failedActions",
        )  # fmt: skip
        return dict(zip(names, asdict(self).values(), strict=True))


def stats(actor: Actor, now: datetime) -> Stats:
    """Counts as of `now`; days begin at midnight of its time zone, weeks on Monday."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    week = today - timedelta(days=today.weekday())
    emails = Email.objects.visible_to(actor)
    recent = emails.filter(received_at__gte=week).aggregate(
        week=Count("id"), today=Count("id", filter=Q(received_at__gte=today))
    )
    stored = Attachment.objects.filter(stored=True)
    failed = Effect.objects.filter(status=Effect.Status.FAILED)
    if actor.inbox_ids is not None:
        stored = stored.filter(message__emails__in=emails).distinct()
        failed = failed.filter(email__in=emails)
    return Stats(
        total_processed=emails.count(),
        emails_today=recent["today"],
        emails_this_week=recent["week"],
        open_tickets=Ticket.objects.visible_to(actor).open().count(),
        active_rules=Rule.objects.visible_to(actor).filter(active=True).count(),
        active_workflows=0,  # workflows come with a later issue
        storage_bytes=stored.aggregate(total=Coalesce(Sum("size_bytes"), 0))["total"],
        failed_actions=failed.count(),
    )
