"""Each message has one kind: by its reports and headers first, by words only of machines."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.lib.tests.effort import cpu_seconds_under
from mailflow.mail.classify import Kind, classify
from mailflow.mail.parse import parse
from tests import needs

SYSTEM = "From: MAILER-DAEMON@mx.example\nReturn-Path: <>\n"
PERSON = "From: Cy <cy@customer.example>\nTo: support@ours.example\n"
RESPONDER = "From: Cy <cy@customer.example>\nReturn-Path: <>\n"


def kind_of(message: str, envelope_from: str = "cy@customer.example") -> Kind:
    return classify(parse(message.encode()), envelope_from).kind


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("bounce", SYSTEM + "Subject: failure notice\n\nHi."),
        ("bounce", SYSTEM + "Subject: whatever\n\nSorry, no mailbox here by that name."),
        ("bounce", "From: postmaster@mx.example\nSubject: Undeliverable: x\n\n"),
        ("bounce", "From: a@mx.example\nX-Failed-Recipients: b@c.example\nSubject: x\n\n"),
        ("bounce", RESPONDER + "Subject: Недоставленное сообщение\n\n"),
        ("bounce", RESPONDER + "Subject: تعذر التسليم: عرض\n\n"),
        ("ordinary", "From: postmaster@mx.example\nSubject: Our new server\n\nHello all."),
        ("ordinary", PERSON + "Subject: Undeliverable: your parcel\n\nIt could not be delivered."),
        ("ordinary", PERSON + "Subject: Fwd: Returned mail: x\n\nWhat is this?\n\n> 550 5.1.1 no"),
        ("ordinary", PERSON + "Subject: Re: Automatic reply: x\n\nSo when are you back?"),
        ("ordinary", PERSON + "Subject: Out of office next week\n\nHi.\n> out of office"),
        ("ordinary", PERSON + "Auto-Submitted: no\nSubject: Hello\n\nHello"),
        ("auto_reply", PERSON + "Auto-Submitted: auto-replied (vacation)\nSubject: Re: x\n\n"),
        ("auto_reply", PERSON + "Auto-Submitted: auto-generated; owner-email=x\n\n"),
        ("auto_reply", PERSON + "Subject: Automatic reply: x\n\nI am away."),
        ("auto_reply", PERSON + "Subject: رد تلقائي: طلب\n\n"),
        ("auto_reply", PERSON + "Subject: پاسخ خودکار: درخواست\n\n"),
        ("auto_reply", PERSON + "X-Auto-Response-Suppress: All\nSubject: در مرخصی\n\n"),
        ("ordinary", PERSON + "X-Auto-Response-Suppress: All\nSubject: Your invoice\n\nHello."),
        ("auto_reply", RESPONDER + "Subject: Re: x\n\nI am on vacation until May."),
        ("auto_reply", PERSON + "X-Autoreply: yes\nSubject: x\n\n"),
        ("ordinary", PERSON + "X-Autoreply: no\nSubject: x\n\n"),
        ("auto_reply", PERSON + "Precedence: auto_reply\nSubject: x\n\n"),
        ("auto_reply", PERSON + "Precedence: bulk\nSubject: x\n\n"),
        ("list", PERSON + "Precedence: bulk\nList-Id: <dev.lists.example>\nSubject: x\n\n"),
        ("list", PERSON + "List-Unsubscribe: <mailto:u@n.example>\nSubject: News\n\n"),
        ("list", PERSON + "Precedence: list\nSubject: x\n\n"),
        ("list", PERSON + "Auto-Submitted: auto-generated\nList-Id: <a.example>\n\n"),
        ("auto_reply", PERSON + "Auto-Submitted: auto-replied\nList-Id: <a.example>\n\n"),
        ("ordinary", PERSON + "X-MLServer: fml 4.0\nSubject: x\n\nReturned mail, I said."),
        (
            "ordinary",
            "From: noreply@parcels.example\nSubject: Delivery failed\n\n"
            "Your parcel 550 could not be delivered to this address.",
        ),
        (
            "ordinary",
            "From: postmaster@mx.example\nSubject: Question\n\nYour server says "
            "550 5.7.1 when we write to you. Our messages are not delivered. Why?",
        ),
        (
            "auto_reply",
            "From: noreply@parcels.example\nAuto-Submitted: auto-generated\n"
            "Subject: Delivery failure\n\nYour parcel could not be delivered.",
        ),
        ("complaint", "From: cy@me.example\nX-Apple-Unsubscribe: true\nSubject: unsubscribe\n\n"),
        ("ordinary", "\n"),
    ],
)
def test_headers_and_words_decide(kind: Kind, message: str) -> None:
    assert kind_of(message) == kind


@pytest.mark.parametrize(
    "message",
    [
        # MailMarshal, GroupWise, hMailServer, CommuniGate, MDaemon, Smail, MMDF
        "From: postmaster@mx.example\nSubject: Undeliverable Mail: x\n\nYour message:\n",
        "From: postmaster@mx.example\nSubject: Message status - undeliverable\n\n",
        "From: mailer-daemon@mx.example\nSubject: Message undeliverable: x\n\n",
        "From: MAILER-DAEMON@mx.example\nSubject: Undeliverable mail: x\n\nFailed to deliver",
        "From: MDaemon@mx.example\nSubject: Permanent Delivery Failure\n\n",
        "From: <MAILER-DAEMON>\nSubject: mail failed, returning to sender\n\n",
        "From: Memo Service <mmdf@mx.example>\nSubject: Failed mail (msg.a1)\n\n",
        # Words we have no subject for, in a system's frame.
        "From: x@mx.example\nReturn-Path: <>\nSubject: ??\n\nYour message\nwas not delivered to:",
        "From: <>\nSubject: ??\n\n<a@b.example>: 550 5.1.1 User unknown",
        "From: post.master@mx.example\nSubject: Re: Hi\n\n550 no such user here\nMAIL FROM: a@b",
        "From: Mail Delivery System <mds@mx.example>\nSubject: Hi\n\n",
        'From: "Mail Administrator" <postmaster@mx.example>\nSubject: Mail System Error - Re\n\n',
    ],
)
def test_the_habits_of_mail_systems_are_known(message: str) -> None:
    assert kind_of(message) == "bounce"


def test_a_notice_of_delay_says_so() -> None:
    report = (
        "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n"
        "Final-Recipient: rfc822; x@y.example\nAction: delayed\nStatus: 4.4.1\n\n--b--\n"
    )
    assert "delayed" in classify(parse(report.encode()), "").reason


@pytest.mark.parametrize(
    ("report_type", "kind"),
    [
        ("delivery-status", "bounce"),
        ("feedback-report", "complaint"),
        ("disposition-notification", "auto_reply"),
    ],
)
def test_reports_say_what_they_are(report_type: str, kind: Kind) -> None:
    head = PERSON + "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/report;"
    body = "\n\n--b\n\nSee below.\n--b\nContent-Type: message/{}\n\nA: b\n--b--\n"
    named = f"{head} report-type={report_type}; boundary=b" + body.format("x-unknown")
    unnamed = f"{head} boundary=b" + body.format(report_type)
    assert (kind_of(named), kind_of(unnamed)) == (kind, kind)


CALENDAR = (
    "MIME-Version: 1.0\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\n\n"
    "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nDTSTART:20260101T100000Z\n"
    "SUMMARY:Call\nEND:VEVENT\nEND:VCALENDAR\n"
)


def test_an_invitation_is_calendar_also_when_the_calendar_announces_itself() -> None:
    assert kind_of(PERSON + CALENDAR) == "calendar"
    assert kind_of(PERSON + "Auto-Submitted: auto-generated\n" + CALENDAR) == "calendar"
    assert kind_of(PERSON + "List-Id: <a.example>\n" + CALENDAR) == "list"


def test_every_real_report_is_classified_and_no_other_mail_is_a_bounce() -> None:
    corpus = needs.corpus()
    seen: dict[str, Counter[str]] = {}
    wrong = []
    for path in sorted(corpus.glob("*/*.eml")):
        for envelope_from in ("", "someone@sender.example"):
            found = classify(parse(path.read_bytes()), envelope_from)
            seen.setdefault(path.parent.name, Counter())[found.kind] += 1
            if found.kind != _expected(path):
                wrong.append((path.name, envelope_from, found))
    for folder, kinds in seen.items():
        print(folder, {kind: count // 2 for kind, count in sorted(kinds.items())})  # noqa: T201
    assert wrong == []


def _expected(path: Path) -> Kind:
    special: dict[str, Kind] = {
        # Amazon tells of a complaint in a notification of its own.
        "lhost-amazonses-11": "complaint",
        # A delivery report among the messages with broken parts.
        "mail-mime_emails-raw_email_with_mimepart_without_content_type": "bounce",
    }
    if path.stem in special:
        return special[path.stem]
    if path.parent.name != "bounces":
        return "ordinary"
    if path.name.startswith("arf-"):
        return "complaint"
    return "auto_reply" if path.name.startswith("rfc3834-") else "bounce"


@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from(["", "a@b.example"]))
def test_nothing_makes_it_raise(headers: str, body: str, envelope_from: str) -> None:
    message = parse(f"From: {headers}\nSubject: {headers}\n{headers}\n\n{body}".encode())
    assert classify(message, envelope_from).reason


@pytest.mark.parametrize(
    ("sender", "subject", "body"),
    [
        ("ada@x.org", "Re: Undelivered Mail Returned to Sender", "I got this, what does it mean?"),
        ("ada@x.org", "Delivery failed", "The parcel could not be delivered. Where is it?"),
        ("noreply@shop.example", "Your parcel", "Your parcel could not be delivered."),
        ("postmaster@x.org", "A question", "How many addresses may we have?"),
        ("ada@x.org", "Mailbox full", "My mailbox is full, can you raise the quota?"),
        ("support@x.org", "System error", "Your system says: 500 error in the shop."),
    ],
)
def test_people_who_write_of_failures_are_people(sender: str, subject: str, body: str) -> None:
    assert kind_of(f"From: Someone <{sender}>\nSubject: {subject}\n\n{body}", sender) == "ordinary"


@pytest.mark.parametrize("piece", ["user ", "delivery ", "mail message ", "550 ", "said ", "x" * 9])
@pytest.mark.timed
def test_hostile_text_costs_linear_time(piece: str) -> None:
    with cpu_seconds_under(5):
        kind_of(f"From: mailer-daemon@x\nSubject: {piece * 5000}\n\n{piece * 100_000}", "")
