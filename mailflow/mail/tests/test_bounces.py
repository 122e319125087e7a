"""Reports say of whom, what happened, and to which message: by fields, and by words alone."""

import email
import re
from collections import defaultdict
from pathlib import Path

import pytest
from flufl.bounce import all_failures
from hypothesis import given
from hypothesis import strategies as st

from mailflow.lib.tests.effort import cpu_seconds_under
from mailflow.mail.bounces import BouncedRecipient, Report, judge, read_report
from mailflow.mail.parse import parse
from tests import needs


def report_of(message: str) -> Report:
    return read_report(parse(message.encode()))


def told(report: Report) -> list[tuple[str, str, str, str]]:
    return [
        (one.final_recipient, one.action, one.status, one.reply_code) for one in report.recipients
    ]


def dsn(fields: str, text: str = "See below.") -> str:
    return (
        "From: MAILER-DAEMON@mx.example\nTo: us@ours.example\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\n\n{text}\n--b\nContent-Type: message/delivery-status\n\n{fields}\n"
        "--b\nContent-Type: message/rfc822\n\nMessage-ID: <a1@ours.example>\n"
        "To: x@y.example\nSubject: Hi\n\nHi\n--b--\n"
    )


MESSAGE = "Reporting-MTA: dns; mx.example\nOriginal-Envelope-Id: E1\n\n"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            "Original-Recipient: rfc822;o@y.example\nFinal-Recipient: rfc822; x@y.example\n"
            "Action: failed\nStatus: 5.1.1 (bad mailbox)\n"
            "Diagnostic-Code: smtp; 550 5.1.1\n  User unknown\n",
            [("x@y.example", "failed", "5.1.1", "550")],
        ),
        (
            "Final-Recipient: rfc822;x@y.example\nAction: delayed\nStatus: 4.4.1\n\n"
            "Final-Recipient: RFC822; <z@y.example>\nAction: Delivered\nStatus: 2.0.0\n",
            [("x@y.example", "delayed", "4.4.1", ""), ("z@y.example", "delivered", "2.0.0", "")],
        ),
        # Without the blank line, with a general status, and with a source route.
        (
            "Final-Recipient: rfc822; a@y.example\nStatus: 5.0.0\n"
            "Diagnostic-Code: smtp; 552-5.2.2 full\n"
            "Final-Recipient: rfc822; @r.example:b@y.example\nStatus: 5.1.2\n",
            [("a@y.example", "failed", "5.2.2", "552"), ("b@y.example", "failed", "5.1.2", "")],
        ),
        # RFC 6533 3, and the address before a pipe.
        (
            "Final-Recipient: utf-8; \\x{645}@y.example\nAction: failed\nStatus: 5.1.1\n",
            [("\u0645@y.example", "failed", "5.1.1", "")],
        ),
        (
            "Final-Recipient: rfc822; |/bin/vacation\nOriginal-Recipient: rfc822; p@y.example\n"
            "Action: failed\nStatus: 5.3.0\n",
            [("p@y.example", "failed", "5.3.0", "")],
        ),
        # Only the part before the message: nothing is said of anyone.
        ("", [("x@y.example", "failed", "", "")]),
    ],
)
def test_fields_are_read(fields: str, expected: list[tuple[str, str, str, str]]) -> None:
    report = report_of(dsn(MESSAGE + fields))
    assert told(report) == expected
    assert report.original_message_id == "a1@ours.example"
    assert (report.reporting_mta, report.original_envelope_id) == ("mx.example", "E1")


def test_the_text_completes_what_the_fields_leave_general() -> None:
    fields = MESSAGE + "Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.0.0\n"
    report = report_of(dsn(fields, "x@y.example: 550 5.7.26 not authenticated"))
    assert told(report) == [("x@y.example", "failed", "5.7.26", "550")]


def test_a_report_of_delay_is_no_failure() -> None:
    delayed = "Final-Recipient: rfc822; x@y.example\nAction: delayed\nStatus: 4.4.1\n"
    assert report_of(dsn(MESSAGE + delayed)).kind == "delayed"
    failed = delayed + "\nFinal-Recipient: rfc822; z@y.example\nAction: failed\nStatus: 5.1.1\n"
    assert report_of(dsn(MESSAGE + failed)).kind == "bounce"


HEAD = "From: MAILER-DAEMON@mx.example\nTo: us@ours.example\nSubject: failure\n\n"
TAIL = "\n\nReceived: from a\nMessage-ID: <a1@ours.example>\nTo: x@y.example\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # qmail
            "I'm afraid I wasn't able to deliver your message.\n\n<x@y.example>:\n192.0.2.1 does "
            "not like recipient.\nRemote host said: 550 5.1.1 no\n\n<z@y.example>:\nSorry (#5.4.4)",
            [("x@y.example", "failed", "5.1.1", "550"), ("z@y.example", "failed", "5.4.4", "")],
        ),
        (  # Exim
            "A message that you sent to us@ours.example failed:\n\n  x@y.example\n    SMTP error"
            " from remote mail server after RCPT TO:<x@y.example>:\n    host mx.y.example "
            "[192.0.2.1]: 550 5.2.1 disabled",
            [("x@y.example", "failed", "5.2.1", "550")],
        ),
        (  # sendmail 5
            "----- Transcript of session follows -----\n>>> MAIL From:<us@ours.example>\n"
            ">>> RCPT To:<x@y.example>\n<<< 550 unknown\n550 <x@y.example>... User unknown",
            [("x@y.example", "failed", "", "550")],
        ),
        (  # Exchange
            "Your message\n\n  To:      list@y.example\n  Subject: Hi\n\ndid not reach the "
            "following recipient(s):\n\nx@y.example on Thu, 29 Apr 2010\n    Not recognized",
            [("x@y.example", "failed", "", "")],
        ),
        ("Unable to deliver message to <x@y.example>.", [("x@y.example", "failed", "", "")]),
        ("User's mailbox is full: x@y.example", [("x@y.example", "failed", "", "")]),
        ("\u5b9b\u5148\uff1a x@y.example 5.1.1", [("x@y.example", "failed", "5.1.1", "")]),
        ("A message is delayed:\n\nx@y.example: 421 busy", [("x@y.example", "delayed", "", "421")]),
        # It names nobody: the one it was for. An address and a version are no codes.
        ("Server 192.5.1.1, version 5.5.2657, says no.", [("x@y.example", "failed", "", "")]),
    ],
)
def test_prose_is_read(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    report = report_of(HEAD + text + TAIL)
    assert told(report) == expected
    assert report.original_message_id == "a1@ours.example"


def test_what_came_back_is_not_taken_for_the_report() -> None:
    text = "<x@y.example>:\n550 no such user\n\n--- Below this line is a copy of the message.\n\n"
    quoted = "Subject: Re: z@other.example\n\n<z@other.example>: 552 5.2.2 full\n"
    assert told(report_of(HEAD + text + quoted)) == [("x@y.example", "failed", "", "550")]


def test_complaints_name_the_message_and_the_kind() -> None:
    report = report_of(
        "From: fbl@esp.example\nMIME-Version: 1.0\nContent-Type: multipart/report;"
        " report-type=feedback-report; boundary=b\n\n--b\n\nHi\n--b\n"
        "Content-Type: message/feedback-report\n\nFeedback-Type: not-spam\n"
        "Original-Rcpt-To: <x@y.example>\n--b\nContent-Type: text/rfc822-headers\n\n"
        "Message-ID: <a1@ours.example>\n--b--\n"
    )
    assert (report.kind, report.feedback_type) == ("complaint", "not-spam")
    assert (report.original_recipient, report.original_message_id) == (
        "x@y.example",
        "a1@ours.example",
    )


@pytest.mark.parametrize(
    ("action", "status", "reply", "diagnostic", "severity"),
    [
        ("failed", "5.1.1", "550", "550 5.1.1 user unknown", "hard"),
        ("failed", "5.4.4", "", "Host not found", "hard"),
        ("failed", "", "550", "550 no such user here", "hard"),
        ("failed", "5.2.2", "552", "mailbox full", "soft"),
        ("failed", "5.1.1", "552", "552 mailbox over quota", "soft"),
        ("failed", "5.1.1", "550", "550 5.7.1 listed", "soft"),
        ("failed", "5.7.1", "554", "blocked", "soft"),
        ("failed", "4.4.7", "", "expired", "soft"),
        ("failed", "", "451", "try later", "soft"),
        ("delayed", "5.1.1", "", "", "soft"),
        ("failed", "5.0.0", "554", "554 transaction failed", "undetermined"),
        ("failed", "", "", "", "undetermined"),
        ("delivered", "2.0.0", "", "", "undetermined"),
        ("relayed", "5.1.1", "", "", "undetermined"),
    ],
)
def test_only_what_is_said_of_the_address_is_hard(
    action: str, status: str, reply: str, diagnostic: str, severity: str
) -> None:
    recipient = BouncedRecipient("x@y.example", action, status, reply, diagnostic, "")  # type: ignore[arg-type]
    assert judge(recipient) == severity


# What a file names, found without our reader: fields anywhere, and flufl.bounce for the prose.
_NAMED = re.compile(
    r"^[> ]*(?:final-recipient|original-recipient|x-actual-recipient)\s*:\s*[\w-]*;?\s*(.+)$"
    r"|^x-failed-recipients\s*:\s*(.+)$|^original-rcpt-to\s*:\s*(.+)$",
    re.IGNORECASE | re.MULTILINE,
)
_CODES = re.compile(
    r"^[> ]*status\s*:\s*([45]\.\d+\.\d+)|\b[45]\d\d[ :-]+#?([45]\.\d+\.\d+)|#([45]\.\d+\.\d+)",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[^\s<>,;:\"'()]+@[^\s<>,;:\"'()]+")


def _named(raw: bytes) -> set[str]:
    text = raw.decode("utf-8", "replace")
    fields = [value for groups in _NAMED.findall(text) for value in groups]
    found = {address for value in fields for address in _ADDRESS.findall(value)}
    for failures in all_failures(email.message_from_bytes(raw)):
        found |= {one.decode("utf-8", "replace") for one in failures}
    return {address.lower().rstrip(".") for address in found}


def test_recipient_and_status_are_read_from_at_least_95_of_100_real_reports() -> None:
    table: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    missed = []
    for path in sorted((needs.corpus() / "bounces").glob("*.eml")):
        if path.name.startswith("rfc3834-"):
            continue
        raw = path.read_bytes()
        report = read_report(parse(raw))
        ours = {one.final_recipient.lower() for one in report.recipients}
        codes = {one.status for one in report.recipients}
        named = _named(raw)
        statuses = {code for groups in _CODES.findall(raw.decode("latin-1")) for code in groups}
        row = table[_system(path)]
        if named:
            row[0] += 1
            row[1] += bool(ours & named)
        if statuses - {""}:
            row[2] += 1
            row[3] += bool(codes & statuses - {""})
        if (named and not ours & named) or (statuses - {""} and not codes & statuses - {""}):
            missed.append((path.name, ours, named, codes, statuses))
    _print(table)
    totals = [sum(row[column] for row in table.values()) for column in range(4)]
    assert totals[1] >= 0.95 * totals[0], missed
    assert totals[3] >= 0.95 * totals[2], missed


def _system(path: Path) -> str:
    return path.stem.rpartition("-")[0]


def _print(table: dict[str, list[int]]) -> None:
    print(f"{'system':24} recipient  status")  # noqa: T201
    for system, (named, read, coded, codes) in sorted(table.items()):
        print(f"{system:24} {read:4}/{named:<4} {codes:4}/{coded:<4}")  # noqa: T201
    totals = [sum(row[column] for row in table.values()) for column in range(4)]
    print(f"{'together':24} {totals[1]:4}/{totals[0]:<4} {totals[3]:4}/{totals[2]:<4}")  # noqa: T201


@given(st.text(max_size=300), st.text(max_size=300), st.booleans())
def test_nothing_makes_it_raise(head: str, text: str, with_fields: bool) -> None:
    message = dsn(text, head) if with_fields else f"Subject: {head}\n\n{text}\n{head}"
    report = read_report(parse(message.encode()))
    assert all(judge(one) for one in report.recipients)


@pytest.mark.parametrize(
    "text", ["a@" * 20_000, "<a@b.c> 550 " * 5_000, "x" * 200_000 + "@", "to: " * 50_000]
)
@pytest.mark.timed
def test_hostile_text_costs_linear_time(text: str) -> None:
    with cpu_seconds_under(5):
        report_of(HEAD + text)
        report_of(dsn("Final-Recipient: rfc822; " + text, text))
