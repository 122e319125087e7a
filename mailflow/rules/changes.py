"""Every write to rules. Each save is a version, so that any decision can be explained later."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailflow.accounts.permissions import Actor
from mailflow.history.changes import Entry, record, record_many
from mailflow.lib.refusals import Conflict, Refused
from mailflow.lib.storable import is_storable
from mailflow.rules.loader import current_revision
from mailflow.rules.models import Rule, RuleVersion
from mailflow.rules.plan import RuleInput, read_rule

NAME_MAX = 200
PRIORITY_MAX = 1_000_000
BODY_BYTES_MAX = 256 * 1024
DEFAULTS: dict[str, Any] = {
    "name": "",
    "active": True,
    "priority": 100,
    "stop": False,
    "matchMode": "all",
    "conditions": [],
    "actions": [],
}
# What the API shows of a rule and a client sends back with the rest.
READ_ONLY = {"id", "version", "createdAt", "updatedAt", "lastMatchedAt", "matchCount"}

# Any number that no other advisory lock of this program uses.
_REVISION_LOCK = 0x6D66_7275


def body_of(rule: Rule) -> dict[str, Any]:
    """Everything a rule says, as it is written down in a version."""
    return {
        "name": rule.name,
        "active": rule.active,
        "priority": rule.priority,
        "stop": rule.stop,
        "matchMode": rule.match_mode,
        "conditions": rule.conditions,
        "actions": rule.actions,
    }


def check(body: Mapping[str, Any], base: Mapping[str, Any] = DEFAULTS) -> dict[str, Any]:
    """The whole body of a rule: what is given over what was. Raises Refused, at the JSON path."""
    unknown = sorted(str(key) for key in body.keys() - DEFAULTS.keys() - READ_ONLY)
    if unknown:
        raise Refused(
            {
                unknown[0][:60]: _("%(field)s: a rule has no such field. It has %(fields)s.")
                % {"field": unknown[0][:60], "fields": ", ".join(DEFAULTS)}
            }
        )
    whole = {**base, **{key: body[key] for key in DEFAULTS if body.get(key) is not None}}
    _check_simple(whole)
    written = json.dumps(whole, ensure_ascii=False)
    if len(written) > BODY_BYTES_MAX or not is_storable(written, BODY_BYTES_MAX):
        raise Refused({"conditions": _("The rule is too large. Split it into several rules.")})
    if "\\u0000" in written:
        raise Refused({"conditions": _("The rule holds a NUL character. Take it out.")})
    read = read_rule(0, 0, whole)
    if not isinstance(read, RuleInput):
        raise Refused({read.path: str(read)})
    return whole


def _check_simple(body: dict[str, Any]) -> None:
    problems = {}
    name = body["name"]
    if not isinstance(name, str) or not name.strip() or not is_storable(name, NAME_MAX):
        problems["name"] = _("name: write 1 to 200 characters.")
    else:
        body["name"] = name.strip()
    for key in ("active", "stop"):
        if not isinstance(body[key], bool):
            problems[key] = _("%(field)s: write true or false.") % {"field": key}
    priority = body["priority"]
    if type(priority) is not int or abs(priority) > PRIORITY_MAX:
        problems["priority"] = _("priority: write a whole number; lower ones run first.")
    if problems:
        raise Refused(problems)


def save_rule(body: Mapping[str, Any], actor: Actor, rule: Rule | None = None) -> Rule:
    """A new rule, or a new version of `rule` with the fields given. It is in force at once.

    Raises Refused with the JSON path of what cannot be used; then nothing was changed.
    """
    return save_many([body], actor, [rule])[0]


def save_many(
    bodies: Sequence[Mapping[str, Any]], actor: Actor, rules: Sequence[Rule | None] = ()
) -> list[Rule]:
    """Saves several rules as one change, all or none; `rules` are those to be changed, or None."""
    targets = rules or [None] * len(bodies)
    wholes = [
        check(body, body_of(rule) if rule else DEFAULTS)
        for body, rule in zip(bodies, targets, strict=True)
    ]
    now = timezone.now()
    with transaction.atomic():
        revision = _next_revision()
        fresh = [rule is None for rule in targets]
        saved = [_filled(rule, whole, now) for rule, whole in zip(targets, wholes, strict=True)]
        _write(saved, fresh)
        _end([rule.pk for rule in saved], revision)
        RuleVersion.objects.bulk_create(
            RuleVersion(
                rule_id=rule.pk,
                version=rule.version,
                body=whole,
                from_revision=revision,
                saved_by=actor.name[:200],
                saved_at=now,
            )
            for rule, whole in zip(saved, wholes, strict=True)
        )
        record_many([_entry(rule, actor, now) for rule in saved])
    return saved


def restore(rule: Rule, version: int, actor: Actor) -> Rule:
    """The rule says again what it said in an earlier version, as a new version."""
    found = RuleVersion.objects.filter(rule_id=rule.pk, version=version).first()
    if found is None:
        raise Refused({"version": _("version: the rule has no such version.")})
    return save_rule(found.body, actor, rule)


def delete(rule: Rule, actor: Actor) -> None:
    """The rule is no longer in force. Its versions stay: they explain what it decided."""
    with transaction.atomic():
        pk, name = rule.pk, rule.name
        _end([pk], _next_revision())
        rule.delete()
        record("rule_changed", f"{name} deleted", actor=actor.name, subject=("rule", pk))


def _filled(rule: Rule | None, body: dict[str, Any], now: datetime) -> Rule:
    if rule is None:
        rule = Rule(created_at=now)
    else:
        current = Rule.objects.select_for_update().filter(pk=rule.pk).first()
        if current is None:
            raise Conflict({"name": _("Somebody else deleted this rule just now.")})
        rule.version = current.version + 1
    rule.name, rule.active, rule.stop = body["name"], body["active"], body["stop"]
    rule.priority, rule.match_mode = body["priority"], body["matchMode"]
    rule.conditions, rule.actions = body["conditions"], body["actions"]
    rule.updated_at = now
    return rule


_WRITTEN = ["name", "active", "priority", "stop", "match_mode", "conditions", "actions"]


def _write(rules: Sequence[Rule], fresh: Sequence[bool]) -> None:
    Rule.objects.bulk_create([rule for rule, new in zip(rules, fresh, strict=True) if new])
    Rule.objects.bulk_update(
        [rule for rule, new in zip(rules, fresh, strict=True) if not new],
        [*_WRITTEN, "version", "updated_at"],
        batch_size=100,
    )


def _end(rule_ids: Sequence[int], revision: int) -> None:
    """The versions in force so far end with this revision."""
    RuleVersion.objects.filter(rule_id__in=rule_ids, until_revision=None).update(
        until_revision=revision
    )


def _next_revision() -> int:
    """The number of this change. Inside a transaction; changes wait for one another.

    SQLite's write transactions exclude one another by themselves.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REVISION_LOCK])
    return current_revision() + 1


def _entry(rule: Rule, actor: Actor, now: datetime) -> Entry:
    verb = "made" if rule.version == 1 else f"saved as version {rule.version}"
    return Entry(
        "rule_changed",
        f"{rule.name} {verb}",
        at=now,
        actor=actor.name,
        subject=("rule", rule.pk),
        data={"version": rule.version, "active": rule.active},
    )
