"""The kind of each message: real reports of seventy mail systems, and mail that is none."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.mail.classify import classify
from mailflow.mail.parse import parse
from mailflow.mail.tests.corpus import read, real_messages

# Complaints that Amazon reports as JSON, among the reports of failure.
COMPLAINTS = ("lhost-amazonses-11.eml",)
# A delivery report among the messages of the MIME collection.
REPORTS = ("mail-mime_emails-raw_email_with_mimepart_without_content_type.eml",)


def _kind(raw: bytes, envelope_from: str = "") -> str:
    return classify(parse(raw), envelope_from).kind


@pytest.mark.parametrize("path", real_messages("bounces"))
@pytest.mark.parametrize("envelope_from", ["", "someone@example.org"])
def test_every_real_report_is_classified(path: Path, envelope_from: str) -> None:
    expected = "bounce"
    if path.name.startswith("arf-") or path.name in COMPLAINTS:
        expected = "complaint"
    elif path.name.startswith("rfc3834-"):
        expected = "auto_reply"
    assert _kind(read(path), envelope_from) == expected


@pytest.mark.parametrize("path", real_messages("mime", "replies"))
def test_no_real_mail_of_people_is_taken_for_a_report(path: Path) -> None:
    expected = "bounce" if path.name in REPORTS else "ordinary"
    assert _kind(read(path), "someone@example.org") == expected


def test_the_classes_of_the_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints how many messages of each class the corpus holds."""
    paths = [one.values[0] for one in real_messages("bounces", "mime", "replies")]
    kinds = Counter((path.parent.name, _kind(read(path), "a@example.org")) for path in paths)
    table = [f"  {folder:<8} {kind:<10} {n:>4}" for (folder, kind), n in sorted(kinds.items())]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(table) + "\n")
    assert kinds["bounces", "ordinary"] == 0


def _mail(*headers: str, body: str = "Hello") -> bytes:
    return ("\r\n".join(headers) + "\r\n\r\n" + body).encode()


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["Auto-Submitted: auto-replied; owner-email=a@x"], "auto_reply"),
        (["Auto-Submitted: no"], "ordinary"),
        (["Auto-Submitted: auto-generated"], "ordinary"),  # an alarm is to be seen to
        (["Auto-Submitted: auto-generated", "Subject: Out of office"], "auto_reply"),
        (["X-Autoreply: yes"], "auto_reply"),
        (["Precedence: auto_reply"], "auto_reply"),
        (["Subject: Automatic reply: Hi"], "auto_reply"),
        (["Subject: Automatische Antwort: Hi"], "auto_reply"),
        (["Subject: =?utf-8?b?2LHYryDYqtmE2YLYp9im2Yo6IA==?="], "auto_reply"),
        (["Subject: Out of office: Hi"], "auto_reply"),
        (["Subject: Out of office next week"], "ordinary"),
        (["Subject: Automatic doors are broken"], "ordinary"),
        (["Content-Type: multipart/report; report-type=disposition-notification"], "auto_reply"),
        (["Content-Type: multipart/report; report-type=delivery-status"], "bounce"),
        (["Content-Type: multipart/report; report-type=feedback-report"], "complaint"),
        (["List-Id: <a.example.org>"], "list"),
        (["List-Unsubscribe: <mailto:a@x>"], "list"),
        (["Precedence: bulk"], "list"),
        (["Subject: Hi"], "ordinary"),
    ],
)
def test_headers_tell_the_kind(headers: list[str], kind: str) -> None:
    assert _kind(_mail("From: Ada <ada@x.org>", *headers), "ada@x.org") == kind


@pytest.mark.parametrize(
    ("sender", "subject", "body"),
    [
        ("ada@x.org", "Re: Undelivered Mail Returned to Sender", "I got this, what does it mean?"),
        ("ada@x.org", "Delivery failed", "The parcel could not be delivered. Where is it?"),
        ("noreply@shop.example", "Delivery notification", "Your parcel could not be delivered."),
        ("ada@x.org", "Fwd: Returned mail", "Please help me with the message below, I cannot\n"
         "write to Bo any more.\n> From: MAILER-DAEMON@x.org\n> User unknown"),
        ("postmaster@x.org", "A question", "How many addresses may we have?"),
        ("ada@x.org", "Mailbox full", "My mailbox is full, can you raise the quota?"),
        ("support@x.org", "System error", "Your system says: 500 error in the shop."),
    ],
)  # fmt: skip
def test_people_who_write_of_failures_are_people(sender: str, subject: str, body: str) -> None:
    raw = _mail(f"From: Someone <{sender}>", f"Subject: {subject}", body=body)
    assert _kind(raw, sender) == "ordinary"


INVITE = "BEGIN:VCALENDAR\nMETHOD:%s\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.mark.parametrize(
    ("method", "kind"), [("REQUEST", "calendar"), ("CANCEL", "calendar"), ("PUBLISH", "ordinary")]
)
def test_an_invitation_is_calendar_mail(method: str, kind: str) -> None:
    raw = _mail("From: a@x.org", "Content-Type: text/calendar", body=INVITE % method)
    assert _kind(raw, "a@x.org") == kind


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_message_has_a_kind(raw: bytes, envelope_from: str) -> None:
    found = classify(parse(raw), envelope_from)
    assert found.kind and found.reason


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", ["user ", "delivery ", "mail message ", "550 ", "said ", "x" * 9])
def test_hostile_text_costs_linear_time(piece: str) -> None:
    raw = _mail("From: mailer-daemon@x", "Subject: " + piece * 5000, body=piece * 100_000)
    _kind(raw)
