"""Signed inbound requests: only ours, only fresh, in constant time."""

import pytest

from mailflow.inbound.signature import OLDEST_S, Invalid, Valid, sign, verify

NOW, SECRET, BODY = 1_800_000_000, "s3cret", b"Subject: x\r\n\r\n"


def test_a_fresh_signature_of_ours_is_valid() -> None:
    assert isinstance(verify(sign(BODY, SECRET, NOW), BODY, SECRET, NOW + 5), Valid)


@pytest.mark.parametrize(
    ("header", "body", "secret", "now"),
    [
        (sign(BODY, SECRET, NOW), BODY + b"!", SECRET, NOW),
        (sign(BODY, "another", NOW), BODY, SECRET, NOW),
        (sign(BODY, SECRET, NOW), BODY, SECRET, NOW + OLDEST_S + 1),
        (sign(BODY, SECRET, NOW), BODY, SECRET, NOW - OLDEST_S - 1),
        (sign(BODY, "", NOW), BODY, "", NOW),
        ("", BODY, SECRET, NOW),
        ("t=,v1=", BODY, SECRET, NOW),
        ("t=²,v1=ab", BODY, SECRET, NOW),
        ("t=99999999999999999999,v1=ab", BODY, SECRET, NOW),
        ("v1=ab", BODY, SECRET, NOW),
        ("t=1,v1=\u00e9", BODY, SECRET, NOW),
    ],
)
def test_anything_else_is_refused(header: str, body: bytes, secret: str, now: int) -> None:
    assert isinstance(verify(header, body, secret, now), Invalid)
