"""A stored message's envelope is what its headers tell of the delivery, then what was written."""

import pytest

from mailflow.inbound.envelopes import Envelope, envelope_of

OURS = {"support@demo.example", "billing@demo.example"}


@pytest.mark.parametrize(
    ("headers", "postmark", "sender", "recipients"),
    [
        ("From: cy@x.example\nTo: support@demo.example", "", "cy@x.example", ["support"]),
        ("Return-Path: <b+v@x.example>\nFrom: cy@x.example\nTo: support@demo.example", "",
         "b+v@x.example", ["support"]),
        ("Return-Path: <>\nFrom: d@x.example\nTo: support@demo.example", "p@x.example",
         "", ["support"]),
        ("From: cy@x.example\nTo: support@demo.example", "env@x.example",
         "env@x.example", ["support"]),
        ("From: cy@x.example\nTo: Support <support@demo.example>, z@x.example\n"
         "Cc: BILLING@demo.example", "", "cy@x.example", ["support", "billing"]),
        ("From: cy@x.example\nTo: support@demo.example\nDelivered-To: billing@demo.example", "",
         "cy@x.example", ["billing"]),
        ("From: cy@x.example\nTo: list@x.example", "", "cy@x.example", []),
        ("Subject: none at all", "", "", []),
    ],
)  # fmt: skip
def test_an_envelope_is_read_from_headers(
    headers: str, postmark: str, sender: str, recipients: list[str]
) -> None:
    raw = (headers + "\n\nbody\nTo: billing@demo.example\n").replace("\n", "\r\n").encode()
    ours = tuple(f"{local}@demo.example" for local in recipients)
    assert envelope_of(raw, postmark, OURS.__contains__) == Envelope(sender, ours)
