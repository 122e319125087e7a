"""Any text is a valid search and means the same on every database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.search.query import MOST_PARTS, Filter, Query, Words, parse


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        ("", (), ()),
        ("late parcel", (Words("late"), Words("parcel")), ()),
        ('"late parcel"', (Words("late parcel"),), ()),
        ("-draft", (Words("draft", excluded=True),), ()),
        ("inv*", (Words("inv", prefix=True),), ()),
        ("in*", (Words("in"),), ()),
        ("from:ann@example.com", (Words("ann example com", "sender"),), ()),
        ('subject:"late parcel"', (Words("late parcel", "subject"),), ()),
        ("Re: order", (Words("Re"), Words("order")), ()),
        ("note:order", (Words("note order"),), ()),
        ('INBOX:"Help Desk"', (), (Filter("inbox", "help desk"),)),
        ("-class:bounce tag:x", (), (Filter("class", "bounce", True), Filter("tag", "x"))),
        ('"open quote', (Words("open quote"),), ()),
        ("a a a", (Words("a"),), ()),
        ("AND OR NOT NEAR( ) ^ : *", (Words("AND"), Words("OR"), Words("NOT"), Words("NEAR")), ()),
        ("قطعة -مسودة", (Words("قطعة"), Words("مسودة", excluded=True)), ()),
    ],
)  # fmt: skip
def test_a_text_means(text: str, words: tuple[Words, ...], filters: tuple[Filter, ...]) -> None:
    assert parse(text) == Query(words, filters)


@given(st.text())
def test_no_text_is_an_error_and_words_hold_letters_and_digits_alone(text: str) -> None:
    query = parse(text)
    assert len(query.words) + len(query.filters) <= MOST_PARTS
    assert all(w.text.replace(" ", "").isalnum() for w in query.words)


@pytest.mark.timed
def test_a_giant_text_is_cut_in_linear_time() -> None:
    assert len(parse("x:" * 1_000_000).words) <= MOST_PARTS
