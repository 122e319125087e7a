"""Each save of a rule is a version in force at once; nothing is half saved."""

from typing import Any

import pytest

from mailflow.accounts.permissions import SYSTEM
from mailflow.history.models import Event
from mailflow.lib.refusals import Conflict, Refused
from mailflow.rules.changes import delete, restore, save_many, save_rule
from mailflow.rules.decide import decide
from mailflow.rules.facts import Facts
from mailflow.rules.loader import current_revision, current_rules, versions_at
from mailflow.rules.models import Rule, RuleVersion

pytestmark = pytest.mark.django_db

BILLS: dict[str, Any] = {
    "name": "Bills",
    "conditions": [{"type": "subject_contains", "value": "invoice"}],
    "actions": [{"type": "tag_email", "tags": ["money"]}],
}


def names(subject: str) -> list[str]:
    return [rule.name for rule in decide(current_rules().rule_set, Facts(subject=subject)).matched]


def test_a_saved_rule_is_in_force_at_once_and_in_the_history() -> None:
    rule = save_rule(BILLS, SYSTEM)
    assert (rule.version, rule.active, rule.priority) == (1, True, 100)
    assert names("Invoice 7") == ["Bills"] and names("Hello") == []
    assert Event.objects.get().kind == "rule_changed"


def test_a_change_keeps_what_is_not_given_and_is_a_new_version() -> None:
    rule = save_rule(BILLS, SYSTEM)
    changed = save_rule({"name": "Money"}, SYSTEM, rule)
    assert (changed.pk, changed.version, changed.actions) == (rule.pk, 2, BILLS["actions"])
    assert names("invoice") == ["Money"]
    assert [v.body["name"] for v in versions_at(1)] == ["Bills"]
    assert [v.body["name"] for v in versions_at(2)] == ["Money"]


def test_any_version_can_be_restored() -> None:
    rule = save_rule(BILLS, SYSTEM)
    save_rule({"name": "Money", "active": False, "stop": True}, SYSTEM, rule)
    back = restore(Rule.objects.get(), 1, SYSTEM)
    assert (back.name, back.active, back.stop, back.version) == ("Bills", True, False, 3)
    with pytest.raises(Refused):
        restore(rule, 9, SYSTEM)


def test_a_deleted_rule_is_out_of_force_and_its_versions_stay() -> None:
    rule = save_rule(BILLS, SYSTEM)
    delete(rule, SYSTEM)
    assert names("invoice") == [] and not Rule.objects.exists()
    assert [v.body["name"] for v in versions_at(1)] == ["Bills"]
    assert list(versions_at(current_revision())) == []


def test_a_rule_switched_off_does_nothing() -> None:
    rule = save_rule(BILLS, SYSTEM)
    save_rule({"active": False}, SYSTEM, rule)
    assert names("invoice") == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a" * 201}, "name"),
        ({"name": "a\0"}, "name"),
        ({"priority": "1"}, "priority"),
        ({"priority": True}, "priority"),
        ({"active": "yes"}, "active"),
        ({"matchMode": "some"}, "matchMode"),
        ({"colour": "red"}, "colour"),
        ({"conditions": {"regex": "("}}, "conditions.regex.value"),
        ({"actions": [{"type": "fly"}]}, "actions[0].type"),
        ({"conditions": [{"field": "subject", "value": "x", "zone": "\0"}]}, "conditions"),
        (
            {"conditions": [{"field": "to", "op": "in_list", "value": ["a" * 500] * 900}]},
            "conditions",
        ),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_refused_rule_names_the_place_and_changes_nothing(
    body: dict[str, Any], field: str
) -> None:
    rule = save_rule(BILLS, SYSTEM)
    for target in (None, rule):
        with pytest.raises(Refused) as refused:
            save_rule({**BILLS, **body}, SYSTEM, target)
        assert refused.value.field == field
    assert RuleVersion.objects.count() == 1 and names("invoice") == ["Bills"]


def test_of_several_rules_all_or_none_are_saved() -> None:
    with pytest.raises(Refused):
        save_many([BILLS, {**BILLS, "name": ""}], SYSTEM)
    assert not Rule.objects.exists()
    save_many([BILLS, BILLS], SYSTEM)
    assert current_revision() == 1 and len(current_rules().rules) == 2


def test_a_rule_deleted_meanwhile_cannot_be_changed() -> None:
    rule = save_rule(BILLS, SYSTEM)
    delete(Rule.objects.get(), SYSTEM)
    with pytest.raises(Conflict):
        save_rule({"name": "Late"}, SYSTEM, rule)


def test_rules_are_loaded_once_for_each_change(django_assert_num_queries: Any) -> None:
    save_many([BILLS] * 3, SYSTEM)
    loaded = current_rules()
    with django_assert_num_queries(2):
        assert current_rules() is loaded


def test_a_version_that_can_no_longer_be_read_is_left_out() -> None:
    save_many([BILLS, {**BILLS, "name": "Good"}], SYSTEM)
    broken = RuleVersion.objects.order_by("id")[0]
    RuleVersion.objects.filter(pk=broken.pk).update(body={**broken.body, "conditions": {"x": 1}})
    assert names("invoice") == ["Good"]
