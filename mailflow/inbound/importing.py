"""Taking stored messages in: through the same door as any other mail, many in one commit."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.db import Error

from mailflow.inbound.changes import accept_batch
from mailflow.inbound.envelopes import envelope_of
from mailflow.inbound.files import FoundMail, Unusable
from mailflow.inbound.incoming import IncomingMail

BATCH = 100
BATCH_BYTES = 16 * 1024 * 1024
NOT_OURS = "no recipient in its headers is an address of ours; name one with --inbox"

Status = Literal["accepted", "duplicate", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message; `reason` says why it failed, else "".

    A message with several recipients is a duplicate only where it is one for all of them.
    """

    path: Path
    number: int
    status: Status
    reason: str
    size_bytes: int


def receive(
    found: Iterable[FoundMail | Unusable],
    recipient: str | None,
    is_ours: Callable[[str], bool],
    *,
    run_rules: bool,
) -> Iterator[Outcome]:
    """Keeps the messages in order and says what became of each, once that is on the disk.

    With `recipient` all of them are for that address, else for the addresses that their headers
    name and `is_ours` knows.
    """
    waiting = iter(found)
    while batch := _next_batch(waiting):
        mails: list[tuple[FoundMail, IncomingMail]] = []
        for one in batch:
            mail = _incoming(one, recipient, is_ours, run_rules)
            if isinstance(mail, Outcome):
                yield mail
            else:
                mails.append(mail)
        yield from _keep(mails)


def _next_batch(waiting: Iterator[FoundMail | Unusable]) -> list[FoundMail | Unusable]:
    """At most BATCH messages, and no more than about BATCH_BYTES in memory."""
    batch: list[FoundMail | Unusable] = []
    size_bytes = 0
    for one in waiting:
        batch.append(one)
        size_bytes += one.size_bytes
        if len(batch) >= BATCH or size_bytes >= BATCH_BYTES:
            break
    return batch


def _incoming(
    one: FoundMail | Unusable,
    recipient: str | None,
    is_ours: Callable[[str], bool],
    run_rules: bool,
) -> tuple[FoundMail, IncomingMail] | Outcome:
    if isinstance(one, Unusable):
        return Outcome(one.path, one.number, "failed", one.reason, one.size_bytes)
    envelope = envelope_of(one.raw, one.postmark, is_ours)
    recipients = (recipient,) if recipient else envelope.recipients
    if not recipients:
        return Outcome(one.path, one.number, "failed", NOT_OURS, one.size_bytes)
    mail = IncomingMail(one.raw, envelope.sender, recipients, "file", run_rules=run_rules)
    return one, mail


def _keep(mails: Sequence[tuple[FoundMail, IncomingMail]]) -> list[Outcome]:
    if not mails:
        return []
    try:
        answers = accept_batch([mail for _, mail in mails])
    except Error as error:
        if len(mails) > 1:  # one that cannot be kept must not take the others with it
            return [outcome for one in mails for outcome in _keep([one])]
        return [_outcome(mails[0][0], "failed", f"the database refused it: {error}")]
    return [
        _outcome(found, "duplicate" if all(a.duplicate for a in answer) else "accepted")
        for (found, _), answer in zip(mails, answers, strict=True)
    ]


def _outcome(found: FoundMail, status: Status, reason: str = "") -> Outcome:
    return Outcome(found.path, found.number, status, reason, found.size_bytes)
