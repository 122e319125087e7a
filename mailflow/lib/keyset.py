"""Keyset paging: a page starts after a known row, so page 4,000 costs what page 1 costs.

A cursor is text such as `o~17` or `n~2026-11-24T05:30:00Z~17`: the direction (older, newer),
the value of the ordering field when that is not the key, and the key.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)

LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows newest first; `newer` and `older` are cursors, "" where there is nothing more."""

    rows: list[M]
    newer: str = ""
    older: str = ""

    @property
    def is_first(self) -> bool:
        """True where nothing newer exists: the page that live updates belong on."""
        return not self.newer


@dataclass(frozen=True, slots=True)
class Position:
    """A row's place in the order; `value` is None when the order is the key alone."""

    older: bool
    value: datetime | None
    key: int


def page(rows: QuerySet[M], cursor: str = "", *, by: str = "pk", size: int = 50) -> Page[M]:
    """One page in descending order of (`by`, pk); `by` is "pk" or a datetime field without null.

    A cursor that is malformed gives the first page. Costs one query.
    """
    position = parse(cursor)
    if position is None or (position.value is None) != (by == "pk"):
        found = _ordered(rows, by, newest_first=True)[: size + 1]
        return _page(list(found), by, size, came_from=None)
    beyond = _beyond(rows, by, position)
    found = _ordered(beyond, by, newest_first=position.older)[: size + 1]
    return _page(list(found), by, size, came_from=position)


def parse(cursor: str) -> Position | None:
    """The position a cursor names; None for empty or malformed text. Never raises."""
    parts = cursor.split("~")
    if parts[0] not in ("o", "n") or len(parts) not in (2, 3) or len(cursor) > 80:
        return None
    if not (parts[-1].isascii() and parts[-1].isdigit()) or int(parts[-1]) > LARGEST_KEY:
        return None
    value = None
    if len(parts) == 3:
        try:
            value = datetime.fromisoformat(parts[1])
        except ValueError:
            return None
        if value.tzinfo is None:
            return None
    return Position(parts[0] == "o", value, int(parts[-1]))


def cursor_to(row: Model, direction: str, by: str = "pk") -> str:
    """The cursor for what lies beyond `row` in a direction: "o" older, "n" newer."""
    if by == "pk":
        return f"{direction}~{row.pk}"
    # Z for UTC: a plus sign in an address means a space.
    value = getattr(row, by).astimezone(UTC).isoformat().replace("+00:00", "Z")
    return f"{direction}~{value}~{row.pk}"


def _ordered(rows: QuerySet[M], by: str, *, newest_first: bool) -> QuerySet[M]:
    names = ("pk",) if by == "pk" else (by, "pk")
    return rows.order_by(*(f"-{name}" if newest_first else name for name in names))


def _beyond(rows: QuerySet[M], by: str, position: Position) -> QuerySet[M]:
    less = "lt" if position.older else "gt"
    if by == "pk":
        return rows.filter(**{f"pk__{less}": position.key})
    # The first condition lets the database start inside the index; the second is exact.
    start: dict[str, Any] = {f"{by}__{less}e": position.value}
    exact = Q(**{f"{by}__{less}": position.value}) | Q(
        **{by: position.value, f"pk__{less}": position.key}
    )
    return rows.filter(**start).filter(exact)


def _page(found: list[M], by: str, size: int, came_from: Position | None) -> Page[M]:
    more = len(found) > size
    rows = found[:size]
    backwards = came_from is not None and not came_from.older
    if backwards:
        rows.reverse()
    if not rows:
        return Page([])
    has_newer = more if backwards else came_from is not None
    has_older = True if backwards else more
    return Page(
        rows,
        cursor_to(rows[0], "n", by) if has_newer else "",
        cursor_to(rows[-1], "o", by) if has_older else "",
    )


def count_up_to(rows: QuerySet[Any], limit: int) -> int:
    """How many rows there are, counting no further than `limit` + 1."""
    return rows.order_by()[: limit + 1].count()
