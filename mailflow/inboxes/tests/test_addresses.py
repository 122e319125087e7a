"""Which addresses serve a recipient."""

import pytest

from mailflow.inboxes.addresses import serving


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [
        ("Help@Demo.Example", ("help@demo.example", "@demo.example")),
        ("help+a+b@d.test", ("help+a+b@d.test", "help@d.test", "@d.test")),
        ("+a@d.test", ("+a@d.test", "@d.test")),
        ("help@d.test.", ("help@d.test", "@d.test")),
        ('"a@b"@d.test', ('"a@b"@d.test', "@d.test")),
    ],
)
def test_a_recipient_is_served_by_its_address_then_plus_address_then_domain(recipient, expected):
    assert serving(recipient) == expected
