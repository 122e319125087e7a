"""Rules, plans and explanations in the shape that the API answers and pages show."""

from collections.abc import Mapping
from typing import Any

from mailflow.accounts.permissions import Actor
from mailflow.rules.backtest import NEW_RULE_ID, Backtest, Compared
from mailflow.rules.evaluate import GroupResult, LeafResult
from mailflow.rules.models import Rule, RuleVersion
from mailflow.rules.plan import MatchedRule, Plan

MASK = "•••"
# Addresses of incoming webhooks and header values often are the credential themselves.
_SECRET = {"url", "headers", "webhook_url", "webhookUrl", "webhook", "endpoint"}


def rule_shown(rule: Rule, actor: Actor) -> dict[str, Any]:
    """A rule as the API answers it."""
    return {
        "id": rule.pk,
        "name": rule.name,
        "active": rule.active,
        "priority": rule.priority,
        "stop": rule.stop,
        "matchMode": rule.match_mode,
        "conditions": rule.conditions,
        "actions": actions_shown(rule.actions, actor),
        "version": rule.version,
        "matchCount": rule.match_count,
        "createdAt": rule.created_at,
        "updatedAt": rule.updated_at,
        "lastMatchedAt": rule.last_matched_at,
    }


def version_shown(row: RuleVersion, actor: Actor) -> dict[str, Any]:
    """A version of a rule as the API answers it."""
    body = {**row.body, "actions": actions_shown(row.body.get("actions", []), actor)}
    return {
        "version": row.version,
        "savedAt": row.saved_at,
        "savedBy": row.saved_by,
        "inForce": row.until_revision is None,
        "rule": body,
    }


def actions_shown(actions: Any, actor: Actor) -> Any:
    """The actions; who may not change rules sees no address or header that may be a secret."""
    if actor.may("configure"):
        return actions
    return _masked(actions)


def _masked(value: Any) -> Any:
    if isinstance(value, list):
        return [_masked(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {key: MASK if key in _SECRET and item else _masked(item) for key, item in value.items()}


def backtest_shown(result: Backtest) -> dict[str, Any]:
    """A comparison as the API answers it."""
    return {
        "checked": len(result.rows),
        "matched": result.matched,
        "changed": result.changed,
        "skipped": result.skipped,
        "cutShort": result.cut_short,
        "results": [_compared(row) for row in result.rows],
    }


def _compared(row: Compared) -> dict[str, Any]:
    return {
        "emailId": row.email.pk,
        "subject": row.email.message.subject,
        "from": row.email.message.from_address,
        "recipient": row.email.recipient,
        "receivedAt": row.email.received_at,
        "matched": row.matched,
        "changed": row.changed,
        "old": plan_shown(row.old),
        "new": plan_shown(row.new),
        "conditions": result_shown(row.conditions),
    }


def plan_shown(plan: Plan) -> dict[str, Any]:
    """A plan: the matched rules with what they want done; a rule not saved yet has no id."""
    return {
        "matchedRules": [_matched(rule) for rule in plan.matched],
        "stoppedBy": _number(plan.stopped_by),
        "defaultUsed": plan.default_used,
    }


def _matched(rule: MatchedRule) -> dict[str, Any]:
    return {
        "id": _number(rule.rule_id),
        "name": rule.name,
        "version": rule.version,
        "actions": [{"type": action.kind, **action.params} for action in rule.actions],
    }


def _number(rule_id: int | None) -> int | None:
    return None if rule_id == NEW_RULE_ID else rule_id


def result_shown(result: GroupResult | LeafResult) -> dict[str, Any]:
    """An explanation: groups with their children, conditions with the values seen."""
    if isinstance(result, GroupResult):
        children = [result_shown(child) for child in result.children]
        return {"group": result.kind, "passed": result.passed, "children": children}
    shown = result.shown
    return {
        "field": shown.field,
        "op": shown.op,
        "value": shown.value,
        **({"name": shown.name} if shown.name else {}),
        "seen": list(result.seen),
        "seenCount": result.seen_count,
        "passed": result.passed,
    }
