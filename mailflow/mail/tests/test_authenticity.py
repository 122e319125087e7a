"""A sender is believed only when something proves it, and nothing here ever raises."""

import base64
import json
import time
from dataclasses import replace

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from mailflow.lib.client_address import parse_networks
from mailflow.mail.authenticity import NOTHING_KNOWN, Arrival, Trust, authenticate, authenticate_all
from mailflow.mail.tests.dns_table import TableResolver

NOW = int(time.time())
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
DER = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
DKIM_RECORD = "v=DKIM1; p=" + base64.b64encode(DER).decode()
RAW = (
    b"From: Cy <cy@customer.example>\r\nTo: support@studio.example\r\nSubject: Hi\r\n"
    b"Message-ID: <1@customer.example>\r\n\r\nHello\r\n"
)
ZONE = {
    ("customer.example", "TXT"): ["v=spf1 ip4:203.0.113.0/24 a:mail.customer.example -all"],
    ("mail.customer.example", "A"): ["198.51.100.7"],
    ("_dmarc.customer.example", "TXT"): ["v=DMARC1; p=reject"],
    ("sel._domainkey.customer.example", "TXT"): [DKIM_RECORD],
    ("sel._domainkey.evil.example", "TXT"): [DKIM_RECORD],
    ("evil.example", "TXT"): ["v=spf1 +all"],
}
MAIL = Arrival(RAW, ("cy@customer.example",), "cy@customer.example", "mx.example", "203.0.113.9")


def judge(arrival=MAIL, trust=Trust(), zone=ZONE):  # noqa: B008
    return authenticate(arrival, trust, TableResolver(zone), NOW)


def signed(domain=b"customer.example", raw=RAW) -> bytes:
    return dkim.sign(raw, b"sel", domain, PEM) + raw


@pytest.mark.parametrize("client", ["203.0.113.9", "198.51.100.7"])
def test_a_server_that_may_send_proves_the_domain(client):
    result = judge(replace(MAIL, client_address=client))
    assert (result.spf, result.spf_domain, result.dmarc) == ("pass", "customer.example", "pass")
    assert (result.aligned_by, result.verified_domain) == ("spf", "customer.example")
    assert result.authenticated is True


def test_a_signature_of_the_domain_proves_it_from_anywhere():
    result = judge(replace(MAIL, raw=signed(), client_address="192.0.2.1"))
    assert (result.spf, result.dkim_result, result.dmarc) == ("fail", "pass", "pass")
    assert (result.aligned_by, result.authenticated) == ("dkim", True)


def test_a_spoofed_sender_fails():
    result = judge(replace(MAIL, client_address="192.0.2.1"))
    assert (result.spf, result.dmarc, result.policy) == ("fail", "fail", "reject")
    assert result.authenticated is False


def test_somebody_elses_proof_does_not_help_a_spoofer():
    spoofed = replace(
        MAIL,
        raw=signed(b"evil.example"),
        envelope_from="x@evil.example",
        client_address="192.0.2.1",
    )
    result = judge(spoofed)
    assert (result.spf, result.dkim_result, result.dmarc) == ("pass", "pass", "fail")
    assert result.authenticated is False


def test_a_changed_mail_does_not_pass_by_its_signature():
    changed = replace(MAIL, raw=signed().replace(b"Hello", b"Hullo"), client_address="192.0.2.1")
    result = judge(changed)
    assert (result.dkim[0].result, result.dkim[0].reason) == ("fail", "the body was changed")
    assert result.dmarc == "fail"


def test_without_a_policy_the_very_same_domain_still_counts():
    zone = {k: v for k, v in ZONE.items() if not k[0].startswith("_dmarc")}
    assert judge(zone=zone).verified_domain == "customer.example"
    assert judge(replace(MAIL, client_address="192.0.2.1"), zone=zone).authenticated is None


def test_several_from_domains_are_no_way_around():
    several = replace(MAIL, from_addresses=("cy@customer.example", "x@evil.example"))
    assert judge(several).authenticated is False


def test_the_null_sender_is_judged_by_its_helo():
    bounce = replace(MAIL, envelope_from="", helo="customer.example")
    assert (judge(bounce).spf, judge(bounce).spf_domain) == ("pass", "customer.example")


@pytest.mark.parametrize(
    "broken",
    [("customer.example", "TXT"), ("_dmarc.customer.example", "TXT")],
)
def test_dns_trouble_is_a_temporary_error_and_blames_nobody(broken):
    result = judge(replace(MAIL, client_address="192.0.2.1"), zone=ZONE | {broken: None})
    assert result.dmarc == "temperror"
    assert result.authenticated is None


def test_a_key_that_cannot_be_fetched_blames_nobody():
    zone = ZONE | {("sel._domainkey.customer.example", "TXT"): None}
    result = judge(replace(MAIL, raw=signed(), client_address="192.0.2.1"), zone=zone)
    assert (result.dkim[0].result, result.dmarc) == ("temperror", "temperror")


@pytest.mark.parametrize(
    "client", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.1", "", "198.18.0.5"]
)
def test_a_relay_is_not_the_sender_and_costs_no_question(client):
    resolver = TableResolver(ZONE)
    trust = Trust(relays=parse_networks(["198.18.0.0/15"]))
    arrival = replace(MAIL, client_address=client)
    assert authenticate(arrival, trust, resolver, NOW) == NOTHING_KNOWN
    assert resolver.asked == []


def test_a_signature_is_verified_behind_a_relay_too():
    result = judge(replace(MAIL, raw=signed(), client_address="127.0.0.1"))
    assert (result.spf, result.dkim_result, result.dmarc) == ("none", "pass", "pass")
    broken = judge(replace(MAIL, raw=signed().replace(b"Hello", b"X"), client_address="127.0.0.1"))
    assert (broken.dmarc, broken.authenticated) == ("none", None)


RESULTS = b"Authentication-Results: %s; spf=pass smtp.mailfrom=cy@customer.example;\r\n dkim=pass header.d=customer.example header.s=s1; dmarc=pass (p=reject) header.from=customer.example\r\n"  # fmt: skip  # noqa: E501
RELAYED = replace(MAIL, client_address="127.0.0.1")
TRUST = Trust(("mx.studio.example",))


def test_a_trusted_servers_results_are_believed():
    result = judge(replace(RELAYED, raw=RESULTS % b"MX.studio.example" + RAW), TRUST)
    assert (result.spf, result.dkim[0].selector, result.dmarc) == ("pass", "s1", "pass")
    assert (result.verified_domain, result.source) == ("customer.example", "authentication-results")


@pytest.mark.parametrize(
    ("header", "client"),
    [
        (RESULTS % b"mx.evil.example", "127.0.0.1"),
        (RESULTS % b"mx.studio.example.evil.example", "127.0.0.1"),
        (RESULTS % b"mx.studio.example", "192.0.2.1"),
        (b"ARC-" + RESULTS % b"mx.studio.example", "127.0.0.1"),
        (b"X-" + RESULTS % b"mx.studio.example", "127.0.0.1"),
        ((RESULTS % b"mx.studio.example").replace(b"from=customer", b"from=evil")
         .replace(b"d=customer", b"d=evil").replace(b"@customer", b"@evil"), "127.0.0.1"),
    ],
)  # fmt: skip
def test_results_that_anybody_could_write_are_ignored(header, client):
    arrival = replace(MAIL, raw=header + RAW, client_address=client)
    assert judge(arrival, TRUST).authenticated is not True


def test_arc_is_read_and_proves_nothing():
    raw = b"Authentication-Results: mx.studio.example; arc=pass; dmarc=fail\r\n" + RAW
    result = judge(replace(RELAYED, raw=raw), TRUST)
    assert (result.arc, result.authenticated) == ("pass", False)


def test_the_topmost_header_of_a_trusted_server_decides():
    fail = b"Authentication-Results: mx.studio.example; dmarc=fail header.from=customer.example\r\n"
    raw = fail + RESULTS % b"mx.studio.example" + RAW
    assert judge(replace(RELAYED, raw=raw), TRUST).authenticated is False


def test_verification_can_be_left_to_others():
    resolver = TableResolver(ZONE)
    assert authenticate(MAIL, Trust(verify=False), resolver, NOW) == NOTHING_KNOWN
    assert resolver.asked == []


def test_a_batch_gives_the_same_answers_in_the_same_order():
    arrivals = [MAIL, RELAYED, replace(MAIL, client_address="192.0.2.1"), MAIL]
    assert authenticate_all(arrivals, Trust(), TableResolver(ZONE), NOW) == [
        judge(a) for a in arrivals
    ]


def test_many_signatures_and_endless_includes_cost_a_bounded_number_of_questions():
    endless = {(f"i{n}.evil.example", "TXT"): [f"v=spf1 include:i{n + 1}.evil.example -all"]
               for n in range(100)}  # fmt: skip
    resolver = TableResolver(ZONE | endless)
    raw = signed(b"evil.example").split(b"From:", 1)[0] * 200 + RAW
    arrival = replace(MAIL, raw=raw, envelope_from="x@i0.evil.example", client_address="192.0.2.1")
    result = authenticate(arrival, Trust(), resolver, NOW)
    assert (result.spf, len(result.dkim)) == ("permerror", 5)
    assert len(resolver.asked) < 40


def test_slow_name_servers_end_in_a_temporary_error():
    clock = iter(range(0, 10_000, 5))
    result = authenticate(MAIL, Trust(), TableResolver(ZONE), NOW, lambda: next(clock))
    assert result.dmarc == "temperror"


def test_the_results_are_plain_json():
    data = json.loads(json.dumps(judge(replace(MAIL, raw=signed())).as_json()))
    assert (data["dkim"][0]["domain"], data["authenticated"]) == ("customer.example", True)


@pytest.mark.timed
def test_mail_from_this_machine_is_judged_in_microseconds():
    raw = RAW.replace(b"\r\n\r\n", b"\r\nX-Filler: " + b"x" * 1500 + b"\r\n\r\n") + b"y" * 20_000
    arrival, resolver, trust = replace(RELAYED, raw=raw), TableResolver({}), Trust()
    started = time.process_time()
    for _ in range(1000):
        authenticate(arrival, trust, resolver, NOW)
    assert (time.process_time() - started) / 1000 < 100e-6


@given(st.binary(max_size=400), st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_it_never_raises(head, sender, helo, client):
    raw = b"DKIM-Signature:" + head + b"\r\n" + RAW
    for address in (client, "192.0.2.1", "127.0.0.1"):
        arrival = Arrival(raw, (sender,), sender, helo, address)
        json.dumps(judge(arrival, Trust(("x", "-"))).as_json())
