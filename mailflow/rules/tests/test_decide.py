"""The fast way comes to the same plan as asking rule by rule."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from mailflow.rules.actions import Action
from mailflow.rules.compile import compile_rules
from mailflow.rules.conditions import Group
from mailflow.rules.decide import decide
from mailflow.rules.evaluate import explain
from mailflow.rules.facts import Facts
from mailflow.rules.parse import parse_conditions
from mailflow.rules.plan import RuleInput
from mailflow.rules.scan import CHUNK_BYTES, NESTED_MAX
from mailflow.rules.tests import samples


def rule(number: int, conditions: Any, **more: Any) -> RuleInput:
    tree = parse_conditions(conditions)
    assert isinstance(tree, Group), tree
    return RuleInput(number, 1, f"rule {number}", tree, **more)


@st.composite
def rules(draw: st.DrawFn) -> list[RuleInput]:
    bodies = draw(st.lists(samples.trees_json, min_size=1, max_size=8))
    return [
        rule(
            number,
            body,
            priority=draw(st.integers(0, 3)),
            active=draw(st.integers(0, 9)) > 0,
            stop=draw(st.integers(0, 9)) == 0,
            actions=draw(st.sampled_from(((), (), (), (Action("stop"),), (Action("ignore"),)))),
        )
        for number, body in enumerate(bodies)
    ]


@given(rules(), st.lists(samples.facts, min_size=1, max_size=3))
def test_the_fast_way_and_one_by_one_come_to_the_same_plan(
    found: list[RuleInput], arrivals: list[Facts]
) -> None:
    rule_set = compile_rules(found)
    for facts in arrivals:
        assert decide(rule_set, facts) == explain(found, facts).plan


any_text = st.text(
    st.one_of(
        st.sampled_from("abAB sSßẞſkK\u212aiIİıéÉe\u0301ﬁﬀΣσςfi\u0345ͅ"),
        st.characters(),
    ),
    min_size=1,
    max_size=12,
)


@given(
    any_text,
    any_text,
    any_text,
    st.sampled_from(["equals", "contains", "starts_with", "ends_with"]),
)
@example("ß", "x", "STRASSE", "contains")
def test_any_text_is_compared_alike_by_both(want: str, before: str, after: str, how: str) -> None:
    tree = parse_conditions({"field": "text", "op": how, "value": want})
    if not isinstance(tree, Group):
        return
    found = [RuleInput(1, 1, "", tree)]
    for subject in (before, before + want + after, want.upper() + after, want.swapcase()):
        facts = Facts(subject=subject, body=after)
        assert decide(compile_rules(found), facts) == explain(found, facts).plan


def test_rules_run_by_lower_priority_then_by_id() -> None:
    found = [rule(3, []), rule(2, [], priority=5), rule(1, [], priority=5)]
    plan = decide(compile_rules(found), Facts())
    assert [match.rule_id for match in plan.matched] == [1, 2, 3]


def test_a_stop_flag_a_stop_and_an_ignore_end_later_rules() -> None:
    for ending in (
        {"stop": True},
        {"actions": (Action("ignore"),)},
        {"actions": (Action("stop"),)},
    ):
        plan = decide(compile_rules([rule(1, [], **ending), rule(2, [])]), Facts())
        assert ([match.rule_id for match in plan.matched], plan.stopped_by) == ([1], 1)


def test_an_inactive_rule_neither_matches_nor_ends_others() -> None:
    plan = decide(compile_rules([rule(1, [], stop=True, active=False), rule(2, [])]), Facts())
    assert [match.rule_id for match in plan.matched] == [2]


def test_no_match_leaves_the_default() -> None:
    plan = decide(compile_rules([rule(1, {"subject_contains": "x"})]), Facts())
    assert plan.default_used and plan.matched == ()


def test_texts_nested_in_one_another_are_all_found() -> None:
    found = [rule(n, {"body_contains": "a" * n}) for n in range(1, 5 * NESTED_MAX)]
    for length in (0, 1, 7, 20, 4 * NESTED_MAX, 50):
        facts = Facts(body="a" * length)
        assert decide(compile_rules(found), facts) == explain(found, facts).plan


def test_a_text_across_two_chunks_is_found() -> None:
    found = [rule(1, {"body_contains": "needle"}), rule(2, {"body_contains": "نهاية"})]
    for shift in range(12):
        body = "x" * (CHUNK_BYTES - shift) + "needle" + "y" * (CHUNK_BYTES - 6) + "نهاية"
        assert len(decide(compile_rules(found), Facts(body=body)).matched) == 2
