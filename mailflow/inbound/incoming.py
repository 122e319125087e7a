"""Pure: a message as it arrives, before anything is kept, and what keeping it answered."""

from dataclasses import dataclass
from typing import Literal

Via = Literal["smtp", "http", "test", "file"]


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """One message with its envelope (RFC 5321 2.3.1).

    `raw` is the content as received, dots undone; `envelope_from` is "" for the null sender;
    `recipients` are addresses of ours, in the order given; `client_address` is an IP address
    or "" where no client was; `run_rules` is false for imports that must change nothing else.
    """

    raw: bytes
    envelope_from: str
    recipients: tuple[str, ...]
    via: Via
    client_address: str = ""
    helo: str = ""
    tls: bool = False
    run_rules: bool = True


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message is kept, committed and synced for one recipient.

    `id` is the id of the kept arrival; `duplicate` says that it was there before.
    """

    id: int
    recipient: str
    duplicate: bool
