"""From raw bytes to all we know of a message; may ask the DNS, so outside any transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailflow.lib.html import sanitise
from mailflow.mail.authenticity import Arrival, Authentication, Trust, authenticate_all
from mailflow.mail.classify import Classification, classify
from mailflow.mail.parse import parse
from mailflow.mail.parsed import Address, CalendarInvite, ParsedMessage
from mailflow.mail.resolver import Resolver

PARSER_VERSION = 1
"""Grows when `parse` reads stored messages differently, so that `reparse` knows what to do."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the transport said of an arrival (RFC 5321 2.3.1)."""

    sender: str
    recipient: str
    via: str
    client_address: str
    helo: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Understood:
    """A message as understood: ready to be decided on and stored. `html` is safe to show."""

    parsed: ParsedMessage
    classification: Classification
    authentication: Mapping[str, Any]
    html: str
    flags: tuple[str, ...]

    @property
    def author(self) -> Address:
        """The first mailbox of the header From, in lower case; empty where there is none."""
        if not self.parsed.from_:
            return Address("", "")
        first = self.parsed.from_[0]
        return Address(first.name[:200], first.address.lower()[:320])


@dataclass(frozen=True, slots=True)
class Checker:
    """How senders are checked: whom to trust, and whom to ask."""

    trust: Trust
    resolver: Resolver

    def check_all(self, arrivals: Sequence[Arrival], now: datetime) -> list[Authentication]:
        """The results for a batch, in order. May ask the DNS for some seconds."""
        return authenticate_all(arrivals, self.trust, self.resolver, int(now.timestamp()))


def understand_all(
    arrivals: Sequence[tuple[bytes, Envelope]], checker: Checker, now: datetime
) -> list[Understood]:
    """Reads, classifies, authenticates and cleans each message. Never raises for any content."""
    parsed = [parse(raw) for raw, _ in arrivals]
    results = checker.check_all(
        [
            Arrival(
                raw=raw,
                from_addresses=tuple(address.address for address in message.from_),
                envelope_from=envelope.sender,
                helo=envelope.helo,
                client_address=envelope.client_address,
            )
            for (raw, envelope), message in zip(arrivals, parsed, strict=True)
        ],
        now,
    )
    return [
        read(message, envelope.sender, result.as_json())
        for (_, envelope), message, result in zip(arrivals, parsed, results, strict=True)
    ]


def read(
    parsed: ParsedMessage, envelope_from: str, authentication: Mapping[str, Any]
) -> Understood:
    """Classifies and cleans a parsed message."""
    cleaned = sanitise(parsed.html) if parsed.html else None
    remote = {"remote_content"} if cleaned and cleaned.blocked_remote else set()
    return Understood(
        parsed=parsed,
        classification=classify(parsed, envelope_from),
        authentication=authentication,
        html=cleaned.html if cleaned else "",
        flags=tuple(sorted(parsed.flags | remote)),
    )


def calendar_json(invite: CalendarInvite | None) -> dict[str, Any] | None:
    """An invitation as JSON: times in ISO 8601, people as [name, address]."""
    if invite is None:
        return None
    organizer = invite.organizer
    return {
        "method": invite.method,
        "uid": invite.uid,
        "sequence": invite.sequence,
        "status": invite.status,
        "summary": invite.summary,
        "location": invite.location,
        "organizer": [organizer.name, organizer.address] if organizer else None,
        "attendees": [[a.name, a.address] for a in invite.attendees[:200]],
        "start": invite.start.isoformat() if invite.start else None,
        "end": invite.end.isoformat() if invite.end else None,
        "all_day": invite.all_day,
        "timezone": invite.timezone,
        "recurrence": invite.recurrence,
    }
