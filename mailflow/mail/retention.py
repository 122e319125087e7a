"""Applying the settings `log_retention_days` and `attachment_retention_days`."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import transaction

from mailflow.history import pruning
from mailflow.history.changes import record
from mailflow.lib import blobs
from mailflow.mail.models import Attachment, Email
from mailflow.preferences.values import current

log = logging.getLogger(__name__)

# A content put so lately may belong to a message that is being stored at this moment.
_JUST_PUT = timedelta(hours=1)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Removed:
    """How much went: rows of the history, and attachments whose content is kept no more."""

    events: int
    attachments: int


def apply(now: datetime) -> Removed:
    """Removes what is older than the settings allow. Safe to repeat and to stop at any moment."""
    preferences = current()
    return Removed(
        events=pruning.prune(now - timedelta(days=preferences.log_retention_days)),
        attachments=prune_attachments(
            now - timedelta(days=preferences.attachment_retention_days), now
        ),
    )


def prune_attachments(before: datetime, now: datetime) -> int:
    """Removes the content of attachments that came before `before`; name, type, size and digest
    stay, and the raw message too. A message that a rule kept is left alone.

    The row is marked first and the content removed after: a crash between leaves a file too many,
    never a row that promises a file that is gone.
    """
    removed, after = 0, 0
    while rows := list(
        Attachment.objects.filter(stored=True, created_at__lt=before, id__gt=after)
        .order_by("id")
        .values_list("id", "message_id", "sha256")[:_AT_ONCE]
    ):
        after = rows[-1][0]
        kept = _kept({message_id for _id, message_id, _sha256 in rows})
        going = [row for row in rows if row[1] not in kept]
        with transaction.atomic():
            removed += Attachment.objects.filter(id__in=[row[0] for row in going]).update(
                stored=False
            )
        _remove_unused({sha256 for _id, _message_id, sha256 in going}, now)
    if removed:
        record(
            "retention_applied",
            f"The content of {removed} attachments before {before:%Y-%m-%d} removed",
            data={"attachments": removed, "before": before.isoformat()},
        )
    return removed


def _kept(message_ids: Iterable[int]) -> set[int]:
    """Of these messages, those that a rule's `save` or `store_attachment` keeps."""
    emails = Email.objects.filter(message_id__in=message_ids)
    return {
        message_id
        for message_id, kept, flags in emails.values_list("message_id", "kept", "flags")
        if kept or "attachments_kept" in flags
    }


def _remove_unused(digests: set[str], now: datetime) -> None:
    """Removes contents that no attachment needs any more."""
    needed = Attachment.objects.filter(sha256__in=digests, stored=True)
    for sha256 in digests - set(needed.values_list("sha256", flat=True)):
        with suppress(FileNotFoundError):
            if now - default_storage.get_modified_time(blobs.name_of(sha256)) > _JUST_PUT:
                blobs.remove(sha256)
