"""A wrong rule is refused with the place, what is wrong and the mend; nothing ever raises."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.rules.actions import ActionError, parse_actions
from mailflow.rules.conditions import ConditionError, Group
from mailflow.rules.operands import VALUES_MAX
from mailflow.rules.parse import CONDITIONS_MAX, DEPTH_MAX, parse_conditions


def nested(depth: int) -> Any:
    found: Any = {"subject_contains": "x"}
    for _ in range(depth):
        found = {"all": [found]}
    return found


@pytest.mark.parametrize(
    ("conditions", "path", "says"),
    [
        ("subject", "conditions", "must be an object"),
        (7, "conditions", "must be an object"),
        ({"subjects_contain": "x"}, "conditions.subjects_contain", "unknown"),
        ({"field": "colour", "value": "red"}, "conditions.field", "unknown"),
        ({"field": ["a"], "value": "red"}, "conditions.field", "unknown"),
        ({"field": "subject", "op": "over", "value": 1}, "conditions.op", "cannot be asked"),
        ({"field": "subject", "op": [], "value": 1}, "conditions.op", "cannot be asked"),
        ({"field": "subject", "vlaue": "x"}, "conditions.vlaue", "unknown"),
        ({"field": "subject"}, "conditions.value", "not empty"),
        ({"field": "subject", "value": ""}, "conditions.value", "not empty"),
        ({"field": "subject", "value": ["a", " "]}, "conditions.value", "not empty"),
        ({"field": "subject", "value": {"a": 1}}, "conditions.value", "not empty"),
        ({"field": "subject", "value": "a" * 501}, "conditions.value", "longer"),
        ({"field": "subject", "value": "a\0b"}, "conditions.value", "no mail"),
        ({"field": "subject", "value": "\ud800"}, "conditions.value", "no mail"),
        (
            {"field": "to", "op": "in_list", "value": ["a"] * (VALUES_MAX + 1)},
            "conditions.value",
            "at most",
        ),
        ({"field": "header", "op": "contains", "value": "x"}, "conditions.name", "header's name"),
        ({"field": "header", "name": "X Y", "value": "x"}, "conditions.name", "header's name"),
        ({"header_contains": "x"}, "conditions.header_contains.name", "header's name"),
        ({"field": "size", "op": "at_least", "value": "big"}, "conditions.value", "whole number"),
        ({"field": "size", "op": "at_least", "value": True}, "conditions.value", "whole number"),
        ({"field": "size", "op": "at_least", "value": 1e9}, "conditions.value", "whole number"),
        ({"field": "size", "op": "at_least", "value": -1}, "conditions.value", "whole number"),
        ({"field": "time", "value": ["9:00", "17:00"]}, "conditions.value", "start and an end"),
        ({"field": "time", "value": ["09:00"]}, "conditions.value", "start and an end"),
        ({"field": "time", "value": ["09:00", "09:00"]}, "conditions.value", "the same"),
        (
            {"field": "time", "value": ["09:00", "10:00"], "zone": "Mars/X"},
            "conditions.zone",
            "unknown",
        ),
        (
            {"field": "time", "value": ["09:00", "10:00"], "zone": "../etc"},
            "conditions.zone",
            "unknown",
        ),
        ({"field": "time", "value": ["09:00", "10:00"], "zone": 7}, "conditions.zone", "unknown"),
        ({"field": "weekday", "value": ["someday"]}, "conditions.value", "weekday"),
        (
            {"field": "from", "op": "domain", "value": "a@b.example"},
            "conditions.value",
            "user name",
        ),
        ({"field": "contact_vip", "value": "maybe"}, "conditions.value", "neither"),
        ({"any": []}, "conditions.any", "at least one"),
        ({"any": {"field": "subject"}}, "conditions.any", "must be a list"),
        ({"any": [{"subject_contains": "a"}, {}]}, "conditions.any[1]", "empty"),
        ([{"subject_contains": "a"}, {"regex": "("}], "conditions[1].regex.value", "refused"),
        ([{"type": "subject_is", "value": "a"}], "conditions[0].type", "unknown"),
        (nested(DEPTH_MAX + 1), "conditions" + ".all[0]" * (DEPTH_MAX + 1), "levels deep"),
        ([{"subject_contains": "x"}] * (CONDITIONS_MAX + 1), "conditions", "at most"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_condition_is_refused_where_it_stands(
    conditions: Any, path: str, says: str
) -> None:
    error = parse_conditions(conditions)
    assert isinstance(error, ConditionError)
    assert (error.path, says in str(error), bool(error.mend)) == (path, True, True), error


def test_an_unknown_match_mode_is_refused() -> None:
    error = parse_conditions([], "some")
    assert isinstance(error, ConditionError) and error.path == "matchMode"


def test_the_deepest_tree_that_is_allowed_is_read() -> None:
    assert isinstance(parse_conditions(nested(DEPTH_MAX)), Group)


# fmt: off
KEYS = [
    "field", "op", "value", "name", "all", "any", "none", "type", "regex", "zone", "to", "keywords",
    "header_contains", "config", "url", "headers", "tags", "negate",
]
# fmt: on
json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(("subject", "contains", "regex", "(", "forward", "09:00", "header")),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(json_values, json_values)
def test_any_json_is_read_or_refused(conditions: Any, actions: Any) -> None:
    assert isinstance(parse_conditions(conditions), Group | ConditionError)
    assert isinstance(parse_actions(actions), tuple | ActionError)
