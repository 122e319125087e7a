"""Who may join a conversation, from the bytes and the DNS to the ticket."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.utils import timezone

from mailflow.accounts.permissions import SYSTEM
from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.worker import run_once
from mailflow.inboxes import lookup
from mailflow.inboxes.models import Inbox, InboxAddress
from mailflow.mail.authenticity import Trust
from mailflow.mail.models import Email
from mailflow.mail.reply_token import make_address
from mailflow.mail.tests.dns_table import TableResolver
from mailflow.mail.understand import Checker
from mailflow.rules.changes import save_rule
from mailflow.tickets.models import HeldMessage, Ticket, TicketMessage

pytestmark = pytest.mark.django_db
HONEST, FORGER = "203.0.113.9", "192.0.2.1"
ZONE = {
    ("customer.example", "TXT"): [f"v=spf1 ip4:{HONEST} -all"],
    ("_dmarc.customer.example", "TXT"): ["v=DMARC1; p=reject"],
    ("elsewhere.example", "TXT"): ["v=spf1 +all"],
}
FIRST = IncomingMail(
    raw=b"From: cy@customer.example\r\nMessage-ID: <1@c.example>\r\nSubject: Help\r\n\r\nHi\r\n",
    envelope_from="cy@customer.example",
    recipients=("support@demo.example",),
    via="smtp",
    client_address=HONEST,
    helo="mx.customer.example",
)
ANSWER = replace(
    FIRST,
    raw=b"From: cy@customer.example\r\nMessage-ID: <2@c.example>\r\nReferences: <1@c.example>\r\n"
    b"Subject: Re: Help\r\n\r\nMore\r\n",
)


@pytest.fixture
def ticket(db) -> Ticket:
    lookup.forget()
    now = timezone.now()
    inbox = Inbox.objects.create(name="Support", created_at=now, updated_at=now)
    InboxAddress.objects.create(inbox=inbox, address="support@demo.example")
    save_rule({"name": "Intake", "actions": [{"type": "create_ticket"}]}, SYSTEM)
    arrive(FIRST)
    return Ticket.objects.get()


def arrive(mail: IncomingMail) -> Email:
    kept = accept_batch([mail])[0][0]
    while run_once(Checker(Trust(), TableResolver(ZONE)), "tester"):
        pass
    return Email.objects.get(pk=kept.id)


def on_timeline(ticket: Ticket) -> list[int]:
    return list(TicketMessage.objects.filter(ticket=ticket).values_list("email_id", flat=True))


def test_a_proven_participant_joins(ticket):
    email = arrive(ANSWER)
    assert email.message.authentication["verified_domain"] == "customer.example"
    assert email.pk in on_timeline(ticket)


def test_a_forged_participant_is_held(ticket):
    email = arrive(replace(ANSWER, client_address=FORGER))
    assert email.message.authentication["dmarc"] == "fail"
    assert email.pk not in on_timeline(ticket)
    assert "DMARC" in HeldMessage.objects.get(email=email).reason


def test_a_forged_participant_is_held_even_with_the_tickets_own_address(ticket):
    key = settings.KEYS.derive("reply address")
    to = make_address(ticket.pk, key, "demo.example", local="support")
    email = arrive(replace(ANSWER, client_address=FORGER, recipients=(to,)))
    assert email.pk not in on_timeline(ticket)


def test_a_stranger_with_the_tickets_own_address_joins(ticket):
    key = settings.KEYS.derive("reply address")
    to = make_address(ticket.pk, key, "demo.example", local="support")
    raw = b"From: eve@elsewhere.example\r\nMessage-ID: <3@e.example>\r\nSubject: x\r\n\r\nHi\r\n"
    mail = replace(ANSWER, raw=raw, envelope_from="eve@elsewhere.example", recipients=(to,))
    assert arrive(mail).pk in on_timeline(ticket)


def test_a_forged_address_of_the_ticket_is_worth_nothing(ticket):
    to = make_address(ticket.pk, b"x" * 32, "demo.example", local="support")
    raw = b"From: eve@elsewhere.example\r\nMessage-ID: <3@e.example>\r\nSubject: x\r\n\r\nHi\r\n"
    mail = replace(ANSWER, raw=raw, envelope_from="eve@elsewhere.example", recipients=(to,))
    email = arrive(mail)
    assert email.pk not in on_timeline(ticket)
    assert Ticket.objects.count() == 2
