"""The arguments of MAIL and RCPT."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.inbound.commands import Sender, parse_mail, parse_rcpt
from mailflow.inbound.statuses import Status


@pytest.mark.parametrize(
    ("argument", "address", "size", "smtputf8"),
    [
        ("FROM:<>", "", 0, False),
        ("from: <ada@example.test>", "ada@example.test", 0, False),
        ("FROM:ada@example.test SIZE=12", "ada@example.test", 12, False),
        ("FROM:<ada@example.test> SIZE=12 BODY=8BITMIME", "ada@example.test", 12, False),
        ("FROM:<@relay.test,@b.test:ada@example.test>", "ada@example.test", 0, False),
        ('FROM:<"ada lovelace"@example.test>', '"ada lovelace"@example.test', 0, False),
        (r'FROM:<"a\"b@c>"@example.test>', r'"a\"b@c>"@example.test', 0, False),
        ("FROM:<a..b.@docomo.test>", "a..b.@docomo.test", 0, False),
        ("FROM:<bounce=x=y.test+1/2@vert.test>", "bounce=x=y.test+1/2@vert.test", 0, False),
        ("FROM:<ada@[192.0.2.1]>", "ada@[192.0.2.1]", 0, False),
        ("FROM:<ada@[IPv6:2001:db8::1]>", "ada@[IPv6:2001:db8::1]", 0, False),
        ("FROM:<آدا@مثال.test> SMTPUTF8", "آدا@مثال.test", 0, True),
        ("FROM:<" + "v" * 200 + "@example.test>", "v" * 200 + "@example.test", 0, False),
    ],
)
def test_senders_that_are_taken(argument, address, size, smtputf8):
    assert parse_mail(argument) == Sender(address, size, smtputf8)


@pytest.mark.parametrize(
    ("argument", "status"),
    [
        ("", Status.SYNTAX),
        ("<ada@example.test>", Status.SYNTAX),
        ("FROM:", Status.BAD_SENDER),
        ("FROM:<ada>", Status.BAD_SENDER),
        ("FROM:<ada@>", Status.BAD_SENDER),
        ("FROM:<@example.test>", Status.BAD_SENDER),
        ("FROM:<a@b@example.test>", Status.BAD_SENDER),
        ("FROM:<ada@example.test", Status.BAD_SENDER),
        ("FROM:<a da@example.test>", Status.BAD_SENDER),
        ("FROM:<ada@exa..mple.test>", Status.BAD_SENDER),
        ("FROM:<ada@example.test>SIZE=1", Status.BAD_SENDER),
        ("FROM:<" + "v" * 310 + "@example.test>", Status.BAD_SENDER),
        ("FROM:<\udcff@example.test> SMTPUTF8", Status.BAD_SENDER),
        ("FROM:<آدا@example.test>", Status.NEEDS_SMTPUTF8),
        ("FROM:<a@b.test> SIZE=-1", Status.SYNTAX),
        ("FROM:<a@b.test> SIZE=" + "9" * 28, Status.SYNTAX),
        ("FROM:<a@b.test> SIZE=1 SIZE=2", Status.SYNTAX),
        ("FROM:<a@b.test> SIZE", Status.SYNTAX),
        ("FROM:<a@b.test> BODY=BINARYMIME", Status.SYNTAX),
        ("FROM:<a@b.test> SMTPUTF8=1", Status.SYNTAX),
        ("FROM:<a@b.test> RET=FULL", Status.UNKNOWN_PARAMETER),
    ],
)
def test_senders_that_are_refused(argument, status):
    assert parse_mail(argument) is status


@pytest.mark.parametrize(
    ("argument", "smtputf8", "expected"),
    [
        ("TO:<bo@example.test>", False, "bo@example.test"),
        ("TO:<postmaster>", False, "postmaster@mx.test"),
        ("TO:<PostMaster>", False, "postmaster@mx.test"),
        ("TO:<بو@example.test>", True, "بو@example.test"),
        ("TO:<بو@example.test>", False, Status.NEEDS_SMTPUTF8),
        ("TO:<>", False, Status.BAD_RECIPIENT),
        ("TO:<bo>", False, Status.BAD_RECIPIENT),
        ("TO:<bo@example.test> NOTIFY=NEVER", False, Status.UNKNOWN_PARAMETER),
        ("FROM:<bo@example.test>", False, Status.SYNTAX),
    ],
)
def test_recipients(argument, smtputf8, expected):
    assert parse_rcpt(argument, smtputf8, "mx.test") == expected


@given(st.text())
def test_no_argument_makes_it_raise(argument):
    parse_mail(argument)
    parse_mail("FROM:" + argument)
    parse_rcpt("TO:<" + argument + ">", smtputf8=True, hostname="h")


@pytest.mark.timed
def test_a_crafted_argument_takes_linear_time():
    parse_mail("FROM:<" + "@a," * 1300)
    parse_mail('FROM:<"' + "\\" * 4000)
    parse_mail("FROM:<a@b.test> " + "A=" * 2000)
