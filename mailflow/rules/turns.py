"""Pages of rules in the order they run: by priority, then id, from a known rule on."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from mailflow.rules.models import Rule

PAGE = 50


@dataclass(frozen=True, slots=True)
class Turn:
    """Some rules; `after` leads to the next ones, "" at the end."""

    rows: list[Rule]
    after: str
    is_first: bool


def turn(rules: QuerySet[Rule], after: str) -> Turn:
    """The rules after a place such as `100~7`; a malformed place is the beginning. One query."""
    place = _place(after)
    if place is not None:
        priority, number = place
        rules = rules.filter(Q(priority__gt=priority) | Q(priority=priority, pk__gt=number))
    found = list(rules.order_by("priority", "pk")[: PAGE + 1])
    rows = found[:PAGE]
    more = f"{rows[-1].priority}~{rows[-1].pk}" if len(found) > PAGE else ""
    return Turn(rows, more, place is None)


def _place(after: str) -> tuple[int, int] | None:
    priority, _, number = after.partition("~")
    digits = priority.removeprefix("-")
    fits = digits.isascii() and digits.isdecimal() and number.isascii() and number.isdecimal()
    if not fits or len(digits) > 9 or len(number) > 18:
        return None
    return int(priority), int(number)
