"""Same message or not: what the accept path asks before it stores anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.mail.identity import content_key, has_identity, message_id_of

MAIL = b"From: a@example.org\r\nMessage-ID: <1@example.org>\r\nSubject: Hi\r\n\r\nHello\r\n"


@pytest.mark.parametrize(
    "added",
    [
        b"Received: from a by b; Mon, 5 Jan 2026 08:00:00 +0000\r\n",
        b"Received: from a\r\n\tby b;\r\n Mon, 5 Jan 2026 08:00:00 +0000\r\n",
        b"Return-Path: <x@example.org>\r\nDelivered-To: y@example.org\r\n",
        b"ARC-Seal: i=1; a=rsa-sha256;\r\n b=abc\r\nARC-Message-Signature: i=1\r\n",
        b"AUTHENTICATION-RESULTS : mx.example; spf=pass\r\n",
        b"Received-SPF: pass\r\nX-Original-To: z@example.org\r\nX-Received: by 1\r\n",
        b"From x@example.org Mon Jan  5 08:00:00 2026\r\n",
    ],
)
def test_trace_headers_do_not_make_another_message(added: bytes) -> None:
    assert content_key(added + MAIL) == content_key(MAIL)


def test_trace_headers_in_the_middle_and_at_the_end_are_left_out() -> None:
    head, body = MAIL.split(b"\r\n\r\n", 1)
    lines = head.split(b"\r\n")
    middle = [lines[0], b"Received: from a", b" by b", *lines[1:], b"Delivered-To: x"]
    assert content_key(b"\r\n".join(middle) + b"\r\n\r\n" + body) == content_key(MAIL)


def test_line_ends_do_not_make_another_message() -> None:
    assert content_key(MAIL.replace(b"\r\n", b"\n")) == content_key(MAIL)


@pytest.mark.parametrize(
    "other",
    [
        MAIL + b"more",
        MAIL.replace(b"Hello", b"Hallo"),
        MAIL.replace(b"Hi", b"Ho"),
        b"To: x@example.org\r\n" + MAIL,
        MAIL.replace(b"\r\n\r\n", b"\r\n\r\nReceived: in the body\r\n"),
    ],
)
def test_the_same_id_with_other_content_is_another_message(other: bytes) -> None:
    assert message_id_of(other) == message_id_of(MAIL)
    assert content_key(other) != content_key(MAIL)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (MAIL, "1@example.org"),
        (b"message-id:\r\n <folded@x>\r\n\r\n", "folded@x"),
        (b"Message-Id: bare@x\r\n\r\n", "bare@x"),
        (b"Subject: x\n\nMessage-ID: <body@x>\n", ""),
        (b"Message-ID: <\x00a b@x>\r\n\r\n", "ab@x"),
        (b"", ""),
        (b"\r\nMessage-ID: <body@x>", ""),
        ("Message-ID: <é@x>\n\n".encode(), "é@x"),
        (b"Message-ID: <\xff@x>\n\n", "\ufffd@x"),
    ],
)
def test_message_id(raw: bytes, expected: str) -> None:
    assert message_id_of(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (MAIL, True),
        (b"Date: Mon, 5 Jan 2026 08:00:00 +0000\r\n\r\n", True),
        (b"Message-ID:\r\nSubject: x\r\n\r\n", False),
        (b"Subject: x\r\n\r\nDate: in the body\r\n", False),
        (b"", False),
    ],
)
def test_identity_needs_an_id_or_a_date(raw: bytes, expected: bool) -> None:
    assert has_identity(raw) is expected


@given(st.binary(max_size=300))
def test_nothing_raises(raw: bytes) -> None:
    assert len(content_key(raw)) == 64
    assert "\0" not in message_id_of(raw)
    has_identity(raw)
