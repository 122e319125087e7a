"""From the octets after DATA to the message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.inbound.content import has_line_over, message_of
from mailflow.inbound.statuses import Status


def sent(message: bytes) -> bytes:
    """As a client sends it (RFC 5321 4.5.2), behind the CRLF of the DATA line."""
    lines = message.split(b"\r\n")[:-1]
    return (
        b"\r\n"
        + b"".join(b"." * line.startswith(b".") + line + b"\r\n" for line in lines)
        + (b".\r\n")
    )


line = st.binary(max_size=20).map(lambda b: b.replace(b"\r", b"").replace(b"\n", b"."))


@given(st.lists(line | st.sampled_from([b".", b"..", b"", b".a"])))
def test_every_message_arrives_as_it_was(lines):
    message = b"".join(one + b"\r\n" for one in lines)
    assert message_of(sent(message)) == message


@pytest.mark.parametrize(
    "data",
    [
        b"a\n.\nb\r\n",
        b"a\r.\r\nb\r\n",
        b"a\n.\r\nb\r\n",
        b"a\r\n.\nb\r\n",
        b"a\r\n.\rb\r\n",
        b"a\r\r\nb\r\n",
        b"a\n",
        b"\r\x00\n\r\n",
    ],
)
def test_a_lone_cr_or_lf_is_refused(data):
    assert message_of(b"\r\n" + data + b".\r\n") is Status.BARE_LINE_END_IN_DATA


@pytest.mark.parametrize(
    ("length", "taken"), [(998, True), (1002, True), (65536, True), (65537, False)]
)
def test_long_lines_are_taken_up_to_the_cap(length, taken):
    message = b"Subject: x\r\n\r\n" + b"a" * length + b"\r\nend\r\n"
    assert message_of(sent(message)) == (message if taken else Status.DATA_LINE_TOO_LONG)


@given(st.lists(st.integers(0, 30)), st.integers(1, 20))
def test_strides_find_what_splitting_finds(lengths, limit):
    data = b"".join(b"x" * length + b"\r\n" for length in lengths)
    assert has_line_over(data, limit) == any(length > limit for length in lengths)
