"""New arrivals never take the number of an email that is stored."""

from datetime import UTC, datetime

import pytest

from mailflow.inbound.models import SpoolEntry
from mailflow.inbound.sequence import continue_after_stored_mail
from mailflow.mail.models import Email, Message, RawMessage, Thread

HIGHEST = 1_000_000_041
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def _stored_email(db: None) -> None:
    thread = Thread.objects.create(created_at=NOW, last_message_at=NOW)
    message = Message.objects.create(
        content_key="k", raw_sha256="r", size_bytes=1, thread=thread, received_at=NOW
    )
    Email.objects.create(
        id=HIGHEST, message=message, recipient="a@b.example", received_at=NOW, processed_at=NOW
    )


def arrive() -> int:
    raw, _ = RawMessage.objects.get_or_create(sha256="r", content=b"x", size_bytes=1)
    count = SpoolEntry.objects.count()
    entry = SpoolEntry.objects.create(
        raw=raw, content_key=f"k{count}", recipient="a@b.example", via="smtp",
        run_at=NOW, received_at=NOW,
    )  # fmt: skip
    return int(entry.pk)


@pytest.mark.django_db
@pytest.mark.usefixtures("_stored_email")
def test_a_new_intake_continues_after_what_is_stored() -> None:
    assert continue_after_stored_mail() == HIGHEST
    assert arrive() > HIGHEST


@pytest.mark.django_db
@pytest.mark.usefixtures("_stored_email")
def test_numbers_never_go_back() -> None:
    continue_after_stored_mail()
    first = arrive()
    continue_after_stored_mail()
    assert arrive() == first + 1
