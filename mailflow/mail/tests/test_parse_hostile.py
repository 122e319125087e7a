"""Mail made to break a parser: bombs, garbage and mixtures are read in linear time, flagged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.lib.tests.effort import cpu_seconds_under
from mailflow.mail.parse import parse
from mailflow.mail.parsed import FLAGS, Limits, ParsedMessage


def _mail(*lines: str) -> bytes:
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def _nested(depth: int) -> bytes:
    lines = [
        f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(depth)
    ]
    return ("".join(lines) + "\r\ndeep").encode()


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        pytest.param(_nested(500), "too_deep", id="500 levels"),
        pytest.param(
            _mail("Subject: Hi", "Content-Type: multipart/mixed; boundary=b")
            + b"--b\r\n\r\nx\r\n" * 100_000,
            "too_many_parts",
            id="100,000 parts",
        ),
        pytest.param(
            b"Subject: Hi\r\nX-Long: " + b"a" * (1 << 20) + b"\r\n\r\nbody",
            "header_block_too_large",
            id="1 MiB header",
        ),
        pytest.param(
            b"Subject: Hi\r\nTo: " + b"a@x.org, " * 20_000 + b"\r\n\r\nbody",
            "long_header",
            id="20,000 addresses",
        ),
        pytest.param(
            b"Subject: Hi\r\nTo: " + b"a@x, " * 12_000 + b"\r\n\r\nbody",
            "too_many_addresses",
            id="12,000 short addresses",
        ),
    ],
)
def test_bombs_are_flagged_and_read_as_far_as_the_limits_go(raw: bytes, flag: str) -> None:
    parsed = parse(raw)
    assert flag in parsed.flags
    if b"Subject" in raw:
        assert parsed.subject == "Hi"


def test_the_body_behind_an_endless_header_is_read() -> None:
    assert parse(b"X-Long: " + b"a" * (1 << 20) + b"\r\n\r\nbody").text == "body"


def test_limits_are_arguments() -> None:
    raw = _mail("Content-Type: multipart/mixed; boundary=b") + b"--b\r\n\r\nx\r\n" * 5
    assert "too_many_parts" in parse(raw, Limits(parts=3)).flags


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"\0" * 100,
        b":" * 1000,
        b"Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n----\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--",
        b"Content-Type: message/rfc822\r\n\r\n" * 300,
        b"Subject: " + b"=?utf-8?q?" * 6000 + b"\r\n\r\n",
        b"Subject: " + b"=?a?b?=" * 9000 + b"\r\n\r\n",
        b"Content-Type: text/plain" + b"; a" * 20_000 + b"\r\n\r\n",
        b"Content-Type: text/plain; " + b" " * 60_000 + b"\r\n\r\n",
        b'To: "' + b"\\" * 60_000 + b"\r\n\r\n",
        b"To: " + b"(" * 60_000 + b"\r\n\r\n",
        b"To: " + b"<" * 60_000 + b"\r\n\r\n",
        b"References: " + b"<" * 60_000 + b"\r\n\r\n",
        b"Date: " + b" " * 60_000 + b"\r\n\r\n",
        b"a:\r\n " * 50_000,
        b"bad line\r\n" * 25_000,
        b"X: \r\n" * 50_000,
        b"Content-Type: multipart/mixed; boundary=----\r\n\r\n" + b"-" * 3_000_000,
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 1_000_000,
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"A=\r\n" * 250_000,
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
        b"Content-Type: text/html\r\n\r\n" + b"<script" * 70_000,
        b"Content-Type: text/html\r\n\r\n" + b"&" * 500_000,
        b"Content-Type: text/html\r\n\r\n<style>" + b"a{" * 200_000,
        b"Content-Type: text/html\r\n\r\n" + b"<!--" * 200_000,
        b"Content-Type: text/calendar\r\n\r\n" + b"BEGIN:VEVENT\r\n" * 20_000,
    ],
    ids=lambda raw: f"{raw[:40]!r}",
)  # fmt: skip
@pytest.mark.timed
def test_hostile_messages_cost_linear_time(raw: bytes) -> None:
    with cpu_seconds_under(5):
        assert "unreadable" not in parse(raw).flags


def _check(parsed: ParsedMessage) -> None:
    assert parsed.flags <= FLAGS.keys()
    assert "unreadable" not in parsed.flags
    texts = [parsed.subject, parsed.text, parsed.html, parsed.message_id, *parsed.references]
    texts += [text for header in parsed.headers for text in header]
    texts += [name for one in parsed.from_ + parsed.to for name in (one.name, one.address)]
    texts += [one.filename for one in parsed.attachments]
    for text in texts:
        assert "\0" not in text
        text.encode()
    for name, value in parsed.headers:
        assert "\n" not in name + value and "\r" not in name + value


@given(st.binary(max_size=500))
def test_any_bytes_are_understood_somehow(raw: bytes) -> None:
    _check(parse(raw))


_fragments = st.sampled_from(
    [
        *(b"Content-Type: ", b"multipart/mixed; boundary=b", b"text/html; charset=", b"utf-7"),
        *(b"\r\n", b"\n", b"\r\n\r\n", b"--b", b"--b--", b"From: ", b"To: ", b"Subject: "),
        *(b"=?utf-8?", b"q?", b"b?", b"?=", b"=ED=A0=80", b"<", b">", b"@", b",", b'"', b"\\"),
        *(b"\0", b"\xff", b"\xc3", b"\x1b$B", b"Content-Transfer-Encoding: base64", b"+2AA-"),
        *(b"message/rfc822", b"name*0*=utf-8''%ff", b"<p style='display:none'>", b"&#xD800;"),
        *(b"text/calendar", b"Date: ", b"1 Jan 2026", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"),
        *(b"DTSTART:", b"20260101", b"END:VEVENT", b"a", b" "),
    ]
)


@given(st.lists(_fragments, max_size=40).map(b"".join))
def test_any_mixture_of_mail_is_understood_somehow(raw: bytes) -> None:
    _check(parse(raw))
