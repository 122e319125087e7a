"""Pages of the API's lists: newest first, `?limit=` and `?cursor=`, answered with `next_cursor`."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from mailflow.lib import keyset
from mailflow.lib.refusals import Refused

M = TypeVar("M", bound=Model)

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 250
_FOREIGN_CURSOR = "cursor: it is none of ours. Use next_cursor of the page before, or leave it out."


@dataclass(frozen=True, slots=True)
class ListPage(Generic[M]):
    """Some rows, and the cursor of the rows after them; None at the end."""

    rows: list[M]
    next_cursor: str | None


def list_page(
    rows: QuerySet[M],
    limit: int | str | None = None,
    cursor: str | None = None,
    *,
    by: str = "pk",
    largest: int = LARGEST_LIMIT,
) -> ListPage[M]:
    """The rows after `cursor` in descending order of (`by`, pk). Raises Refused. One query."""
    size = _size(limit, largest)
    if cursor and not _fits(cursor, by):
        raise Refused({"cursor": _FOREIGN_CURSOR})
    page = keyset.page(rows, cursor or "", by=by, size=size)
    return ListPage(page.rows, page.older or None)


def _size(limit: int | str | None, largest: int) -> int:
    try:
        size = DEFAULT_LIMIT if limit in {None, ""} else int(limit or 0)
    except ValueError:
        size = 0
    if not 1 <= size <= largest:
        raise Refused({"limit": f"limit: write a whole number from 1 to {largest}."})
    return size


def _fits(cursor: str, by: str) -> bool:
    position = keyset.parse(cursor)
    return position is not None and position.older and (position.value is None) == (by == "pk")
