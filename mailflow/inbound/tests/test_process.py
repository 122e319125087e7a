"""From the spool to the database: each message once, wholly, with its ticket and its reasons."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mailflow.accounts.permissions import SYSTEM
from mailflow.contacts.models import Contact
from mailflow.history.models import Event
from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.models import SpoolEntry
from mailflow.inbound.worker import configured_checker, run_once
from mailflow.inboxes import lookup
from mailflow.inboxes.models import Inbox, InboxAddress
from mailflow.lib.claims import State
from mailflow.mail.models import Attachment, Email, Message, Thread
from mailflow.mail.understand import Checker
from mailflow.preferences import changes as preferences
from mailflow.rules.changes import save_rule
from mailflow.rules.models import Effect, Rule
from mailflow.rules.why import why
from mailflow.tickets.models import HeldMessage, Participant, Ticket, TicketMessage

pytestmark = pytest.mark.django_db(databases="__all__")
CY, BO = "cy@customer.example", "bo@elsewhere.example"


@pytest.fixture(autouse=True)
def support() -> Inbox:
    lookup.forget()
    now = timezone.now()
    inbox = Inbox.objects.create(name="Support", created_at=now, updated_at=now)
    InboxAddress.objects.create(inbox=inbox, address="support@demo.example")
    return inbox


@pytest.fixture
def checker() -> Checker:
    return configured_checker()


def raw(
    subject: str = "Help", sender: str = CY, id: str = "1", body: str = "Hi", **more: str
) -> bytes:
    lines = [
        f"From: {sender}", "To: support@demo.example", f"Subject: {subject}",
        f"Message-ID: <{id}@mail.example>", "Date: Mon, 2 Mar 2026 10:00:00 +0000",
        *(f"{name.replace('_', '-')}: {value}" for name, value in more.items()),
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\n" + body + "\r\n").encode()


def arrive(checker: Checker, *mails: bytes, to: str = "support@demo.example") -> list[Email]:
    answers = accept_batch([IncomingMail(m, CY, (to,), "test") for m in mails])
    while run_once(checker, "tester"):
        pass
    return [Email.objects.get(pk=answer[0].id) for answer in answers]


def tickets_for_everything(**action: str) -> Rule:
    return save_rule({"name": "Intake", "actions": [{"type": "create_ticket", **action}]}, SYSTEM)


def test_a_message_is_stored_for_its_inbox_with_contact_and_history(
    checker: Checker, support: Inbox
) -> None:
    [email] = arrive(checker, raw(sender="Cy Young <Cy@customer.example>"))
    assert email.inbox == support
    assert email.message.subject == "Help"
    assert email.message.text.strip() == "Hi"
    contact = Contact.objects.get(addresses__address=CY)
    assert (contact.name, contact.company, contact.email_count) == (
        "Cy Young",
        "customer.example",
        1,
    )
    assert Event.objects.filter(kind="email_processed", email_id=email.pk).count() == 1
    assert SpoolEntry.objects.get(pk=email.pk).state == State.DONE


def test_a_rule_opens_one_ticket_with_the_writer_as_participant(
    checker: Checker,
) -> None:
    tickets_for_everything(priority="high")
    [email] = arrive(checker, raw())
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.priority, ticket.status) == ("Help", "high", "open")
    assert ticket.timeline.get().email == email
    assert ticket.participants.get().address == CY


def test_processing_an_entry_again_changes_nothing(checker: Checker) -> None:
    tickets_for_everything()
    arrive(checker, raw())
    SpoolEntry.objects.update(state=State.READY, attempts=0)
    assert run_once(checker, "another") == 1
    assert (Email.objects.count(), Ticket.objects.count(), Event.objects.filter(
        kind="email_processed").count()) == (1, 1, 1)  # fmt: skip


def test_an_answer_joins_the_ticket_and_reopens_it(checker: Checker) -> None:
    tickets_for_everything()
    arrive(checker, raw())
    Ticket.objects.update(status="closed", closed_at=timezone.now())
    [answer] = arrive(checker, raw("Re: Help", id="2", body="More", In_Reply_To="<1@mail.example>"))
    ticket = Ticket.objects.get()
    assert [entry.email_id for entry in ticket.timeline.order_by("id")][1] == answer.pk
    assert (ticket.status, ticket.closed_at) == ("open", None)


def test_an_answer_in_the_same_batch_joins_too(checker: Checker) -> None:
    tickets_for_everything()
    arrive(checker, raw(), raw("Re: Help", id="2", In_Reply_To="<1@mail.example>"))
    assert Ticket.objects.get().timeline.count() == 2


def test_a_stranger_with_the_right_headers_is_held(checker: Checker) -> None:
    tickets_for_everything()
    arrive(checker, raw())
    [email] = arrive(checker, raw("Re: Help", BO, "2", In_Reply_To="<1@mail.example>"))
    assert Ticket.objects.get().timeline.count() == 1
    assert HeldMessage.objects.get().email == email
    assert not Participant.objects.filter(address=BO).exists()


def test_a_reply_by_subject_joins_only_within_the_window(checker: Checker) -> None:
    tickets_for_everything()
    arrive(checker, raw())
    arrive(checker, raw("Re: Help", id="2"))
    assert Ticket.objects.get().timeline.count() == 2
    Message.objects.update(received_at=timezone.now() - timedelta(days=100))
    arrive(checker, raw("Re: Help", id="3"))
    assert Ticket.objects.count() == 2


def test_two_recipients_are_two_emails_of_one_message(checker: Checker, support: Inbox) -> None:
    sales = Inbox.objects.create(
        name="Sales", created_at=support.created_at, updated_at=support.created_at
    )
    InboxAddress.objects.create(inbox=sales, address="sales@demo.example")
    tickets_for_everything()
    accept_batch([IncomingMail(raw(), CY, ("support@demo.example", "sales@demo.example"), "test")])
    while run_once(checker, "tester"):
        pass
    assert Message.objects.count() == 1
    assert {email.inbox for email in Email.objects.all()} == {support, sales}
    assert {ticket.inbox for ticket in Ticket.objects.all()} == {support, sales}


def test_bounces_and_automatic_replies_open_no_ticket(checker: Checker) -> None:
    tickets_for_everything()
    [email] = arrive(checker, raw("Out of office", Auto_Submitted="auto-replied"))
    assert email.message.message_class == "auto_reply"
    assert not Ticket.objects.exists() and not Contact.objects.exists()
    assert Effect.objects.get().status == "skipped"


def test_what_leaves_the_machine_is_skipped_and_says_so(checker: Checker) -> None:
    save_rule(
        {"name": "Hook", "actions": [{"type": "webhook", "url": "https://example.com/x"}]}, SYSTEM
    )
    arrive(checker, raw())
    effect = Effect.objects.get()
    assert effect.status == "skipped" and "cannot send" in effect.detail


def test_actions_really_change_the_email(checker: Checker, support: Inbox) -> None:
    billing = Inbox.objects.create(
        name="Billing", created_at=support.created_at, updated_at=support.created_at
    )
    save_rule(
        {
            "name": "Bills",
            "conditions": [{"type": "subject_contains", "value": "invoice"}],
            "actions": [
                {"type": "move_to_inbox", "inbox": "Billing"},
                {"type": "tag_email", "tags": ["money"]},
                {"type": "update_contact", "company": "Customer Ltd"},
                {"type": "save"},
            ],
        },
        SYSTEM,
    )
    [email] = arrive(checker, raw("Your invoice"))
    assert (email.inbox, email.tags, email.kept) == (billing, ["money"], True)
    assert Contact.objects.get().company == "Customer Ltd"
    assert Rule.objects.get().match_count == 1


def test_an_action_that_cannot_be_done_says_so_and_the_rest_is_done(
    checker: Checker,
) -> None:
    save_rule(
        {
            "name": "Wrong",
            "actions": [
                {"type": "move_to_inbox", "inbox": "Nowhere"},
                {"type": "assign_user", "user": "nobody@demo.example"},
                {"type": "tag_email", "tags": ["seen"]},
            ],
        },
        SYSTEM,
    )
    [email] = arrive(checker, raw())
    assert [e.status for e in email.effects.order_by("id")] == ["failed", "failed", "success"]
    assert email.tags == ["seen"]


def test_why_shows_every_rule_with_the_value_seen(checker: Checker) -> None:
    save_rule(
        {"name": "No", "conditions": [{"type": "subject_contains", "value": "zebra"}]}, SYSTEM
    )
    tickets_for_everything()
    [email] = arrive(checker, raw())
    explained = why(email)
    assert explained.exact and explained.trace is not None
    assert [r.outcome for r in explained.trace.rules] == ["not_matched", "matched"]
    assert explained.trace.rules[0].conditions.children[0].seen == ("Help",)


def test_the_why_of_an_email_is_that_of_its_time(checker: Checker) -> None:
    rule = tickets_for_everything()
    [email] = arrive(checker, raw())
    save_rule(
        {"name": "Changed", "conditions": [{"type": "subject_contains", "value": "never"}]},
        SYSTEM,
        rule,
    )
    explained = why(email)
    assert explained.trace.rules[0].outcome == "matched" and explained.exact


def test_a_reused_message_id_hides_nothing(checker: Checker) -> None:
    arrive(checker, raw())
    [other] = arrive(checker, raw(body="Another text"))
    assert Message.objects.count() == 2
    assert "message_id_reused" in other.message.flags


def test_an_attachment_over_the_limit_stays_as_a_fact(checker: Checker) -> None:
    preferences.save({"max_attachment_bytes": 1024}, SYSTEM.name)
    body = "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; " \
        "filename=big.bin\r\n\r\n" + "x" * 2000 + "\r\n--b--"  # fmt: skip
    arrive(
        checker,
        raw(body=body, MIME_Version="1.0", Content_Type="multipart/mixed; boundary=b"),
    )
    attachment = Attachment.objects.get()
    assert (attachment.filename, attachment.stored) == ("big.bin", False)
    assert attachment.size_bytes >= 2000 and len(attachment.sha256) == 64


def test_one_bad_message_does_not_keep_its_batch(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database itself refuses one row; the others are stored, it waits for a person."""
    answers = accept_batch(
        [IncomingMail(raw(id=str(n)), CY, ("support@demo.example",), "test") for n in range(5)]
    )
    bad = answers[2][0].id
    thread = Thread.objects.create(created_at=timezone.now(), last_message_at=timezone.now())
    other = Message.objects.create(
        content_key="other", raw_sha256="x", size_bytes=1, thread=thread, received_at=timezone.now()
    )
    Email.objects.create(
        id=bad, message=other, recipient="x", received_at=timezone.now(),
        processed_at=timezone.now(),
    )  # fmt: skip
    for _ in range(10):
        SpoolEntry.objects.filter(state=State.READY).update(run_at=timezone.now())
        run_once(checker, "tester")
    assert SpoolEntry.objects.get(pk=bad).state == State.STUCK
    assert SpoolEntry.objects.filter(state=State.DONE).count() == 4
    assert Event.objects.filter(kind="email_failed", email_id=bad).count() == 1


def test_an_import_without_rules_runs_none(checker: Checker) -> None:
    tickets_for_everything()
    accept_batch([IncomingMail(raw(), CY, ("support@demo.example",), "file", run_rules=False)])
    run_once(checker, "tester")
    assert not Ticket.objects.exists()
    assert why(Email.objects.get()).reason == "imported without rules"


def test_a_second_answer_puts_nobody_twice_on_the_timeline(checker: Checker) -> None:
    tickets_for_everything()
    arrive(checker, raw())
    arrive(checker, raw("Re: Help", id="2", In_Reply_To="<1@mail.example>"))
    assert TicketMessage.objects.count() == 2 and Participant.objects.count() == 1
