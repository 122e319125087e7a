"""The row is the job: a table's rows are claimed by one worker each, under a lease.

A claimed row is worked on, then finished or put back. A worker that dies keeps its rows only until
the lease ends; after `MOST_ATTEMPTS` claims without a finish the row waits for a person, visible.
Every instant comes from this machine's clock; with several machines keep them within a second
(the lease is far longer).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Self

from django.db import connections, models, transaction
from django.db.models import F

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3


class State(models.TextChoices):
    """Where a job stands."""

    READY = "ready", "Ready"
    CLAIMED = "claimed", "Claimed"
    DONE = "done", "Done"
    STUCK = "stuck", "Waits for a person"


class ClaimQuerySet(models.QuerySet[Any]):
    """Claiming, finishing and putting back."""

    def due(self, now: datetime) -> Self:
        """Rows a worker may take: ready and due, or claimed by a worker whose lease has ended."""
        ready = models.Q(state=State.READY, run_at__lte=now)
        return self.filter(ready | models.Q(state=State.CLAIMED, lease_until__lt=now))

    def claim(self, most: int, worker: str, now: datetime, lease: timedelta = LEASE) -> list[int]:
        """The ids of at most `most` rows that are now this worker's until `now + lease`.

        Rows claimed `MOST_ATTEMPTS` times already become stuck instead. A row that was claimed
        before is claimed alone: if it kills its worker, it takes no other row with it.
        """
        if not self.due(now).exists():  # a read alone: an idle worker takes no write lock
            return []
        with transaction.atomic(using=self.db):
            due = self.due(now).order_by("id")
            if connections[self.db].vendor == "postgresql":
                due = due.select_for_update(skip_locked=True)
            rows = _share(list(due.values_list("id", "attempts")[:most]))
            worn = [id for id, attempts in rows if attempts >= MOST_ATTEMPTS]
            fresh = [id for id, attempts in rows if attempts < MOST_ATTEMPTS]
            if worn:
                self.filter(id__in=worn).update(state=State.STUCK, claimed_by="")
            self.filter(id__in=fresh).update(
                state=State.CLAIMED,
                claimed_by=worker,
                lease_until=now + lease,
                attempts=F("attempts") + 1,
            )
        return fresh

    def finish(self, ids: Sequence[int], worker: str) -> int:
        """Marks rows done that this worker still holds; returns how many."""
        return self.filter(id__in=ids, claimed_by=worker, state=State.CLAIMED).update(
            state=State.DONE, claimed_by="", last_error=""
        )

    def put_back(self, ids: Sequence[int], worker: str, run_at: datetime, error: str) -> int:
        """Returns rows to be tried again at `run_at`; a worn-out row becomes stuck."""
        held = self.filter(id__in=ids, claimed_by=worker, state=State.CLAIMED)
        held.filter(attempts__gte=MOST_ATTEMPTS).update(
            state=State.STUCK, claimed_by="", last_error=error[:500]
        )
        return held.update(state=State.READY, claimed_by="", run_at=run_at, last_error=error[:500])

    def release_all(self) -> int:
        """Gives back every claim, as if it had not been: for the start of the only machine, when
        nobody can be working. Being killed with the whole program is no fault of the row."""
        return self.filter(state=State.CLAIMED).update(
            state=State.READY, claimed_by="", attempts=F("attempts") - 1
        )


def _share(rows: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The first row alone if it was tried before, else the untried rows at the front."""
    if rows and rows[0][1] > 0:
        return rows[:1]
    return list(takewhile(lambda row: row[1] == 0, rows))


class Claimable(models.Model):
    """The columns a job has."""

    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=64, default="", blank=True)
    last_error = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        abstract = True
