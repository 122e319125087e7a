"""Upkeep happens when it is due, and only then."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from mailflow.history.changes import record
from mailflow.history.models import Event
from mailflow.mail import upkeep
from mailflow.mail.upkeep import HOUR_S, MINUTE_S, Upkeep

pytestmark = pytest.mark.django_db


def _old_events() -> None:
    Event.objects.all().delete()
    for _ in range(2):
        record("signed_in", "old", at=timezone.now() - timedelta(days=99))
    record("signed_in", "young")


def _left() -> int:
    return Event.objects.filter(summary="old").count()


def test_retention_is_applied_at_the_start_and_every_hour() -> None:
    keeper = Upkeep()
    _old_events()
    keeper.run(timezone.now(), 0.0)
    assert _left() == 0
    _old_events()
    keeper.run(timezone.now(), MINUTE_S)
    keeper.run(timezone.now(), HOUR_S - 1)
    assert _left() == 2
    keeper.run(timezone.now(), HOUR_S + MINUTE_S)
    assert _left() == 0


def test_between_two_looks_no_database_is_asked(django_assert_num_queries: object) -> None:
    keeper = Upkeep()
    keeper.run(timezone.now(), 0.0)
    with django_assert_num_queries(0):  # type: ignore[operator]
        keeper.run(timezone.now(), MINUTE_S - 1)


def test_sqlite_knows_how_the_rows_are_spread_once_there_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record("signed_in", "a row")
    monkeypatch.setattr(upkeep, "WORTH_MEASURING", 0)
    Upkeep().run(timezone.now(), 0.0)
    if connection.vendor != "sqlite":  # PostgreSQL measures by itself
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'history_event'")
        assert cursor.fetchone()[0] > 0
