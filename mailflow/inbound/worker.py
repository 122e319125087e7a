"""The worker: claims accepted mail in batches, has it processed, and deals with what fails."""

import ipaddress
import logging
import os
import signal
import socket
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from types import FrameType

from django.conf import settings
from django.db import Error as DatabaseError
from django.db.models import F
from django.utils import timezone

from mailflow.history.changes import record
from mailflow.inbound.models import SpoolEntry
from mailflow.inbound.process import process
from mailflow.lib.claims import LEASE, MOST_ATTEMPTS, State
from mailflow.lib.connections import close_stale_connections
from mailflow.mail.authenticity import Trust
from mailflow.mail.resolver import DnsResolver
from mailflow.mail.understand import Checker

log = logging.getLogger(__name__)

# Enough to share a commit, few enough that no reader waits long for the writer.
BATCH = 128
# Raw messages of a batch that are in memory at once.
BATCH_BYTES = 32 * 1024 * 1024
# Longer than any honest batch or message takes by a factor of hundreds, shorter than the lease.
TIME_LIMIT_S = 45
RETRY_AFTER = timedelta(seconds=5)


class TookTooLong(Exception):
    """A message kept the worker busy for longer than any message may."""


def worker_name() -> str:
    """A name that no other running worker has."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def configured_checker() -> Checker:
    """Checks senders as the operator configured it, with the DNS of this machine."""
    options = settings.CONFIGURATION
    relays = tuple(ipaddress.ip_network(one, strict=False) for one in options.trusted_relays)
    trust = Trust(options.trusted_authserv_ids, relays, options.verify_authentication)
    return Checker(trust, DnsResolver())


def run_once(checker: Checker, worker: str, most: int = BATCH) -> int:
    """Claims and processes one batch; how many entries it claimed, 0 when nothing is due."""
    close_stale_connections()
    ids = SpoolEntry.objects.claim(most, worker, timezone.now())
    for chunk in _chunks(ids):
        _work(chunk, checker, worker)
    return len(ids)


def process_now(id: int) -> None:
    """Processes one entry at once, unless a worker has it already."""
    worker, now = f"{worker_name()}:now", timezone.now()
    claimed = (
        SpoolEntry.objects.due(now)
        .filter(pk=id)
        .update(
            state=State.CLAIMED,
            claimed_by=worker,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
        )
    )
    if claimed:
        _work(_load([id]), configured_checker(), worker)


def _chunks(ids: Sequence[int]) -> Iterator[list[SpoolEntry]]:
    """The entries with their raw messages, as many at a time as memory is meant for."""
    sizes = dict(SpoolEntry.objects.filter(id__in=ids).values_list("id", "raw__size_bytes"))
    chunk: list[int] = []
    total = 0
    for id in ids:
        if chunk and total + sizes[id] > BATCH_BYTES:
            yield _load(chunk)
            chunk, total = [], 0
        chunk.append(id)
        total += sizes[id]
    if chunk:
        yield _load(chunk)


def _load(ids: Sequence[int]) -> list[SpoolEntry]:
    return list(SpoolEntry.objects.filter(id__in=ids).select_related("raw").order_by("id"))


def _work(entries: Sequence[SpoolEntry], checker: Checker, worker: str) -> None:
    """Processes a batch; where it fails, one message at a time, so that one fails alone."""
    try:
        with _time_limit(TIME_LIMIT_S):
            process(entries, checker)
    except Exception as error:
        if len(entries) > 1:
            log.warning("A batch of %d failed (%s); one at a time.", len(entries), _name(error))
            for entry in entries:
                _work([entry], checker, worker)
            return
        _fail(entries[0], worker, error)
    else:
        SpoolEntry.objects.finish([entry.pk for entry in entries], worker)


def _fail(entry: SpoolEntry, worker: str, error: Exception) -> None:
    """Puts the entry back, to be tried again or to wait for a person."""
    # Where it went wrong, without the exception's own text: that may quote the message.
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("Email %d could not be processed (%s):\n%s", entry.pk, _name(error), where)
    SpoolEntry.objects.put_back(
        [entry.pk], worker, timezone.now() + RETRY_AFTER * entry.attempts, _name(error)
    )
    if entry.attempts >= MOST_ATTEMPTS:
        with suppress(DatabaseError):
            record(
                "email_failed",
                f"{entry.envelope_from or '<>'} → {entry.recipient}: {_name(error)}",
                status="failed",
                email_id=entry.pk,
            )


def _name(error: Exception) -> str:
    """What went wrong without what the message said."""
    return type(error).__name__


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Raises TookTooLong in the block after so many seconds; signals reach the main thread only,
    so a block in another thread has no limit but those of its parts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
