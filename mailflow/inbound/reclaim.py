"""After a crash: what dead workers of this machine had claimed goes back to work at once."""

import os
import socket

from mailflow.inbound.models import SpoolEntry
from mailflow.lib.claims import State


def release_dead_claims() -> int:
    """Puts back what processes of this machine hold that are no more; how many entries.

    Other machines' claims end with their lease. Releasing one too early does no harm: storing an
    email twice is refused by its id.
    """
    host = socket.gethostname()[:40]
    claimed = SpoolEntry.objects.filter(state=State.CLAIMED)
    names = claimed.values_list("claimed_by", flat=True).distinct()
    dead = [name for name in names if name.startswith(f"{host}:") and not _lives(name)]
    if not dead:
        return 0
    return claimed.filter(claimed_by__in=dead).update(state=State.READY, claimed_by="")


def _lives(worker: str) -> bool:
    """Whether the process of a `worker.worker_name` exists."""
    try:
        os.kill(int(worker.rpartition(":")[2]), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:  # it exists, and is somebody else's
        return True
    return True
