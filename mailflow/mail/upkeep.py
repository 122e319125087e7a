"""What workers do between messages so that an installation stays small and quick."""

import time
from datetime import datetime

from django.db import connection
from django.db.models import Max

from mailflow.accounts.sessions import remove_expired
from mailflow.mail import retention
from mailflow.mail.models import Email

HOUR_S, MINUTE_S = 3600.0, 60.0
# With fewer emails every plan is quick, and what is measured would soon be wrong.
WORTH_MEASURING = 10_000
_GROWTH = 4
_ROWS_LOOKED_AT = 1000


class Upkeep:
    """Remembers for one process when it did what. Times are `time.monotonic()`, in seconds."""

    def __init__(self) -> None:
        self._hourly_s = self._looked_s = float("-inf")
        self._measured_at = 0

    def run(self, now: datetime, tick_s: float | None = None) -> None:
        """Every hour applies the retention settings and removes old sessions; keeps the planner's
        figures fresh.

        To be called often: it does nothing most of the time.
        """
        tick_s = time.monotonic() if tick_s is None else tick_s
        if tick_s - self._looked_s < MINUTE_S:
            return
        self._looked_s = tick_s
        hourly = tick_s - self._hourly_s >= HOUR_S
        emails = Email.objects.aggregate(last=Max("id"))["last"] or 0
        if emails >= WORTH_MEASURING and (hourly or emails >= _GROWTH * self._measured_at):
            self._measured_at = emails
            measure()
        if hourly:
            self._hourly_s = tick_s
            retention.apply(now)
            remove_expired(now)


def measure() -> None:
    """Lets SQLite's planner know how the rows are spread: without, it takes the index of an agent's
    inboxes where the sender's is a hundred times better. PostgreSQL does this by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={_ROWS_LOOKED_AT}")
            cursor.execute("ANALYZE")
