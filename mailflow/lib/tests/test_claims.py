"""The row is the job: one worker each, nothing lost when a worker dies."""

from datetime import UTC, datetime, timedelta

import pytest

from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.models import SpoolEntry
from mailflow.lib.claims import LEASE, MOST_ATTEMPTS, State

pytestmark = pytest.mark.django_db(databases="__all__")

NOW = datetime(2126, 1, 1, tzinfo=UTC)  # after whatever the clock said when the rows were made


@pytest.fixture
def ids() -> list[int]:
    mails = [
        IncomingMail(b"Message-ID: <%d@x>\r\n\r\n" % n, "", ("a@b.example",), "test")
        for n in range(4)
    ]
    return [answer[0].id for answer in accept_batch(mails)]


def claim(worker: str, now: datetime = NOW, most: int = 10) -> list[int]:
    return SpoolEntry.objects.claim(most, worker, now)


def state_of(id: int) -> tuple[str, int]:
    entry = SpoolEntry.objects.get(pk=id)
    return entry.state, entry.attempts


def test_a_row_is_claimed_by_one_worker_only(ids: list[int]) -> None:
    assert claim("one", most=3) == ids[:3]
    assert claim("two") == ids[3:]
    assert claim("three") == []


def test_finished_rows_are_done_for_good(ids: list[int]) -> None:
    claim("one")
    assert SpoolEntry.objects.finish(ids, "one") == 4
    assert claim("two", NOW + timedelta(days=1)) == []


def test_a_worker_cannot_finish_what_it_lost(ids: list[int]) -> None:
    claim("one")
    later = NOW + LEASE + timedelta(seconds=1)
    assert claim("two", later) == ids[:1]
    assert SpoolEntry.objects.finish(ids[:1], "one") == 0


def test_rows_of_a_dead_worker_come_back_one_at_a_time(ids: list[int]) -> None:
    """One of them may be what killed it: it must not take the others with it."""
    claim("one")
    later = NOW + LEASE + timedelta(seconds=1)
    assert [claim("two", later) for _ in range(4)] == [[id] for id in ids]


def test_a_row_that_kills_every_worker_waits_for_a_person(ids: list[int]) -> None:
    now = NOW
    for _ in range(MOST_ATTEMPTS):
        claim("one", now)
        SpoolEntry.objects.exclude(id=ids[0]).update(state=State.DONE)
        now += LEASE + timedelta(seconds=1)
    assert claim("one", now) == []
    assert state_of(ids[0]) == (State.STUCK, MOST_ATTEMPTS)


def test_a_row_put_back_is_due_again_at_its_time(ids: list[int]) -> None:
    claim("one", most=1)
    SpoolEntry.objects.put_back(ids[:1], "one", NOW + timedelta(minutes=1), "ValueError")
    assert ids[0] not in claim("two", NOW)
    assert claim("two", NOW + timedelta(minutes=1)) == ids[:1]


def test_a_row_that_failed_every_time_waits_for_a_person(ids: list[int]) -> None:
    for _ in range(MOST_ATTEMPTS):
        SpoolEntry.objects.exclude(id=ids[0]).update(state=State.DONE)
        assert claim("one") == ids[:1]
        SpoolEntry.objects.put_back(ids[:1], "one", NOW, "ValueError")
    assert state_of(ids[0]) == (State.STUCK, MOST_ATTEMPTS)


def test_being_stopped_with_the_whole_program_counts_as_no_attempt(ids: list[int]) -> None:
    claim("one")
    assert SpoolEntry.objects.release_all() == 4
    assert claim("two") == ids
