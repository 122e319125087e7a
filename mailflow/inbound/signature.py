"""The signature of an inbound request: `t=<unix seconds>,v1=<hex HMAC-SHA256>`. Pure.

Over "<t>." and the body, as docs/api.md says. Old ones are refused; the caller refuses repeats.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

OLDEST_S = 300


@dataclass(frozen=True, slots=True)
class Valid:
    """The body was signed with our secret not long ago; `mac` names this very signature."""

    mac: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """Why the signature is refused, for our log; the peer hears nothing of it."""

    reason: str


def sign(body: bytes, secret: str, at: int) -> str:
    """The header's value for this body."""
    return f"t={at},v1={_mac(body, secret, str(at))}"


def verify(header: str, body: bytes, secret: str, now: int) -> Valid | Invalid:
    """Whether the header signs this body within `OLDEST_S` seconds of `now`; constant time."""
    if not secret:
        return Invalid("no signing secret is configured")
    fields = dict(part.strip().partition("=")[::2] for part in header[:300].split(","))
    at, given = fields.get("t", ""), fields.get("v1", "")
    if not (at.isascii() and at.isdigit() and len(at) <= 12 and given):
        return Invalid("the header is not t=<unix seconds>,v1=<hex>")
    expected = _mac(body, secret, at)
    if not hmac.compare_digest(expected.encode(), given.lower().encode()):
        return Invalid("the signature is not of this body and secret")
    if abs(now - int(at)) > OLDEST_S:
        return Invalid(f"the signature is older than {OLDEST_S} seconds")
    return Valid(expected)


def _mac(body: bytes, secret: str, at: str) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
