"""This process's group commit: every way in keeps its messages through it."""

import threading
from collections.abc import Sequence

from django.db import close_old_connections, connections

from mailflow.inbound.changes import accept_batch
from mailflow.inbound.group_commit import GroupCommit, Results
from mailflow.inbound.incoming import Accepted, IncomingMail

_lock = threading.Lock()
_commits: GroupCommit | None = None


def commits() -> GroupCommit:
    """The one group commit of this process, made at the first use (so after any fork)."""
    global _commits
    with _lock:
        if _commits is None:
            _commits = GroupCommit(_accept_batch, on_thread_end=connections.close_all)
        return _commits


def close() -> None:
    """Ends it once all that waits is kept; the next `commits` makes a new one."""
    global _commits
    with _lock:
        commits, _commits = _commits, None
    if commits is not None:
        commits.close()


def keep(mail: IncomingMail, timeout_s: float = 30.0) -> list[Accepted]:
    """Keep `mail` together with whatever else waits; committed and synced when it returns.

    Raises Overloaded when too much waits, TimeoutError when it took too long (the message may
    then still be kept: the sender repeats it, and it is a duplicate), or what the database raised.
    """
    return commits().submit(mail).result(timeout_s)


def _accept_batch(mails: Sequence[IncomingMail]) -> Results:
    try:
        return accept_batch(mails)
    except Exception:
        close_old_connections()  # the next try begins with a new connection where this one broke
        raise
