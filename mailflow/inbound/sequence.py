"""The numbers that arrivals get: always above every email that is stored.

An email has the id of its spool entry. Were the intake lost and made anew, its numbers would begin
at 1 again, and new mail would look as if it had been processed long ago.
"""

from django.db import connections, router, transaction
from django.db.models import Max

from mailflow.inbound.models import SpoolEntry
from mailflow.mail.models import Email


def continue_after_stored_mail() -> int:
    """Lifts the spool's next id above the highest email's; returns that highest id (0: none)."""
    highest: int = Email.objects.aggregate(highest=Max("id"))["highest"] or 0
    alias = router.db_for_write(SpoolEntry)
    lift = _POSTGRESQL if connections[alias].vendor == "postgresql" else _SQLITE
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        for statement in lift:
            cursor.execute(statement, {"table": SpoolEntry._meta.db_table, "highest": highest})
    return highest


_SQLITE = (
    """INSERT INTO sqlite_sequence (name, seq)
       SELECT %(table)s, 0 WHERE NOT EXISTS
         (SELECT 1 FROM sqlite_sequence WHERE name = %(table)s)""",
    "UPDATE sqlite_sequence SET seq = max(seq, %(highest)s) WHERE name = %(table)s",
)
_POSTGRESQL = (
    """SELECT setval(sequence, greatest(%(highest)s, coalesce(pg_sequence_last_value(sequence), 0)))
       FROM (SELECT pg_get_serial_sequence(%(table)s, 'id')::regclass AS sequence) AS spool
       WHERE %(highest)s > 0""",
)
