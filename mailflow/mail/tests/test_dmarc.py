"""Whose policy applies, and who belongs together (RFC 9989)."""

import pytest

from mailflow.mail.dmarc import (
    Record,
    Verdict,
    evaluate,
    organizational_domain,
    parse_record,
    parse_records,
    walk,
)


def zone(**names: str):
    """A finder over records written as name=record; `__` stands for a dot, `_` for a hyphen."""
    table = {k.replace("__", "."): parse_record("v=DMARC1;" + v) for k, v in names.items()}
    return table.get


def judge(author, signed=(), spf="", find=None, exists=True):
    return evaluate(author, signed, spf, find or zone(), lambda name: exists)


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("v=DMARC1; p=reject", Record("reject")),
        ("v=DMARC1;p=Quarantine;sp=none;np=reject;adkim=s;aspf=s;t=y;psd=y",
         Record("quarantine", "none", "reject", True, True, "y", True)),
        ("v = DMARC1 ; p = none ; pct=0; x=y; x=z;;", Record("none")),
        ("v=DMARC1; rua=mailto:a@b.example", Record("none")),
        ("v=DMARC1; p=nonsense; rua=mailto:a@b.example", Record("none")),
        ("v=DMARC1; p=nonsense", None), ("v=DMARC1", None), ("v=DMARC2; p=reject", None),
        ("p=reject; v=DMARC1", None), ("v=spf1 -all", None), ("", None), ("=;=;=", None),
    ],
)  # fmt: skip
def test_records_are_read_as_the_rfc_says(text, record):
    assert parse_record(text) == record


def test_of_several_records_at_one_name_none_counts():
    assert parse_records(["v=spf1 -all", "v=DMARC1;p=reject"]) == Record("reject")
    assert parse_records(["v=DMARC1;p=reject", "v=DMARC1;p=none"]) is None


def test_a_walk_goes_up_to_the_top_level():
    assert walk("a.mail.example.com") == (
        "a.mail.example.com",
        "mail.example.com",
        "example.com",
        "com",
    )


def test_a_walk_of_a_deep_name_takes_eight_steps():
    names = walk("a.b.c.d.e.f.g.h.i.j.mail.example.com")
    assert len(names) == 8
    assert names[:2] == ("a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com")
    assert names[-1] == "com"


@pytest.mark.parametrize(
    ("domain", "find", "organization"),
    [
        ("a.mail.example.com", zone(example__com="p=none"), "example.com"),
        ("a.mail.example.com", zone(mail__example__com="p=none", example__com="p=none"),
         "example.com"),
        ("a.mail.example.com", zone(mail__example__com="p=none;psd=n", example__com="p=none"),
         "mail.example.com"),
        ("a.example.gov", zone(gov="p=reject;psd=y"), "example.gov"),
        ("a.example.co.uk", zone(co__uk="p=none;psd=y"), "example.co.uk"),
        ("gov", zone(gov="p=reject;psd=y"), "gov"),
        ("a.example.com", zone(), "a.example.com"),
    ],
)  # fmt: skip
def test_the_organisation_is_found_in_the_tree(domain, find, organization):
    assert organizational_domain(domain, find) == organization


ORG = zone(example__com="p=reject;sp=quarantine")


def test_the_same_domain_signed_passes():
    assert judge("example.com", ["example.com"], find=ORG) == Verdict(
        "pass", "reject", "example.com", "example.com", "dkim", "example.com"
    )


def test_a_domain_of_the_same_organisation_passes():
    verdict = judge("news.example.com", ["mail.example.com"], find=ORG)
    assert (verdict.result, verdict.policy, verdict.aligned) == (
        "pass",
        "quarantine",
        "mail.example.com",
    )


def test_spf_alone_passes():
    verdict = judge("example.com", [], "bounce.example.com", find=ORG)
    assert (verdict.result, verdict.aligned_by) == ("pass", "spf")


@pytest.mark.parametrize(
    "other", ["evil.example", "notexample.com", "com", "example.com.evil.example"]
)
def test_another_organisation_fails(other):
    assert judge("example.com", [other], other, find=ORG).result == "fail"


def test_strict_alignment_wants_the_very_same_domain():
    strict = zone(example__com="p=reject;adkim=s;aspf=s")
    assert (
        judge("example.com", ["mail.example.com"], "mail.example.com", find=strict).result == "fail"
    )
    assert judge("example.com", ["example.com"], find=strict).result == "pass"


def test_a_subdomain_that_is_its_own_organisation_does_not_speak_for_its_parent():
    split = zone(example__com="p=reject", customer__example__com="p=none;psd=n")
    assert judge("example.com", ["customer.example.com"], find=split).result == "fail"


def test_tenants_of_a_public_suffix_are_strangers():
    suffix = zone(example="p=reject;psd=y")
    assert judge("one.example", ["two.example"], find=suffix).result == "fail"


def test_without_a_record_only_the_very_same_domain_vouches():
    assert judge("example.com", ["example.com"]).aligned == "example.com"
    assert judge("example.com", ["mail.example.com"], "mail.example.com") == Verdict(
        "none", None, "", "example.com"
    )


@pytest.mark.parametrize(
    ("record", "exists", "policy"),
    [("p=reject;np=none", False, "none"), ("p=none;sp=quarantine;np=reject", False, "reject"),
     ("p=none;sp=quarantine;np=reject", True, "quarantine"), ("p=reject;t=y", True, "quarantine"),
     ("p=quarantine;t=y", True, "none")],
)  # fmt: skip
def test_the_policy_for_a_subdomain(record, exists, policy):
    verdict = judge("sub.example.com", find=zone(example__com=record), exists=exists)
    assert (verdict.result, verdict.policy) == ("fail", policy)


def test_a_registrys_policy_holds_for_domains_without_their_own():
    verdict = judge("example.gov", find=zone(gov="p=reject;psd=y"))
    assert (verdict.result, verdict.policy, verdict.record_domain) == ("fail", "reject", "gov")
