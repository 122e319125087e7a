"""What a message turned out to say: the values that `mail.parse` gives back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

AttachmentKind = Literal["file", "message", "tnef", "calendar"]

FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "too_deep": "Parts are nested deeper than we follow; the rest is in the raw message only.",
        "too_many_parts": "There are more parts than we read; the rest is in the raw message only.",
        "header_block_too_large": "The headers are larger than we read; the first ones are kept.",
        "long_header": "A header is longer than we read; its beginning is kept.",
        "too_many_addresses": "A header names more addresses than we read; the first are kept.",
        "malformed_header": "Lines between the headers are no headers; they were passed over.",
        "boundary_guessed": "The parts are not divided by the announced line; we found another.",
        "boundary_missing": "A part says it has parts, but none was found; it is shown as text.",
        "end_missing": "The message stops in the middle of its parts.",
        "bad_encoding": "A part is not encoded as it says; what could be decoded is kept.",
        "charset_unknown": "A part names a character set nobody knows; we took the likeliest.",
        "charset_wrong": "A part is not written in the character set it names; we took another.",
        "charset_replaced": "Some characters could not be read; they show as \ufffd.",
        "bad_date": "The Date header cannot be read.",
        "several_from": "There is more than one author in From.",
        "hidden_text": "The HTML hides text from the reader; it is not part of the text.",
        "html_cut": "The HTML is larger than we turn into text; the text is from its beginning.",
        "bad_tnef": "winmail.dat could not be read to its end; the original is kept.",
        "bad_calendar": "A calendar part could not be read; the original is kept.",
        "unreadable": "The message could not be understood at all; it is kept raw.",
    }
)
"""Every flag a parsed message may carry, with one line of meaning."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far one message may make us work; over any of them it is kept raw and flagged."""

    depth: int = 50
    parts: int = 1000
    header_block_bytes: int = 256 * 1024
    header_chars: int = 64 * 1024
    addresses: int = 10_000
    html_chars: int = 2 * 1024 * 1024
    tnef_bytes: int = 40 * 1024 * 1024
    calendar_bytes: int = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox: `address` as written, without brackets; "" where only a name was given."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class ParsedAttachment:
    """One file of the message; `position` counts from 0 in the order of the message.

    `filename` is safe to offer: no path, no control or direction-changing characters, at most
    255 bytes; "" when the part has none. `content_id` is without brackets. `sniffed_type` is
    what the first bytes say ("" when they say nothing), `content_type` what the sender says.
    """

    position: int
    filename: str
    content_type: str
    content: bytes
    size_bytes: int
    sha256: str
    content_id: str
    disposition: str
    kind: AttachmentKind
    sniffed_type: str


@dataclass(frozen=True, slots=True)
class CalendarInvite:
    """The first event of a calendar part (RFC 5545, 5546). Times without a zone have no tzinfo;
    `all_day` events have midnight; `timezone` is the zone's name as written."""

    method: str
    uid: str
    sequence: int
    status: str
    summary: str
    description: str
    location: str
    organizer: Address | None
    attendees: tuple[Address, ...]
    start: datetime | None
    end: datetime | None
    all_day: bool
    timezone: str
    recurrence: str
    recurrence_id: str


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """A message, understood. No text holds NUL or a lone surrogate; headers hold no line break.

    `headers` keep order and repeats. Message identifiers are without brackets. `date` is UTC or
    None. `text` is the whole text, made from the HTML where there is no plain part; `html` is
    as sent and must be sanitised before it is shown. `flags` are keys of FLAGS.
    """

    headers: tuple[tuple[str, str], ...]
    subject: str
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    from_: tuple[Address, ...]
    sender: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    date: datetime | None
    text: str
    html: str
    hidden_text: bool
    attachments: tuple[ParsedAttachment, ...]
    calendar: CalendarInvite | None
    content_type: str
    content_parameters: Mapping[str, str]
    flags: frozenset[str]
    _named: Mapping[str, list[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Headers by name: classifying asks for some thirty of them."""
        named: dict[str, list[str]] = {}
        for name, value in self.headers:
            named.setdefault(name.lower(), []).append(value)
        object.__setattr__(self, "_named", named)

    def header(self, name: str) -> str:
        """The first value of the header, any case; "" when it is absent."""
        values = self._named.get(name.lower())
        return values[0] if values else ""

    def header_all(self, name: str) -> tuple[str, ...]:
        """Every value of the header in order, any case."""
        return tuple(self._named.get(name.lower(), ()))
