"""A regular expression never matches a text that lacks what it is said to require."""

import pytest
import re2
from hypothesis import assume, given
from hypothesis import strategies as st

from mailflow.rules.literals import required
from mailflow.rules.regexes import matcher, problem
from mailflow.rules.text import clean, fold

# fmt: off
PIECES = [
    "abc", "a", "b", "ß", "ss", "S", "ﬁ", "k", "\u212a", "é", "عاجل", "发票", "i", "İ", "ɤ", "ƛ",
    "\u0345", "(", ")", "(?:", "(?i)", "(?i:", "(?-i)", "(?P<n>", "[", "]", "[^", "[[:alpha:]]",
    "[]a]", "|", "*", "+", "?", "{2}", "{0}", "{,2}", "{1,2}", "{", "}", ",", "^", "$", ".", "-",
    "\\", "\\.", "\\d", "\\pL", "\\p{Greek}", "\\x41", "\\x{e9}", "\\Q", "\\E", "\\b", "\\_", "\\n",
]
TEXTS = [
    "abc", "ABC", "a", "b", "ß", "ẞ", "SS", "ss", "ſ", "ﬁ", "fi", "K", "k", "\u212a", "é", "É",
    "e\u0301", "عاجل", "发票", "{,2}", "{", "}", "A", ".", "1", "-", "]", "x", "\n", "_", "İ", "I",
    "\ua7cb", "\u0264", "\ua7dc", "\u0399",
]
# fmt: on

patterns = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join)
texts = st.lists(st.sampled_from(TEXTS), max_size=8).map("".join)


@given(patterns, texts, st.booleans())
def test_what_matches_holds_one_of_the_required_texts(
    pattern: str, text: str, any_case: bool
) -> None:
    pattern = clean(pattern)
    assume(not problem(pattern))
    wanted = required(pattern)
    if wanted is not None and matcher(pattern, any_case).search(clean(text).encode()):
        assert any(literal in fold(text) for literal in wanted)


def test_case_folds_the_same_way_in_re2_and_in_comparisons() -> None:
    for code in range(0x80, 0x1F000):
        sign = chr(code)
        others = {sign.lower(), sign.upper(), sign.title(), sign.casefold()} - {sign}
        for other in others:
            if len(other) == 1 and matcher(sign, True).search(other.encode()):
                assert sign.casefold() == other.casefold(), hex(code)


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("invoice", {"invoice"}),
        (r"Invoice\s+#?\d+", {"invoice"}),
        (r"(invoice|bill) \d+", {"invoice", "bill"}),
        (r"(invoice|\d+)", None),
        (r"(invoice)?", None),
        (r"(invoice){0}", None),
        (r"colou?r code", {"r code"}),
        (r"ab*cde", {"cde"}),
        (r"x{3}yyy", {"yyy"}),
        (r"\bfoo\b.*barbar", {"barbar"}),
        (r"^(?i)FOO$", {"foo"}),
        (r"a\.b\.c", {"a.b.c"}),
        (r"\Qa.b.c\E", None),
        (r"[abc]def", {"def"}),
        (r"[[:digit:]]def", {"def"}),
        (r"[]x]def", {"def"}),
        (r"ab", None),
        (r"发票", {"发票"}),
        (r"\d+", None),
    ],
)
def test_required_texts(pattern: str, wanted: set[str] | None) -> None:
    re2.compile(pattern)
    assert required(pattern) == (None if wanted is None else frozenset(wanted))
