"""Headers of real servers are read, whatever their writers thought of the grammar."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.mail.authentication_results import Finding, parse, trusted_findings

GOOGLE = """mx.google.com;
       dkim=pass header.i=@customer.example header.s=sel header.b="a b;c";
       spf=pass (google.com: domain of cy@customer.example permits 203.0.113.9 (a; b))
        smtp.mailfrom=cy@customer.example;
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=customer.example"""
MICROSOFT = """spf=pass (sender IP is 203.0.113.9) smtp.mailfrom=customer.example;
 dkim=pass (signature was verified) header.d=customer.example;dmarc=pass action=none
 header.from=customer.example;compauth=pass reason=100"""


def results(header: str) -> dict[str, str]:
    return {finding.method: finding.result for finding in parse(header)[1]}


def test_google():
    server, findings = parse(GOOGLE)
    assert server == "mx.google.com"
    assert [(f.method, f.result) for f in findings] == [
        ("dkim", "pass"), ("spf", "pass"), ("dmarc", "pass"),
    ]  # fmt: skip
    assert findings[0].properties["header.i"] == "@customer.example"
    assert findings[1].properties["smtp.mailfrom"] == "cy@customer.example"


def test_microsoft_writes_no_server_name():
    server, findings = parse(MICROSOFT)
    assert server == "-"
    assert findings[2] == Finding(
        "dmarc", "pass", {"action": "none", "header.from": "customer.example"}
    )


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("x.example 1; none", {}),
        ("x.example; spf = pass", {"spf": "pass"}),
        ('"x.example"; dkim=fail reason="bad; dmarc=pass" header.d=a', {"dkim": "fail"}),
        ("x.example (a; dmarc=pass); spf=none", {"spf": "none"}),
        ("x.example; spf=pass (un(closed; dmarc=pass", {"spf": "pass"}),
        ("x.example; spf=PASS; dmarc=bogus; =; ;;", {"spf": "pass"}),
        ("x.example; dkim/1=pass header.d=a", {"dkim": "pass"}),
        ("", {}),
    ],
)
def test_odd_headers(header, expected):
    assert results(header) == expected


def test_what_a_sender_can_put_into_quotes_or_comments_is_no_property():
    header = 'x; spf=pass (header.from=e.example) reason="header.from=e.example" smtp.mailfrom=a'
    assert parse(header)[1][0].properties == {
        "reason": "header.from=e.example",
        "smtp.mailfrom": "a",
    }


def test_only_configured_servers_count():
    assert trusted_findings([GOOGLE, MICROSOFT], ["mx.studio.example"]) == ()
    assert len(trusted_findings([GOOGLE, MICROSOFT], ["MX.google.com"])) == 3
    assert len(trusted_findings([GOOGLE, MICROSOFT], ["-"])) == 4


def test_the_topmost_header_decides_each_method():
    first, second = "x; spf=fail", "x; spf=pass; dmarc=pass"
    found = trusted_findings([first, second], ["x"])
    assert [(f.method, f.result) for f in found] == [("spf", "fail"), ("dmarc", "pass")]


@given(st.text())
def test_it_never_raises(header):
    parse(header)


@pytest.mark.parametrize("unit", ["(", '"', "\\", ";", "a=b ", " = ", " ", "a"])
@pytest.mark.timed
def test_hostile_headers_take_linear_time(unit):
    started = time.process_time()
    parse(unit * 500_000)
    assert time.process_time() - started < 1
