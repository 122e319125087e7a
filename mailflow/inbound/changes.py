"""Keeping what arrives: the one door of every way in."""

import hashlib
import logging
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections, transaction
from django.utils import timezone

from mailflow.history.changes import Entry, record_many
from mailflow.inbound.incoming import Accepted, IncomingMail
from mailflow.inbound.models import SpoolEntry
from mailflow.lib import bulk
from mailflow.lib.claims import State
from mailflow.mail.identity import content_key, has_identity
from mailflow.mail.models import RawMessage

log = logging.getLogger(__name__)

_ENTRY = (
    "raw_id", "content_key", "envelope_from", "recipient", "via", "client_address", "helo", "tls",
    "run_rules", "received_at", "state", "run_at", "attempts", "claimed_by", "last_error",
)  # fmt: skip
_Key = tuple[str, str]  # content key, recipient


def accept_batch(mails: Sequence[IncomingMail]) -> list[list[Accepted]]:
    """Keeps all of these messages in one transaction, committed and synced when this returns.

    The answer has one list a message, with one entry a recipient, in order. A message that is
    kept already for a recipient (same content, RFC 5322 3.6.4 identity) is that entry again, as a
    duplicate, also when it stands twice in one batch. Raises django.db.Error, nothing kept then.
    """
    now = timezone.now()
    named = [(mail, _name(mail.raw)) for mail in mails]
    rows: dict[_Key, tuple[str, IncomingMail]] = {}
    for mail, (key, sha256) in named:
        for recipient in mail.recipients:
            rows.setdefault((key, _fold(recipient)), (sha256, mail))
    with transaction.atomic(using=settings.INTAKE_DATABASE):
        fresh = _insert_entries(rows, now)
        _insert_raw({rows[key][0]: rows[key][1].raw for key in fresh})
        known = fresh | _ids_of(rows.keys() - fresh.keys())
    first = set(fresh)
    answers = []
    for mail, (key, _) in named:
        answer = []
        for recipient in mail.recipients:
            row = (key, _fold(recipient))
            answer.append(Accepted(known[row], recipient, duplicate=row not in first))
            first.discard(row)
        answers.append(answer)
    _tell_duplicates(mails, answers)
    return answers


def _tell_duplicates(mails: Sequence[IncomingMail], answers: Sequence[list[Accepted]]) -> None:
    """Says in the history what came again. The mail is kept already, so this may not fail it."""
    now = timezone.now()
    entries = [
        Entry(
            "duplicate_email",
            f"{mail.envelope_from or '<>'} → {one.recipient}",
            at=now,
            status="skipped",
            client_address=mail.client_address,
            email_id=one.id,
        )
        for mail, answer in zip(mails, answers, strict=True)
        for one in answer
        if one.duplicate
    ]
    try:
        record_many(entries)
    except DatabaseError:
        log.warning("%d duplicates could not be put into the history.", len(entries))


def retry_stuck(ids: Iterable[int], now: datetime) -> int:
    """Puts stuck entries back to work; returns how many."""
    return SpoolEntry.objects.filter(id__in=list(ids), state=State.STUCK).update(
        state=State.READY, attempts=0, run_at=now
    )


def _name(raw: bytes) -> tuple[str, str]:
    """The content key and the SHA-256 (hex) of a message."""
    key = content_key(raw) if has_identity(raw) else secrets.token_hex(32)
    return key, hashlib.sha256(raw).hexdigest()


def _fold(recipient: str) -> str:
    # RFC 5321 2.4 lets a local part have case; no mailbox in use does, and ours never do.
    return recipient.lower()[:320]


def _insert_entries(rows: dict[_Key, tuple[str, IncomingMail]], now: datetime) -> dict[_Key, int]:
    """Inserts the entries that are not there yet; their ids.

    Plain SQL because no ORM call inserts many rows, skips the ones that exist and says which.
    """
    if not rows:
        return {}
    values: list[Any] = []
    for (key, recipient), (sha256, mail) in rows.items():
        values += (
            sha256, key, mail.envelope_from[:320], recipient, mail.via, mail.client_address[:45],
            mail.helo[:255], mail.tls, mail.run_rules, now, State.READY.value, now, 0, "", "",
        )  # fmt: skip
    one = f"({', '.join(['%s'] * len(_ENTRY))})"
    with connections[settings.INTAKE_DATABASE].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO inbound_spoolentry ({', '.join(_ENTRY)})"  # noqa: S608 (constants)
            f" VALUES {', '.join([one] * len(rows))}"
            " ON CONFLICT (content_key, recipient) DO NOTHING RETURNING id, content_key, recipient",
            values,
        )
        return {(key, recipient): id for id, key, recipient in cursor.fetchall()}


def _insert_raw(contents: dict[str, bytes]) -> None:
    bulk.insert(
        [RawMessage(sha256=s, content=raw, size_bytes=len(raw)) for s, raw in contents.items()],
        ignore_conflicts=True,
    )


def _ids_of(keys: Iterable[_Key]) -> dict[_Key, int]:
    wanted = set(keys)
    if not wanted:
        return {}
    entries = SpoolEntry.objects.filter(content_key__in={key for key, _ in wanted})
    return {
        (key, recipient): id
        for id, key, recipient in entries.values_list("id", "content_key", "recipient")
        if (key, recipient) in wanted
    }
