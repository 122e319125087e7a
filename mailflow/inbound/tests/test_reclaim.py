"""After a crash, nothing waits for the lease of a dead worker."""

import os
import socket
import subprocess
import sys

import pytest
from django.utils import timezone

from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.models import SpoolEntry
from mailflow.inbound.reclaim import release_dead_claims
from mailflow.inbound.worker import worker_name

pytestmark = pytest.mark.django_db(databases=["default", "intake"])


def dead_worker() -> str:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return f"{socket.gethostname()[:40]}:{ended.pid}"


@pytest.mark.parametrize(
    ("worker", "released"),
    [
        (dead_worker, 1),
        (worker_name, 0),
        (lambda: f"other-host:{os.getpid()}", 0),
    ],
    ids=["dead", "alive", "elsewhere"],
)
def test_only_the_claims_of_dead_workers_of_this_machine_are_released(worker, released):
    accept_batch([IncomingMail(b"x\r\n", "", ("a@x.test",), "smtp")])
    SpoolEntry.objects.claim(10, worker(), timezone.now())
    assert release_dead_claims() == released
    assert SpoolEntry.objects.filter(state="ready").count() == released
