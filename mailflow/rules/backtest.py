"""What a new or changed rule would have done to mail that is stored. Nothing is changed."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mailflow.accounts.permissions import Actor
from mailflow.lib.refusals import Refused
from mailflow.mail.models import Email, RawMessage
from mailflow.rules.changes import body_of, check
from mailflow.rules.compile import compile_rules
from mailflow.rules.decide import decide
from mailflow.rules.evaluate import GroupResult, evaluate
from mailflow.rules.leaves import View
from mailflow.rules.loader import current_rules
from mailflow.rules.models import Decision, Rule
from mailflow.rules.plan import Plan, RuleInput, read_rule
from mailflow.rules.why import stored_facts

LAST_DEFAULT = 50
LAST_MAX = 500
TIME_LIMIT_S = 10.0

# A rule that is not saved yet runs after those of the same priority, as it will once it has an id.
NEW_RULE_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Compared:
    """One email: what the rules of now do with it, what they would do, and why the tested rule."""

    email: Email
    old: Plan
    new: Plan
    conditions: GroupResult

    @property
    def changed(self) -> bool:
        """Whether anything else would be done."""
        return self.old != self.new

    @property
    def matched(self) -> bool:
        """Whether the tested rule's conditions hold, be it reached or not."""
        return self.conditions.passed


@dataclass(frozen=True, slots=True)
class Backtest:
    """`skipped` emails have no raw message or decision any more; `cut_short`: time was up."""

    rule: RuleInput
    rows: tuple[Compared, ...]
    skipped: int
    cut_short: bool

    @property
    def changed(self) -> int:
        return sum(row.changed for row in self.rows)

    @property
    def matched(self) -> int:
        return sum(row.matched for row in self.rows)


def backtest(
    body: Mapping[str, Any], actor: Actor, rule: Rule | None = None, last: int = LAST_DEFAULT
) -> Backtest:
    """Tries a rule body, instead of `rule` when one is given, on the last emails the actor sees.

    Raises Refused where the body cannot be used. Takes 10 s at most.
    """
    if not 1 <= last <= LAST_MAX:
        raise Refused({"last": f"last: write a whole number from 1 to {LAST_MAX}."})
    tested = _tested(body, rule)
    loaded = current_rules()
    others = [other for other in loaded.rules if other.rule_id != tested.rule_id]
    old_set, new_set = loaded.rule_set, compile_rules([*others, tested])
    rows: list[Compared] = []
    emails = _last_emails(actor, last)
    decisions = Decision.objects.in_bulk([email.pk for email in emails])
    deadline = time.monotonic() + TIME_LIMIT_S
    looked_at = 0
    for email in emails:
        if time.monotonic() > deadline:
            break
        looked_at += 1
        try:
            facts = stored_facts(email, decisions[email.pk])
        except (KeyError, RawMessage.DoesNotExist):
            continue
        conditions = evaluate(tested.conditions, View(facts))
        rows.append(Compared(email, decide(old_set, facts), decide(new_set, facts), conditions))
    return Backtest(tested, tuple(rows), looked_at - len(rows), looked_at < len(emails))


def _tested(body: Mapping[str, Any], rule: Rule | None) -> RuleInput:
    """The rule to be tried; named, if it has no name yet."""
    if rule is None:
        whole = check({**body, "name": body.get("name") or "…"})
    else:
        whole = check(body, body_of(rule))
    number, version = (rule.pk, rule.version + 1) if rule else (NEW_RULE_ID, 1)
    read = read_rule(number, version, whole)
    assert isinstance(read, RuleInput), "check has read it before"
    return read


def _last_emails(actor: Actor, last: int) -> Sequence[Email]:
    emails = Email.objects.visible_to(actor).select_related("message")
    return list(emails.defer("message__text", "message__html").order_by("-id")[:last])
