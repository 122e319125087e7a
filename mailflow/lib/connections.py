"""Database connections of long-lived processes."""

from django.db import connections


def close_stale_connections() -> None:
    """Closes connections that broke or are old; the next query opens new ones.

    Django's `close_old_connections` also closes one that is in a transaction: that of whoever
    calls from within one, who would lose it.
    """
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
