"""Keeping mail: committed before told, each message once for each recipient."""

import pytest

from mailflow.history.models import Event
from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.models import SpoolEntry
from mailflow.mail.models import RawMessage

pytestmark = pytest.mark.django_db(databases="__all__")

MAIL = b"Message-ID: <a@example.com>\r\nSubject: hello\r\n\r\nBody\r\n"


def mail(raw: bytes = MAIL, *recipients: str) -> IncomingMail:
    return IncomingMail(raw, "cy@example.net", recipients or ("support@example.com",), "smtp")


def test_a_message_is_kept_with_its_envelope() -> None:
    [[accepted]] = accept_batch([mail()])
    entry = SpoolEntry.objects.get(pk=accepted.id)
    assert not accepted.duplicate
    assert bytes(entry.raw.content) == MAIL
    assert (entry.envelope_from, entry.recipient) == ("cy@example.net", "support@example.com")


def test_the_same_message_to_the_same_recipient_is_a_duplicate_of_the_first() -> None:
    [[first]] = accept_batch([mail()])
    [[again]] = accept_batch([mail()])
    assert again.duplicate and again.id == first.id
    assert SpoolEntry.objects.count() == 1
    assert Event.objects.get(kind="duplicate_email").email_id == first.id


def test_fifty_copies_in_one_batch_are_one_message() -> None:
    answers = accept_batch([mail()] * 50)
    assert [answer[0].duplicate for answer in answers] == [False] + [True] * 49
    assert len({answer[0].id for answer in answers}) == 1


def test_case_of_the_recipient_makes_no_second_message() -> None:
    [[first]] = accept_batch([mail()])
    [[again]] = accept_batch([mail(MAIL, "Support@Example.com")])
    assert again.duplicate and again.id == first.id


def test_each_recipient_has_its_own_entry_of_one_stored_message() -> None:
    [answers] = accept_batch([mail(MAIL, "support@example.com", "sales@example.com")])
    assert [a.duplicate for a in answers] == [False, False]
    assert RawMessage.objects.count() == 1


def test_other_content_under_the_same_message_id_is_kept() -> None:
    accept_batch([mail()])
    [[other]] = accept_batch([mail(MAIL + b"More\r\n")])
    assert not other.duplicate
    assert RawMessage.objects.count() == 2


def test_another_way_to_us_makes_no_second_message() -> None:
    accept_batch([mail()])
    [[again]] = accept_batch([mail(b"Received: from relay\r\n\tby mx; now\r\n" + MAIL)])
    assert again.duplicate
    assert RawMessage.objects.count() == 1


def test_two_equal_messages_without_identity_are_two_messages() -> None:
    raw = b"Subject: Door opened\r\n\r\n\r\n"
    [[first]], [[second]] = accept_batch([mail(raw)]), accept_batch([mail(raw)])
    assert not second.duplicate and second.id != first.id
