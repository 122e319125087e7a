"""A report's days are whole days, every group is there, and no date is an error."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.reports.spans import MOST_DAYS, BadSpan, Span, span

TODAY = date(2026, 3, 4)


def test_without_dates_the_last_thirty_days_are_reported() -> None:
    assert span(TODAY, None, None) == Span(date(2026, 2, 3), TODAY)


def test_days_without_anything_have_zero() -> None:
    days = Span(date(2026, 3, 1), date(2026, 3, 3))
    assert days.fold([("2026-03-02", 5)]) == [
        ("2026-03-01", 0), ("2026-03-02", 5), ("2026-03-03", 0),
    ]  # fmt: skip


def test_weeks_begin_on_monday_and_months_are_whole_labels() -> None:
    counts = [("2026-02-28", 1), ("2026-03-02", 2), ("2026-03-08", 3)]
    weeks = Span(date(2026, 2, 28), date(2026, 3, 8), "week")
    months = Span(date(2026, 2, 28), date(2026, 3, 8), "month")
    assert weeks.fold(counts) == [("2026-02-23", 1), ("2026-03-02", 5)]
    assert months.fold(counts) == [("2026-02", 1), ("2026-03", 5)]


def test_a_span_covers_its_last_day() -> None:
    assert (Span(TODAY, TODAY).end - Span(TODAY, TODAY).start).days == 1


@given(st.none() | st.dates(), st.none() | st.dates())
def test_any_dates_are_a_span_or_refused(first: date | None, last: date | None) -> None:
    try:
        found = span(TODAY, first, last)
    except BadSpan as error:
        assert error.field in {"from", "to"}
    else:
        assert found.first <= found.last
        assert len(list(found.groups())) <= MOST_DAYS


def test_a_century_is_refused() -> None:
    with pytest.raises(BadSpan, match="at most"):
        span(TODAY, date(1926, 1, 1), None)
