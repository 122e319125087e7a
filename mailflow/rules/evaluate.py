"""One rule after the other, every condition with the value seen: the explanation. Pure.

It is also what the fast way is tested against: both must always come to the same plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mailflow.rules.conditions import (
    Flag,
    Group,
    GroupKind,
    Leaf,
    Node,
    Number,
    Present,
    Regex,
    Shown,
    Text,
    TimeOfDay,
    Weekday,
)
from mailflow.rules.facts import Facts
from mailflow.rules.fields import FLAGS, NUMBERS
from mailflow.rules.leaves import View, local_time, passes
from mailflow.rules.plan import MatchedRule, Plan, RuleInput, matched
from mailflow.rules.regexes import matcher

SEEN_LENGTH_MAX = 200
SEEN_MAX = 5
BEFORE_HIT = 60

Outcome = Literal["matched", "not_matched", "inactive", "not_reached"]


@dataclass(frozen=True, slots=True)
class LeafResult:
    """One condition: as it was written, the values seen (at most 5, cut to 200 characters)."""

    shown: Shown
    seen: tuple[str, ...]
    passed: bool
    seen_count: int


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A group and what became of each child."""

    kind: GroupKind
    passed: bool
    children: "tuple[GroupResult | LeafResult, ...]"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule: `conditions` is None where it was not asked, `reason` says why that is so."""

    rule: RuleInput
    outcome: Outcome
    conditions: GroupResult | None
    reason: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Every rule in order, and the plan that follows."""

    rules: tuple[RuleResult, ...]
    plan: Plan


def explain(rules: Sequence[RuleInput], facts: Facts) -> Trace:
    """Asks every rule in order, up to the first match that ends rules; all are listed."""
    view = View(facts)
    results: list[RuleResult] = []
    found: list[MatchedRule] = []
    ended_by: RuleInput | None = None
    for rule in sorted(rules, key=lambda rule: rule.order):
        result = _rule(rule, view, ended_by)
        results.append(result)
        if result.outcome == "matched":
            found.append(matched(rule))
            ended_by = rule if rule.ends_rules else None
    return Trace(tuple(results), Plan(tuple(found), ended_by.rule_id if ended_by else None))


def _rule(rule: RuleInput, view: View, ended_by: RuleInput | None) -> RuleResult:
    if not rule.active:
        return RuleResult(rule, "inactive", None, "The rule is switched off.")
    if ended_by is not None:
        return RuleResult(rule, "not_reached", None, f"“{ended_by.name}” ended the rules.")
    result = evaluate(rule.conditions, view)
    if not result.passed:
        return RuleResult(rule, "not_matched", result, "The conditions do not hold.")
    if not result.children:
        return RuleResult(rule, "matched", result, "It has no conditions, so it matches all mail.")
    return RuleResult(rule, "matched", result, "The conditions hold.")


def evaluate(group: Group, view: View) -> GroupResult:
    """Every condition of the group, also those that no longer matter."""
    children = tuple(_node(child, view) for child in group.children)
    passed = [child.passed for child in children]
    holds = {"all": all(passed), "any": any(passed), "none": not any(passed)}[group.kind]
    return GroupResult(group.kind, holds, children)


def _node(node: Node, view: View) -> GroupResult | LeafResult:
    if isinstance(node, Group):
        return evaluate(node, view)
    values = _seen(node, view)
    seen = tuple(_around(node, value) for value in values[:SEEN_MAX])
    return LeafResult(node.shown, seen, passes(node, view), len(values))


def _seen(leaf: Leaf, view: View) -> Sequence[str]:
    match leaf:
        case Flag():
            return ("true" if FLAGS[leaf.field](view.facts) else "false",)
        case Number():
            return tuple(map(str, NUMBERS[leaf.field](view.facts)))
        case TimeOfDay() | Weekday():
            return (f"{local_time(view.facts, leaf.zone):%a %H:%M} {leaf.zone}",)
        case Text() | Regex() | Present():
            return view.raw((leaf.field, leaf.header))
        case _:
            return view.raw((leaf.field, ""))


def _around(leaf: Leaf, value: str) -> str:
    """The part of a long value that was hit, or its beginning."""
    if len(value) <= SEEN_LENGTH_MAX:
        return value
    start = max(0, _hit(leaf, value) - BEFORE_HIT)
    cut = value[start : start + SEEN_LENGTH_MAX]
    return f"{'…' if start else ''}{cut}{'…' if start + SEEN_LENGTH_MAX < len(value) else ''}"


def _hit(leaf: Leaf, value: str) -> int:
    """Roughly where: folding may have made the text a little longer."""
    if isinstance(leaf, Regex):
        found = matcher(leaf.pattern, leaf.any_case).search(value.encode(errors="replace"))
        return (
            len(value.encode(errors="replace")[: found.start()].decode(errors="ignore"))
            if found
            else 0
        )
    if isinstance(leaf, Text) and leaf.how == "contains":
        folded = value.casefold()
        return min((at for want in leaf.wanted if (at := folded.find(want)) >= 0), default=0)
    return len(value) if isinstance(leaf, Text) and leaf.how == "ends_with" else 0
