"""A rule ready to be asked, and the answer of a whole rule set. Pure."""

from dataclasses import dataclass
from typing import Any

from mailflow.rules.actions import Action, ActionError, parse_actions
from mailflow.rules.conditions import ConditionError, Group
from mailflow.rules.parse import parse_conditions


@dataclass(frozen=True, slots=True)
class RuleInput:
    """One version of one rule, valid. Rules run by lower `priority` first, equal ones by id."""

    rule_id: int
    version: int
    name: str
    conditions: Group
    actions: tuple[Action, ...] = ()
    priority: int = 100
    active: bool = True
    stop: bool = False

    @property
    def ends_rules(self) -> bool:
        """Whether a match keeps later rules from being looked at."""
        return self.stop or any(action.ends_rules for action in self.actions)

    @property
    def order(self) -> tuple[int, int]:
        return self.priority, self.rule_id


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that matched, with everything it wants done, in order."""

    rule_id: int
    version: int
    name: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for one arrival.

    `stopped_by` is the id of the rule after which no other was looked at; None: all were.
    """

    matched: tuple[MatchedRule, ...] = ()
    stopped_by: int | None = None

    @property
    def default_used(self) -> bool:
        """No rule matched: the default forward and webhook of the settings apply."""
        return not self.matched


def read_rule(
    rule_id: int, version: int, body: dict[str, Any]
) -> RuleInput | ConditionError | ActionError:
    """A rule from its stored body: name, active, priority, stop, matchMode, conditions, actions."""
    conditions = parse_conditions(body.get("conditions"), body.get("matchMode", "all"))
    if isinstance(conditions, ConditionError):
        return conditions
    actions = parse_actions(body.get("actions"))
    if isinstance(actions, ActionError):
        return actions
    return RuleInput(
        rule_id,
        version,
        body.get("name", ""),
        conditions,
        actions,
        body.get("priority", 100),
        body.get("active", True),
        body.get("stop", False),
    )


def matched(rule: RuleInput) -> MatchedRule:
    """The rule as part of a plan."""
    return MatchedRule(rule.rule_id, rule.version, rule.name, rule.actions)
