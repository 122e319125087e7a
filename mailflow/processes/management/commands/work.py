"""`mailflow work`: one worker alone."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from mailflow.inbound.reclaim import release_dead_claims
from mailflow.inbound.worker import configured_checker, run_once, worker_name
from mailflow.mail.upkeep import Upkeep

log = logging.getLogger("mailflow.work")

_SHORTEST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 0.4
_PAUSE_AFTER_TROUBLE_S = 2.0


class Command(BaseCommand):
    """Works on received mail until SIGTERM; the batch in hand is finished first."""

    help = "Run one worker alone: it understands received mail and applies the rules."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        checker, name, upkeep = configured_checker(), worker_name(), Upkeep()
        if released := release_dead_claims():
            log.info("%d messages that a dead worker had begun go back to work", released)
        pause_s = _SHORTEST_PAUSE_S
        while not stop.is_set():
            try:
                done = run_once(checker, name)
                upkeep.run(timezone.now())
            except Exception:
                log.exception("A worker's round failed; its messages are tried again")
                close_old_connections()
                stop.wait(_PAUSE_AFTER_TROUBLE_S)
                continue
            pause_s = _SHORTEST_PAUSE_S if done else min(pause_s * 2, _LONGEST_PAUSE_S)
            if not done:
                stop.wait(pause_s)
