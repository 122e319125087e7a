"""The days a report covers and how they are grouped. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

Interval = Literal["day", "week", "month"]
DEFAULT_DAYS = 30
MOST_DAYS = 3660


class BadSpan(ValueError):
    """A span that no report is made of; `field` is at fault, the text says what would be right."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days of UTC, `first` and `last` included."""

    first: date
    last: date
    interval: Interval = "day"

    @property
    def start(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.first, time.min, UTC)

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.last + timedelta(days=1), time.min, UTC)

    def groups(self) -> Iterator[str]:
        """The label of each day's group, in order, once."""
        days = (self.last - self.first).days + 1
        labels = (self.label(self.first + timedelta(days=n)) for n in range(days))
        yield from dict.fromkeys(labels)

    def label(self, day: date) -> str:
        """The group of a day: the day itself, its week's Monday, or its month, as in ISO 8601."""
        match self.interval:
            case "day":
                return day.isoformat()
            case "week":
                return (day - timedelta(days=day.weekday())).isoformat()
            case "month":
                return day.isoformat()[:7]

    def fold(self, counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        """Counts by day ("2026-03-02") as counts by group; a group without any has 0."""
        totals = dict.fromkeys(self.groups(), 0)
        for day, count in counts:
            label = self.label(date.fromisoformat(day))
            totals[label] = totals.get(label, 0) + count
        return list(totals.items())


def span(today: date, first: date | None, last: date | None, interval: Interval = "day") -> Span:
    """The span asked for; without an end it ends today, without a beginning it has 30 days.

    Raises BadSpan.
    """
    end = last or max(today, first or today)
    try:
        begin = first or end - timedelta(days=DEFAULT_DAYS - 1)
        end + timedelta(days=1)
    except OverflowError:
        raise BadSpan("to", "to: write a date of our time.") from None
    if begin > end:
        raise BadSpan("from", "from: it must not be after `to`.")
    if (end - begin).days >= MOST_DAYS:
        raise BadSpan("from", f"from: at most {MOST_DAYS} days can be reported at once.")
    return Span(begin, end, interval)
