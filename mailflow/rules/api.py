"""The API of rules."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status

from mailflow.accounts.doors import require
from mailflow.accounts.permissions import Ability
from mailflow.lib.paging import list_page
from mailflow.rules import changes
from mailflow.rules.backtest import LAST_DEFAULT, backtest
from mailflow.rules.models import Rule, RuleVersion
from mailflow.rules.shown import backtest_shown, rule_shown, version_shown

router = Router(tags=["Rules"])

_CONDITIONS = Field(
    None,
    description="A condition tree ({all|any|none: […]} over {field, op, value}), the flat keys of "
    "the original, or a list of either.",
)
_ACTIONS = Field(None, description="A list of {type, …parameters}.")


class RuleIn(Schema):
    """What a rule is to say; on a change, fields that are left out stay as they are."""

    name: str | None = None
    active: bool | None = None
    priority: int | None = Field(None, description="Lower numbers run first.")
    stop: bool | None = Field(None, description="A match ends the rules.")
    matchMode: str | None = Field(None, description="all or any, of conditions side by side.")
    conditions: Any = _CONDITIONS
    actions: Any = _ACTIONS

    def to_body(self) -> dict[str, Any]:
        """As `changes` takes it."""
        return self.model_dump(exclude_none=True)


class RuleOut(Schema):
    """A rule."""

    id: int
    name: str
    active: bool
    priority: int
    stop: bool
    matchMode: str
    conditions: Any
    actions: Any
    version: int
    matchCount: int
    createdAt: datetime
    updatedAt: datetime
    lastMatchedAt: datetime | None


class RulesOut(Schema):
    """A page of rules, newest first."""

    rules: list[RuleOut]
    next_cursor: str | None


class RuleItem(Schema):
    """One rule."""

    rule: RuleOut


class VersionOut(Schema):
    """What a rule said from one save to the next."""

    version: int
    savedAt: datetime
    savedBy: str
    inForce: bool
    rule: dict[str, Any]


class VersionsOut(Schema):
    """A page of a rule's versions, newest first."""

    versions: list[VersionOut]
    next_cursor: str | None


class TestIn(Schema):
    """A rule to be tried: a new one, or instead of `ruleId`, on the last stored emails."""

    rule: RuleIn | None = None
    ruleId: int | None = None
    last: int = LAST_DEFAULT


@router.get("/rules", response=RulesOut)
def list_rules(
    request: HttpRequest, limit: int | None = None, cursor: str | None = None
) -> dict[str, Any]:
    """Every rule. They run by `priority`, lower first, then by id."""
    actor = require(request, "read")
    page = list_page(Rule.objects.visible_to(actor), limit, cursor)
    rules = [rule_shown(rule, actor) for rule in page.rows]
    return {"rules": rules, "next_cursor": page.next_cursor}


@router.post("/rules", response={201: RuleItem})
def create_rule(request: HttpRequest, body: RuleIn) -> Status[dict[str, Any]]:
    """A new rule, in force at once."""
    actor = require(request, "configure")
    return Status(201, {"rule": rule_shown(changes.save_rule(body.to_body(), actor), actor)})


@router.post("/rules/test")
def test_rule(request: HttpRequest, body: TestIn) -> dict[str, Any]:
    """What the rule would have done to the last stored emails, old plan beside new."""
    actor = require(request, "configure")
    rule = None if body.ruleId is None else _one(request, body.ruleId, "configure")
    given = body.rule.to_body() if body.rule else {}
    return backtest_shown(backtest(given, actor, rule, body.last))


@router.get("/rules/{int:rule_id}", response=RuleItem)
def get_rule(request: HttpRequest, rule_id: int) -> dict[str, Any]:
    """One rule."""
    rule = _one(request, rule_id, "read")
    return {"rule": rule_shown(rule, require(request, "read"))}


@router.put("/rules/{int:rule_id}", response=RuleItem)
def change_rule(request: HttpRequest, rule_id: int, body: RuleIn) -> dict[str, Any]:
    """A new version of the rule with the fields given."""
    actor = require(request, "configure")
    rule = _one(request, rule_id, "configure")
    return {"rule": rule_shown(changes.save_rule(body.to_body(), actor, rule), actor)}


@router.delete("/rules/{int:rule_id}")
def delete_rule(request: HttpRequest, rule_id: int) -> dict[str, bool]:
    """The rule is no longer in force; its versions stay."""
    changes.delete(_one(request, rule_id, "configure"), require(request, "configure"))
    return {"ok": True}


@router.get("/rules/{int:rule_id}/versions", response=VersionsOut)
def list_versions(
    request: HttpRequest, rule_id: int, limit: int | None = None, cursor: str | None = None
) -> dict[str, Any]:
    """Every version of a rule."""
    actor = require(request, "read")
    rule = _one(request, rule_id, "read")
    page = list_page(RuleVersion.objects.filter(rule_id=rule.pk), limit, cursor)
    versions = [version_shown(row, actor) for row in page.rows]
    return {"versions": versions, "next_cursor": page.next_cursor}


@router.post("/rules/{int:rule_id}/versions/{int:version}/restoration", response=RuleItem)
def restore_version(request: HttpRequest, rule_id: int, version: int) -> dict[str, Any]:
    """The rule says again what it said in that version, as a new version."""
    actor = require(request, "configure")
    rule = _one(request, rule_id, "configure")
    if not RuleVersion.objects.filter(rule_id=rule.pk, version=_small(version)).exists():
        raise Http404
    return {"rule": rule_shown(changes.restore(rule, version, actor), actor)}


def _one(request: HttpRequest, rule_id: int, ability: Ability) -> Rule:
    # An id beyond 64 bits names nothing, and no database can be asked for it.
    rules = Rule.objects.visible_to(require(request, ability))
    found = rules.filter(pk=rule_id).first() if 0 < rule_id < 2**63 else None
    if found is None:
        raise Http404
    return found


def _small(number: int) -> int:
    if number >= 2**31:
        raise Http404
    return number
