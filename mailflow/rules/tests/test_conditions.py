"""Each condition holds for what it should and for nothing else; the fast way agrees."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mailflow.rules.compile import compile_rules
from mailflow.rules.conditions import Group
from mailflow.rules.decide import decide
from mailflow.rules.evaluate import explain
from mailflow.rules.facts import (
    AttachmentFact,
    AuthenticationFact,
    ContactFact,
    Facts,
    InboxFact,
)
from mailflow.rules.fields import FIELDS
from mailflow.rules.parse import parse_conditions
from mailflow.rules.plan import RuleInput

MAIL = Facts(
    envelope_from="bounce+17@lists.shop.example",
    recipient="Support@ours.example",
    from_=(("Cy Customer", "Cy@Shop.example"),),
    to=(("", "support@ours.example"), ("Sales", "sales@ours.example")),
    cc=(("Bo", "bo@xn--bcher-kva.example"),),
    reply_to=(("", "answers@shop.example"),),
    subject="Ihre RECHNUNG für die Straße – فاتورة رقم ١٧",
    body="Guten Tag,\n\nInvoice no. 2025-17 is due.\nİstanbul, 发票\n" + "lorem " * 500,
    headers=(
        ("Subject", "x"),
        ("X-Priority", "1"),
        ("Received", "by a"),
        ("Received", "by mx.shop.example"),
    ),
    attachments=(
        AttachmentFact("Re\u0301sume\u0301.PDF", "application/pdf", 900),
        AttachmentFact("b.png", "image/png", 70_000),
    ),
    message_class="list",
    list_id="news.shop.example",
    language="de",
    size_bytes=80_000,
    received_at=datetime(2025, 6, 6, 21, 30, tzinfo=UTC),  # a Friday
    authentication=AuthenticationFact("pass", "fail", "pass", "shop.example"),
    tags=("Paid", "vip"),
    inbox=InboxFact(4, "Support"),
    contact=ContactFact(True, True, False, "Shop GmbH", ("gold",), False),
)

HOLDS: list[Any] = [
    {"field": "recipient", "op": "equals", "value": "SUPPORT@OURS.EXAMPLE"},
    {"field": "envelope_from", "op": "contains", "value": "bounce+"},
    {"field": "envelope_from", "op": "domain", "value": "lists.shop.example"},
    {"field": "envelope_from", "op": "domain", "value": "shop.example", "subdomains": True},
    {"field": "envelope_from", "op": "domain", "value": "*.shop.example"},
    {"field": "envelope_from", "op": "domain", "value": "example", "subdomains": "yes"},
    {"field": "from", "op": "equals", "value": ["x@y.example", " cy@shop.EXAMPLE "]},
    {"field": "from", "op": "domain", "value": "@SHOP.example."},
    {"field": "from", "op": "in_list", "value": ["a@b.example", "shop.example"]},
    {"field": "from", "op": "in_list", "value": ["cy@shop.example", "@c.example"]},
    {"field": "from", "op": "regex", "value": "^cy@"},
    {"field": "from", "op": "starts_with", "value": "CY@"},
    {"field": "from", "op": "ends_with", "value": ".example"},
    {"field": "from_name", "op": "contains", "value": "customer"},
    {"field": "sender", "op": "equals", "value": "cy@shop.example"},
    {"field": "sender", "op": "contains", "value": "lists."},
    {"field": "to", "op": "equals", "value": "sales@ours.example"},
    {"field": "cc", "op": "domain", "value": "BÜCHER.example"},
    {"field": "cc", "op": "equals", "value": "bo@bu\u0308cher.example"},
    {"field": "reply_to", "op": "present"},
    {"field": "subject", "op": "contains", "value": "rechnung"},
    {"field": "subject", "op": "contains", "value": "STRASSE"},
    {"field": "subject", "op": "contains", "value": ["nothing", "فاتورة"]},
    {"field": "subject", "op": "starts_with", "value": "ihre "},
    {"field": "subject", "op": "ends_with", "value": "١٧"},
    {"field": "subject", "op": "regex", "value": r"rechnung\s+f.r"},
    {"field": "subject", "op": "regex", "value": r"RECHNUNG", "case_sensitive": True},
    {"field": "body", "op": "contains", "value": "İSTANBUL"},
    {"field": "body", "op": "contains", "value": "发票"},
    {"field": "text", "op": "contains", "value": "no. 2025"},
    {"field": "anywhere", "op": "regex", "value": "support@ours"},
    {"field": "header", "name": "x-priority", "op": "equals", "value": "1"},
    {"field": "header", "name": "RECEIVED", "op": "contains", "value": "MX."},
    {"field": "header", "name": "X-Nothing", "op": "present", "value": False},
    {"field": "attachment_name", "op": "contains", "value": "résumé.pdf"},
    {"field": "attachment_type", "op": "starts_with", "value": "image/"},
    {"field": "attachment_size", "op": "at_least", "value": 70_000},
    {"field": "attachment_size", "op": "at_most", "value": 900},
    {"field": "attachment_count", "op": "at_least", "value": "2"},
    {"field": "has_attachment", "value": True},
    {"field": "class", "value": ["bounce", "list"]},
    {"field": "list_id", "op": "contains", "value": "news."},
    {"field": "spf", "value": "PASS"},
    {"field": "dkim", "op": "is", "value": "fail"},
    {"field": "dmarc", "value": "pass"},
    {"field": "verified_domain", "value": "shop.example"},
    {"field": "tag", "value": "paid"},
    {"field": "inbox", "value": "support"},
    {"field": "inbox", "value": 4},
    {"field": "contact_known"},
    {"field": "contact_vip", "value": True},
    {"field": "contact_blocked", "value": False},
    {"field": "contact_company", "op": "contains", "value": "gmbh"},
    {"field": "contact_tag", "value": "gold"},
    {"field": "first_time_sender", "value": False},
    {"field": "size", "op": "at_most", "value": 80_000},
    {"field": "language", "value": ["fr", "de"]},
    {"field": "time", "value": ["21:00", "22:00"]},
    {"field": "time", "value": ["21:30", "24:00"]},
    {"field": "time", "value": ["22:00", "06:00"], "zone": "Europe/Berlin"},
    {"field": "weekday", "value": "Friday"},
    {"field": "weekday", "value": ["sat"], "zone": "Asia/Riyadh"},
    {
        "all": [
            {"field": "contact_known"},
            {"any": [{"subject_contains": "x"}, {"field": "spf", "value": "pass"}]},
        ]
    },
    {"none": [{"subject_contains": "lottery"}, {"body_contains": "casino"}]},
    {"field": "subject", "op": "contains", "value": "lottery", "negate": True},
    [],
    {},
    None,
]

FAILS: list[Any] = [
    {"field": "recipient", "op": "equals", "value": "support@ours"},
    {"field": "envelope_from", "op": "domain", "value": "shop.example"},
    {"field": "from", "op": "domain", "value": "hop.example", "subdomains": True},
    {"field": "from", "op": "contains", "value": "customer"},
    {"field": "from", "op": "in_list", "value": ["cy@shop", "op.example"]},
    {"field": "subject", "op": "equals", "value": "rechnung"},
    {"field": "subject", "op": "starts_with", "value": "rechnung"},
    {"field": "subject", "op": "regex", "value": "rechnung", "case_sensitive": True},
    {"field": "subject", "op": "present", "value": False},
    {"field": "body", "op": "contains", "value": "Istanbul"},
    {"field": "header", "name": "x-priority", "op": "contains", "value": "11"},
    {"field": "header", "name": "X-Nothing", "op": "regex", "value": ".*"},
    {"field": "attachment_size", "op": "at_least", "value": 70_001},
    {"field": "has_attachment", "value": False},
    {"field": "spf", "value": "fail"},
    {"field": "tag", "value": "pai"},
    {"field": "inbox", "value": "5"},
    {"field": "time", "value": ["21:00", "21:30"]},
    {"field": "time", "value": ["22:00", "06:00"]},
    {"field": "weekday", "value": ["mon", "sat"]},
    {"none": [{"subject_contains": "lottery"}, {"subject_contains": "rechnung"}]},
    {"any": [{"subject_contains": "x-x"}, {"body_contains": "y-y"}]},
    {"all": [{"subject_contains": "rechnung"}, {"body_contains": "y-y"}]},
]

FLAT: list[tuple[Any, str, bool]] = [
    ({"recipient_equals": "support@ours.example"}, "all", True),
    ({"recipient_contains": "SUPPORT@"}, "all", True),
    ({"sender_equals": "cy@shop.example"}, "all", True),
    ({"sender_equals": "bounce+17@lists.shop.example"}, "all", True),
    ({"sender_contains": "@shop"}, "all", True),
    ({"subject_contains": "rechnung"}, "all", True),
    ({"body_contains": "IS DUE"}, "all", True),
    ({"has_attachment": True}, "all", True),
    ({"has_attachment": "false"}, "all", False),
    ({"header_contains": {"name": "X-Priority", "value": "1"}}, "all", True),
    (
        {"header_contains": [{"name": "X-A", "value": "1"}, {"name": "Received", "value": "mx"}]},
        "all",
        True,
    ),
    ({"keywords": ["nothing", "due"]}, "all", True),
    ({"keywords": "nothing, Straße"}, "all", True),
    ({"keywords": ["nothing", "at all"]}, "all", False),
    ({"domain_matches": "shop.example"}, "all", True),
    ({"domain_matches": "other.example"}, "all", False),
    ({"regex": r"no\. \d{4}-\d+"}, "all", True),
    ({"subject_contains": "rechnung", "body_contains": "nothing"}, "all", False),
    ({"subject_contains": "rechnung", "body_contains": "nothing"}, "any", True),
    ({"subject_contains": "rechnung", "body_contains": "", "keywords": []}, "all", True),
    ([{"subject_contains": "nothing"}, {"body_contains": "due"}], "any", True),
    ([{"subject_contains": "nothing"}, {"body_contains": "due"}], "all", False),
    ([{"type": "subject_contains", "value": "rechnung"}], "all", True),
    ([{"type": "header_contains", "name": "X-Priority", "value": "1"}], "all", True),
    ([], "any", True),
    ({}, "any", True),
]


def matches(conditions: Any, mode: str = "all") -> bool:
    tree = parse_conditions(conditions, mode)
    assert isinstance(tree, Group), tree
    rules = [RuleInput(1, 1, "", tree)]
    plan = decide(compile_rules(rules), MAIL)
    assert plan == explain(rules, MAIL).plan
    return bool(plan.matched)


@pytest.mark.parametrize("conditions", HOLDS, ids=str)
def test_holds(conditions: Any) -> None:
    assert matches(conditions)


@pytest.mark.parametrize("conditions", FAILS, ids=str)
def test_fails(conditions: Any) -> None:
    assert not matches(conditions)


@pytest.mark.parametrize(("conditions", "mode", "expected"), FLAT, ids=str)
def test_the_original_s_flat_shape_means_the_same(
    conditions: Any, mode: str, expected: bool
) -> None:
    assert matches(conditions, mode) is expected


def test_every_field_is_tried_above() -> None:
    tried = str(HOLDS)
    assert not [name for name in FIELDS if f"'field': '{name}'" not in tried]


def test_facts_come_back_from_their_snapshot() -> None:
    blank = Facts(
        **{
            name: getattr(MAIL, name)
            for name in ("from_", "to", "cc", "reply_to", "subject", "body")
        },
        headers=MAIL.headers,
        attachments=MAIL.attachments,
        list_id=MAIL.list_id,
        size_bytes=MAIL.size_bytes,
    )
    assert blank != MAIL
    assert blank.restore(MAIL.snapshot()) == MAIL


def test_the_explanation_shows_what_was_seen_and_where_it_was_hit() -> None:
    tree = parse_conditions(
        {"all": [{"body_contains": "发票"}, {"field": "size", "op": "at_least", "value": 9}]}
    )
    assert isinstance(tree, Group)
    (result,) = explain([RuleInput(1, 1, "r", tree)], MAIL).rules
    assert result.conditions is not None
    body, size = result.conditions.children
    assert (result.outcome, body.passed, size.passed) == ("matched", True, True)
    assert "发票" in body.seen[0] and len(body.seen[0]) <= 202
    assert size.seen == ("80000",)


def test_the_explanation_lists_rules_that_were_not_asked() -> None:
    everything = Group("all", ())
    rules = [
        RuleInput(1, 1, "off", everything, active=False),
        RuleInput(2, 1, "last", everything, stop=True),
        RuleInput(3, 1, "late", everything),
    ]
    trace = explain(rules, MAIL)
    assert [result.outcome for result in trace.rules] == ["inactive", "matched", "not_reached"]
    assert trace.rules[2].reason == "“last” ended the rules."
    assert trace.plan.stopped_by == 2
