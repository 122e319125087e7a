"""The demonstration's messages are what they claim to be, and the same each time."""

from datetime import UTC, datetime

import pytest

from mailflow.accounts.permissions import ADMIN_KEY
from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.worker import configured_checker, run_once
from mailflow.inboxes.changes import InboxFields, create
from mailflow.inboxes.lookup import inbox_of
from mailflow.inboxes.models import Inbox
from mailflow.mail.models import Attachment, Email, Message
from mailflow.processes.demo import sending
from mailflow.processes.demo.messages import messages
from mailflow.tickets.models import HeldMessage, Ticket

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_the_messages_are_the_same_each_time_and_wired_for_smtp() -> None:
    once, again = messages(NOW), messages(NOW)
    assert once == again
    assert len(once) >= 12
    assert all(b"\n" not in mail.content.replace(b"\r\n", b"") for mail in once)


@pytest.mark.django_db(databases="__all__")
def test_every_page_has_something_true_to_show() -> None:
    sending.prepare()
    mails = messages(NOW)
    accept_batch([IncomingMail(m.content, m.sender, m.recipients, "smtp") for m in mails])
    while run_once(configured_checker(), "tester"):
        pass
    assert Email.objects.count() == len(mails) + 1  # one of them came to two of our addresses
    assert not Email.objects.filter(inbox=None).exists()
    classes = set(Message.objects.values_list("message_class", flat=True))
    assert classes == {"ordinary", "bounce", "auto_reply", "list", "calendar"}
    assert Attachment.objects.filter(filename="statement-2026-10.csv", stored=True).exists()
    assert Ticket.objects.filter(timeline__email__message__subject__startswith="Re: Order").exists()
    assert HeldMessage.objects.filter(email__message__from_address__contains="courier").exists()
    assert not Ticket.objects.filter(subject__startswith="Undelivered").exists()


@pytest.mark.django_db
def test_the_demonstration_can_be_prepared_again_and_beside_a_support_inbox() -> None:
    create(InboxFields(name="Support", addresses="help@ours.example"), ADMIN_KEY)
    sending.prepare()
    count = Inbox.objects.count()
    sending.prepare()
    assert Inbox.objects.count() == count
    assert all(inbox_of(one) for mail in messages(NOW) for one in mail.recipients)
