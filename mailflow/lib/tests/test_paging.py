"""The API's pages: every row once, and a clear refusal of what cannot be asked for."""

import pytest
from django.contrib.contenttypes.models import ContentType

from mailflow.lib.paging import list_page
from mailflow.lib.refusals import Refused

pytestmark = pytest.mark.django_db


def _rows(count: int) -> None:
    ContentType.objects.all().delete()
    ContentType.objects.bulk_create(
        ContentType(app_label="paging", model=str(n)) for n in range(count)
    )


def test_following_the_cursor_gives_each_row_once_newest_first() -> None:
    _rows(7)
    seen: list[int] = []
    cursor = None
    while True:
        page = list_page(ContentType.objects.all(), 3, cursor)
        seen += [row.pk for row in page.rows]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 7


def test_a_cursor_of_another_order_is_refused() -> None:
    with pytest.raises(Refused, match="next_cursor"):
        list_page(ContentType.objects.all(), 2, "o~2026-11-24T00:00:00+00:00~7")


def test_a_full_last_page_has_no_next() -> None:
    _rows(3)
    assert list_page(ContentType.objects.all(), 3).next_cursor is None


@pytest.mark.parametrize("limit", [0, -1, 251, "many", "1.5", 10**30])
def test_a_limit_out_of_range_is_refused_by_name(limit: object) -> None:
    with pytest.raises(Refused, match="1 to 250") as refused:
        list_page(ContentType.objects.all(), limit)  # type: ignore[arg-type]
    assert refused.value.field == "limit"


@pytest.mark.parametrize("cursor", ["nonsense", "n~5", "o~-1", "o~99999999999999999999", "o~٣"])
def test_a_foreign_cursor_is_refused_by_name(cursor: str) -> None:
    with pytest.raises(Refused) as refused:
        list_page(ContentType.objects.all(), None, cursor)
    assert refused.value.field == "cursor"
