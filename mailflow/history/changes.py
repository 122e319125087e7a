"""Writing events. Each one's hash covers the one before: a changed or missing row shows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from mailflow.history.models import Event
from mailflow.history.vocabulary import KINDS
from mailflow.lib import bulk
from mailflow.lib.redact import redact, redact_json

# Any number that no other advisory lock of this program uses.
_CHAIN_LOCK = 0x6D66_6C6F


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to be written. `data` must be JSON without floats, so that it hashes the same."""

    kind: str
    summary: str
    at: datetime
    actor: str = "MailFlow"
    status: str = Event.Status.SUCCESS
    client_address: str = ""
    subject: tuple[str, int | str] = ("", "")
    email_id: int | None = None
    inbox_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def record(kind: str, summary: str, **facts: Any) -> None:
    """Writes one event now; the other fields of `Entry` by name."""
    record_many([Entry(kind, summary, facts.pop("at", None) or timezone.now(), **facts)])


def record_many(entries: Sequence[Entry]) -> None:
    """Writes events in order, redacted and chained, in the caller's transaction.

    To be called last in a transaction: with PostgreSQL the chain is locked until it ends.
    """
    if not entries:
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
        previous = Event.objects.order_by("-id").values_list("hash", flat=True).first() or ""
        rows = []
        for entry in entries:
            rows.append(row := _row(entry, previous))
            previous = row.hash
        bulk.insert(rows)


def _row(entry: Entry, previous: str) -> Event:
    row = Event(
        at=entry.at,
        kind=entry.kind,
        status=entry.status,
        actor=entry.actor[:200],
        client_address=entry.client_address,
        subject_type=entry.subject[0],
        subject_id=str(entry.subject[1]),
        email_id=entry.email_id,
        inbox_id=entry.inbox_id,
        summary=redact(entry.summary)[:500],
        data=redact_json(dict(entry.data)) if entry.data else {},
        audit=KINDS[entry.kind].audit,
        previous_hash=previous,
    )
    row.hash = chain_hash(row)
    return row


def chain_hash(event: Event) -> str:
    """SHA-256 (hex) over everything the event says and the hash before it."""
    said = [
        event.previous_hash,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.kind,
        event.status,
        event.actor,
        event.client_address,
        event.subject_type,
        event.subject_id,
        event.email_id,
        event.inbox_id,
        event.summary,
        json.dumps(event.data, sort_keys=True) if event.data else "",
        event.audit,
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
