"""Which conversation a message belongs to, and who may not join one by headers alone. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from mailflow.mail.subjects import Subject, read_subject

MatchedBy = Literal["token", "reference", "subject"]
Reason = Literal["not_a_participant", "authentication_failed", "staff_not_verified"]

# A person is behind these; a robot's answer joins, but opens and reopens nothing.
_PERSONAL = frozenset({"ordinary", "calendar"})
_AUTOMATIC = frozenset({"bounce", "complaint", "auto_reply"})
_CLOSED = frozenset({"closed", "resolved"})


@dataclass(frozen=True, slots=True)
class Token:
    """A reply address of ours whose signature was right (`mail.reply_token.read`)."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message before it has a place.

    `references` are the ids of References and In-Reply-To, without angle brackets. Addresses are
    lower case. `authenticated` is True when DMARC (or an aligned SPF or DKIM) vouches for the
    header From, False when DMARC failed, None when nothing can be said. `from_staff`: the From
    is the address of somebody who works here.
    """

    message_id: str
    references: tuple[str, ...]
    subject: str
    from_address: str
    recipient: str
    message_class: str
    token: Token | None
    authenticated: bool | None
    received_at: datetime
    inbox_id: int | None = None
    from_staff: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored thread that might be meant; the nearest parent comes first.

    `participants`: who wrote in it or was written to by us, lower case, none of our own addresses.
    `bulk`: the message it was matched by went to many people (list, newsletter).
    `subject` is any subject of the thread, `last_at` the time of its last message.
    """

    thread_id: int
    ticket_id: int | None
    ticket_status: str
    participants: frozenset[str]
    matched_by: MatchedBy
    bulk: bool
    subject: str
    last_at: datetime
    inbox_id: int | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """The message belongs to this thread, and to its ticket if it has one."""

    thread_id: int
    ticket_id: int | None
    by: MatchedBy
    reopen: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """Stored in a thread of its own and offered to the ticket: a person decides with one click."""

    thread_id: int
    ticket_id: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class New:
    """The message starts a thread."""


Place = Join | Hold | New


def place(incoming: Incoming, candidates: Sequence[Candidate], *, window: timedelta) -> Place:
    """Where the message goes: by signed reply address, by reference, by "Re: subject", or New.

    `window` is how long after a thread's last message a mere "Re: subject" still finds it.
    """
    by_token = _by_token(incoming, candidates)
    if by_token is not None:
        return by_token
    by_reference = _by_reference(incoming, [c for c in candidates if c.matched_by != "subject"])
    if by_reference is not None:
        return by_reference
    return _by_subject(incoming, candidates, window) or New()


def _by_token(incoming: Incoming, candidates: Iterable[Candidate]) -> Place | None:
    """The signature proves that we gave the address out, not who writes: a failed sender waits."""
    if incoming.token is None:
        return None
    ticket_id = incoming.token.ticket_id
    meant = next((c for c in candidates if c.ticket_id == ticket_id), None)
    return None if meant is None else _admit(incoming, meant, "token")


def _by_reference(incoming: Incoming, candidates: Sequence[Candidate]) -> Place | None:
    mine = [c for c in candidates if _takes_part(incoming, c)]
    if mine:
        return _admit(incoming, _ticket_first(mine), "reference")
    others = [c for c in candidates if not c.bulk]
    with_ticket = next((c for c in others if c.ticket_id is not None), None)
    if with_ticket is not None:
        return _refuse_stranger(incoming, with_ticket)
    # RFC 2919: a list's conversation is one, whoever writes; no ticket, so nothing is at stake.
    if incoming.message_class == "list" and candidates:
        return _admit(incoming, candidates[0], "reference")
    return None


def _refuse_stranger(incoming: Incoming, candidate: Candidate) -> Place | None:
    """A robot's answer by a stranger is no one's work: it is stored, and nobody is asked."""
    if candidate.ticket_id is None or incoming.message_class in _AUTOMATIC:
        return None
    return Hold(candidate.thread_id, candidate.ticket_id, "not_a_participant")


def _by_subject(
    incoming: Incoming, candidates: Iterable[Candidate], window: timedelta
) -> Place | None:
    subject = read_subject(incoming.subject)
    if not (subject.reply and subject.base and incoming.message_class in _PERSONAL):
        return None
    same = [c for c in candidates if _same_talk(incoming, subject, c, window)]
    if not same:
        return None
    return _admit(incoming, max(same, key=lambda c: c.last_at), "subject")


def _same_talk(
    incoming: Incoming, subject: Subject, candidate: Candidate, window: timedelta
) -> bool:
    return (
        candidate.matched_by == "subject"
        and not candidate.bulk
        and candidate.inbox_id == incoming.inbox_id
        and _takes_part(incoming, candidate)
        and incoming.received_at - candidate.last_at <= window
        and read_subject(candidate.subject).base == subject.base
    )


def _takes_part(incoming: Incoming, candidate: Candidate) -> bool:
    """Our own address as the sender of mail to itself is never a participant: it is a forgery."""
    sender = incoming.from_address
    return bool(sender) and sender != incoming.recipient and sender in candidate.participants


def _ticket_first(candidates: Sequence[Candidate]) -> Candidate:
    return next((c for c in candidates if c.ticket_id is not None), candidates[0])


def _admit(incoming: Incoming, candidate: Candidate, by: MatchedBy) -> Place:
    """Joins, unless the sender only pretends to be the participant (failures: spoofed From)."""
    if candidate.ticket_id is not None:
        if incoming.authenticated is False:
            return Hold(candidate.thread_id, candidate.ticket_id, "authentication_failed")
        # CVE-2026-47123: an agent's From is an order to mail customers, so it has to be proven.
        if incoming.from_staff and incoming.authenticated is not True:
            return Hold(candidate.thread_id, candidate.ticket_id, "staff_not_verified")
    elif incoming.authenticated is False:
        return New()
    reopen = candidate.ticket_status in _CLOSED and incoming.message_class in _PERSONAL
    return Join(candidate.thread_id, candidate.ticket_id, by, reopen)
