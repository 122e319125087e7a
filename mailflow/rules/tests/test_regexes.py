"""No pattern that is accepted takes long; what is refused says what to do."""

from time import process_time

import pytest

from mailflow.rules.compile import compile_rules
from mailflow.rules.decide import decide
from mailflow.rules.facts import Facts
from mailflow.rules.parse import parse_conditions
from mailflow.rules.plan import RuleInput
from mailflow.rules.regexes import problem

LIMIT_S = 0.010
SUBJECT = 998  # RFC 5322 2.1.1

HOSTILE = [
    r"(a+)+$",
    r"(\w+\s?)*$",
    r"(a|aa)+$",
    r"(x+x+)+y",
    r"(.*a){20}",
    r"(.*?,){50}P",
    r"[ab]*a[ab]{200}",
    r"(x{30}){30}",
    r"((a{0,30}){0,30})$",
    r"(a?){100}a{100}",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"([a-zA-Z0-9._-]+)+@",
    r"(\pL+\s?)+$",
    r"(?:.{0,100}a){9}b",
    "|".join(["a"] * 10_000),
    "(" + "|".join(f"a{n}" for n in range(10_000)) + ")+$",
    "(" * 400 + "a" + ")+" * 400,
]
SUBJECTS = [sign * SUBJECT + "!" for sign in ("a", "ab", "x", ",", " a", "é")]


@pytest.mark.parametrize("pattern", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.timed
def test_a_hostile_pattern_is_refused_or_quick_on_any_subject(pattern: str) -> None:
    tree = parse_conditions({"field": "subject", "op": "regex", "value": pattern})
    if not hasattr(tree, "children"):
        assert tree.what and tree.mend
        return
    rule_set = compile_rules([RuleInput(1, 1, "", tree)])
    for subject in SUBJECTS:
        took = min(_seconds(rule_set, Facts(subject=subject[:SUBJECT])) for _ in range(3))
        assert took < LIMIT_S, (pattern, subject[:5], took)


def _seconds(rule_set: object, facts: Facts) -> float:
    start = process_time()
    decide(rule_set, facts)  # type: ignore[arg-type]
    return process_time() - start


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (r"(?=x)", "Look-ahead"),
        (r"x(?!y)", "Look-ahead"),
        (r"(?<=x)y", "Look-ahead"),
        (r"(?<!x)y", "Look-ahead"),
        (r"(a)\1", "Back-references"),
        (r"a{1001}", "1000"),
        (r"(a{90}){90}", "multiplied"),
        (r"[^a]{900}é{90}", "too large"),
        (r"(", "cannot be read"),
        (r"[z-a]", "cannot be read"),
        (r"*", "cannot be read"),
        (r"", "empty"),
        ("a" * 1_001, "longer than"),
        ("\ud800", "surrogate"),
        (r"\p{Nope}", "cannot be read"),
        (r"(\pL{30}){3}", ""),
    ],
)
def test_a_refused_pattern_says_why(pattern: str, says: str) -> None:
    assert says in problem(pattern)


@pytest.mark.parametrize(
    "pattern", [r"^Re:", r"(?i)rechnung|فاتورة", r"\d{4}-\d{2}", r"[[:alpha:]]+"]
)
def test_ordinary_patterns_are_accepted(pattern: str) -> None:
    assert problem(pattern) == ""
