"""Removing old events. The chain stays whole: what is left begins where the removed part ended."""

from datetime import datetime

from django.db import transaction

from mailflow.history.changes import record
from mailflow.history.models import Event

_AT_ONCE = 5_000


def prune(before: datetime) -> int:
    """Removes every event older than `before`, oldest first, and returns how many.

    Only a beginning of the chain goes, never a link in its middle, and never its last event.
    """
    boundary = _first_kept(before)
    removed, last_hash = 0, ""
    while first := Event.objects.filter(id__lt=boundary).order_by("id").first():
        end = min(boundary, first.pk + _AT_ONCE)
        with transaction.atomic():
            going = Event.objects.filter(id__lt=end)
            last_hash = going.order_by("-id").values_list("hash", flat=True).first() or last_hash
            removed += going.delete()[0]
    if removed:
        record(
            "history_pruned",
            f"{removed} events before {before:%Y-%m-%d} removed",
            data={"removed": removed, "before": before.isoformat(), "last_hash": last_hash},
        )
    return removed


def _first_kept(before: datetime) -> int:
    kept = Event.objects.filter(at__gte=before).order_by("id").values_list("id", flat=True).first()
    if kept is None:
        kept = Event.objects.order_by("-id").values_list("id", flat=True).first()
    return kept or 0
