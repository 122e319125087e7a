"""Whether this installation can do its work; asked by monitors, so it tells nothing else."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import Error, connections
from django.utils import timezone

from mailflow.inbound.models import SpoolEntry
from mailflow.lib.request_middleware import limiter


@dataclass(frozen=True, slots=True)
class Readiness:
    """`checks` has one word for each part; `ok` says whether requests and mail can be served."""

    ok: bool
    checks: dict[str, str]


def readiness() -> Readiness:
    """Asks each database, and for how long accepted mail has waited. Never raises."""
    databases = {name: _database(name) for name in settings.DATABASES}
    ok = all(word == "ok" for word in databases.values())
    checks = databases | {"processing": _processing() if ok else "unknown"}
    return Readiness(ok, checks | {"rate_limits": limiter().state})


def _database(name: str) -> str:
    try:
        with connections[name].cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except Error:
        return "unreachable or not migrated"
    return "ok"


def _processing() -> str:
    """`behind` when mail that is due has waited for five minutes: no worker runs."""
    now = timezone.now()
    try:
        oldest = SpoolEntry.objects.due(now).order_by("id").values_list("received_at", flat=True)
        waiting = oldest.first()
    except Error:
        return "unknown"
    return "behind" if waiting and waiting < now - timedelta(minutes=5) else "ok"
