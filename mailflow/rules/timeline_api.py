"""The API of what happened to one email, and why."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from mailflow.accounts.doors import require
from mailflow.history.models import Event
from mailflow.mail.models import Email, RawMessage
from mailflow.rules.evaluate import RuleResult
from mailflow.rules.shown import result_shown
from mailflow.rules.why import Why, why

router = Router(tags=["Emails"])

_MOST_EVENTS = 250


class TimelineEvent(Schema):
    """One event of the email's history, oldest first."""

    id: int
    at: datetime
    kind: str
    status: str
    actor: str
    summary: str


class RuleTried(Schema):
    """One rule as it stood then: `conditions` with every value seen, or why it was not asked."""

    id: int
    version: int
    name: str
    outcome: str
    reason: str
    conditions: Any


class EffectOut(Schema):
    """What became of one action."""

    rule_id: int
    rule_version: int
    type: str
    status: str
    detail: str


class DecisionOut(Schema):
    """Why the email went where it went. `exact` false: it would be read differently today."""

    reason: str
    exact: bool
    stopped_by: int | None
    rules: list[RuleTried]
    effects: list[EffectOut]


class TimelineOut(Schema):
    """What happened to an email; `decision` is null where the raw message is not kept."""

    timeline: list[TimelineEvent]
    decision: DecisionOut | None


@router.get("/emails/{int:email_id}/timeline", response=TimelineOut)
def email_timeline(request: HttpRequest, email_id: int) -> dict[str, Any]:
    """What happened to an email, and the decision: every rule, condition and value seen."""
    emails = Email.objects.visible_to(require(request, "read")).select_related("message")
    email = emails.filter(pk=email_id).first() if email_id < 2**63 else None
    if email is None:
        raise Http404
    events = Event.objects.filter(email_id=email.pk).order_by("id")
    columns = ("id", "at", "kind", "status", "actor", "summary")
    try:
        decision = _decision(why(email))
    except RawMessage.DoesNotExist:
        decision = None
    return {"timeline": list(events.values(*columns)[:_MOST_EVENTS]), "decision": decision}


def _decision(explained: Why) -> dict[str, Any]:
    trace = explained.trace
    return {
        "reason": explained.reason,
        "exact": explained.exact,
        "stopped_by": trace.plan.stopped_by if trace else None,
        "rules": [_rule(result) for result in trace.rules] if trace else [],
        "effects": [
            {
                "rule_id": effect.rule_id,
                "rule_version": effect.rule_version,
                "type": effect.kind,
                "status": effect.status,
                "detail": effect.detail,
            }
            for effect in explained.effects
        ],
    }


def _rule(result: RuleResult) -> dict[str, Any]:
    return {
        "id": result.rule.rule_id,
        "version": result.rule.version,
        "name": result.rule.name,
        "outcome": result.outcome,
        "reason": result.reason,
        "conditions": result_shown(result.conditions) if result.conditions else None,
    }
