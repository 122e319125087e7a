"""The retention settings are really applied."""

import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.storage import default_storage

from mailflow.history.changes import record
from mailflow.history.models import Event
from mailflow.lib import blobs
from mailflow.mail import retention
from mailflow.mail.models import Attachment, Email, Message, Thread
from mailflow.preferences.changes import save

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def _attachment(content: bytes, age_days: int, **email: Any) -> Attachment:
    """An attachment of a message of its own, whose file is as old as the message."""
    at = NOW - timedelta(days=age_days)
    n = Message.objects.count() + 1
    message = Message.objects.create(
        content_key=str(n),
        raw_sha256=str(n),
        size_bytes=1,
        thread=Thread.objects.create(created_at=at, last_message_at=at),
        received_at=at,
    )
    Email.objects.create(
        id=n, message=message, recipient="a@b.example", received_at=at, processed_at=at, **email
    )
    digest = sha256(content).hexdigest()
    blobs.put(digest, content)
    _age(digest, at)
    return Attachment.objects.create(
        message=message, position=0, filename="a.txt", size_bytes=1, sha256=digest, created_at=at
    )


def _age(digest: str, at: datetime) -> None:
    os.utime(default_storage.path(blobs.name_of(digest)), (at.timestamp(), at.timestamp()))


def _is_there(row: Attachment) -> bool:
    return default_storage.exists(blobs.name_of(row.sha256))


def test_an_old_attachment_goes_and_its_facts_stay() -> None:
    old, young = _attachment(b"old", 91), _attachment(b"young", 89)
    assert retention.apply(NOW).attachments == 1
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.stored, old.filename, _is_there(old)) == (False, "a.txt", False)
    assert (young.stored, _is_there(young)) == (True, True)


def test_the_setting_says_how_old() -> None:
    row = _attachment(b"three days", 3)
    save({"attachment_retention_days": 2}, "Ada")
    retention.apply(NOW)
    assert not _is_there(row)


def test_a_content_that_a_young_message_has_too_stays() -> None:
    _attachment(b"logo", 91)
    young = _attachment(b"logo", 1)
    _age(young.sha256, NOW - timedelta(days=91))
    retention.apply(NOW)
    assert _is_there(young)


def test_a_content_put_a_moment_ago_stays() -> None:
    row = _attachment(b"again", 91)
    _age(row.sha256, NOW - timedelta(minutes=1))
    retention.apply(NOW)
    assert _is_there(row)


def test_what_a_rule_kept_stays() -> None:
    kept = _attachment(b"kept", 91, kept=True)
    flagged = _attachment(b"flagged", 91, flags=["attachments_kept"])
    assert retention.apply(NOW).attachments == 0
    assert _is_there(kept)
    assert _is_there(flagged)


def test_old_events_go_and_the_chain_goes_on_from_the_last_of_them() -> None:
    for days in (40, 31, 29, 1):
        record("signed_in", f"{days}", at=NOW - timedelta(days=days))
    gone = Event.objects.get(summary="31").hash
    assert retention.apply(NOW).events == 2
    left = list(Event.objects.order_by("id"))
    assert [event.summary for event in left[:2]] == ["29", "1"]
    assert left[0].previous_hash == gone
    assert left[-1].kind == "history_pruned"
    assert left[-1].data["last_hash"] == gone


def test_the_last_event_stays_however_old_and_a_second_run_does_nothing() -> None:
    record("signed_in", "only", at=NOW - timedelta(days=400))
    assert retention.apply(NOW) == retention.Removed(0, 0)
    assert Event.objects.count() == 1
