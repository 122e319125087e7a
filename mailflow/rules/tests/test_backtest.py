"""A rule is tried on stored mail without changing anything."""

from typing import Any

import pytest
from django.utils import timezone

from mailflow.accounts.permissions import ADMIN_KEY, SYSTEM
from mailflow.lib.refusals import Refused
from mailflow.mail.models import Email, Message, RawMessage, Thread
from mailflow.rules.backtest import backtest
from mailflow.rules.changes import save_rule
from mailflow.rules.facts import ContactFact, Facts
from mailflow.rules.models import Decision, Rule, RuleVersion
from mailflow.rules.shown import backtest_shown
from tests.cast import Agent, mail_from_cy

pytestmark = pytest.mark.django_db


def stored(number: int, subject: str, inbox_id: int | None = None) -> Email:
    """An email as processing leaves it, without going through the ways in."""
    now = timezone.now()
    raw = mail_from_cy(subject=subject)
    digest = f"{number:064}"
    RawMessage.objects.create(sha256=digest, content=raw, size_bytes=len(raw))
    message = Message.objects.create(
        content_key=digest,
        raw_sha256=digest,
        size_bytes=len(raw),
        thread=Thread.objects.create(created_at=now, last_message_at=now),
        subject=subject,
        received_at=now,
    )
    email = Email.objects.create(
        id=number,
        message=message,
        inbox_id=inbox_id,
        recipient="support@demo.example",
        received_at=now,
        processed_at=now,
    )
    facts = Facts(recipient=email.recipient, received_at=now, contact=ContactFact(vip=True))
    Decision.objects.create(email=email, revision=0, facts=facts.snapshot())
    return email


BILLS: dict[str, Any] = {
    "conditions": {"subject_contains": "invoice"},
    "actions": [{"type": "mark_spam"}],
}


def test_a_new_rule_shows_its_plan_beside_that_of_now_and_changes_nothing() -> None:
    save_rule({"name": "All"}, SYSTEM)
    stored(1, "Invoice 7")
    stored(2, "Hello")
    result = backtest(BILLS, ADMIN_KEY)
    shown = backtest_shown(result)
    assert (result.matched, result.changed, len(result.rows)) == (1, 1, 2)
    hello, invoice = shown["results"]
    assert (hello["emailId"], hello["changed"], invoice["changed"]) == (2, False, True)
    assert [rule["name"] for rule in invoice["old"]["matchedRules"]] == ["All"]
    assert [rule["id"] for rule in invoice["new"]["matchedRules"]][1:] == [None]
    assert invoice["conditions"]["children"][0]["seen"] == ["Invoice 7"]
    assert Rule.objects.count() == RuleVersion.objects.count() == 1


def test_a_changed_rule_takes_the_place_of_the_saved_one() -> None:
    rule = save_rule({"name": "Bills", **BILLS}, SYSTEM)
    stored(1, "Invoice 7")
    stored(2, "Hello")
    result = backtest({"conditions": {"subject_contains": "hello"}}, ADMIN_KEY, rule)
    assert [(row.matched, row.changed) for row in result.rows] == [(True, True), (False, True)]


def test_an_earlier_rule_that_ends_the_rules_keeps_the_new_one_from_running() -> None:
    save_rule({"name": "First", "stop": True, "priority": 1}, SYSTEM)
    stored(1, "Invoice 7")
    (row,) = backtest(BILLS, ADMIN_KEY).rows
    assert row.matched and not row.changed


def test_facts_that_were_saved_are_used() -> None:
    stored(1, "Invoice 7")
    assert backtest({"conditions": {"field": "contact_vip", "op": "is"}}, ADMIN_KEY).matched == 1


def test_only_mail_that_the_actor_sees_is_tried(ada: Agent, bo: Agent) -> None:
    stored(1, "Invoice 7", ada.inbox.pk)
    stored(2, "Invoice 8", bo.inbox.pk)
    stored(3, "Invoice 9")
    assert [row.email.pk for row in backtest(BILLS, bo.actor).rows] == [2]


def test_mail_without_its_raw_message_is_counted_not_tried() -> None:
    stored(1, "Invoice 7")
    RawMessage.objects.all().delete()
    result = backtest(BILLS, ADMIN_KEY)
    assert (len(result.rows), result.skipped) == (0, 1)


@pytest.mark.parametrize(
    ("body", "last", "field"),
    [
        ({"conditions": {"regex": "("}}, 5, "conditions.regex.value"),
        ({}, 0, "last"),
        ({}, 501, "last"),
    ],
)
def test_what_cannot_be_tried_is_refused(body: dict[str, Any], last: int, field: str) -> None:
    with pytest.raises(Refused) as refused:
        backtest(body, ADMIN_KEY, last=last)
    assert refused.value.field == field


def test_secrets_of_actions_are_masked_for_those_who_may_not_change_rules(ada: Agent) -> None:
    from mailflow.rules.shown import rule_shown

    hook = {"type": "slack", "config": {"webhook_url": "https://hooks.example/secret"}}
    rule = save_rule({"name": "Hook", "actions": [hook]}, SYSTEM)
    assert "secret" not in str(rule_shown(rule, ada.actor))
    assert "secret" in str(rule_shown(rule, ADMIN_KEY))
