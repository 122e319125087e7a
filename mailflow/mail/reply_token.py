"""The signed reply address of a ticket: `reply+t7.<mac>@domain`. Pure.

The mac binds the address to one ticket: whoever writes to it has had it from us. It is 100 bits
of HMAC-SHA256 in 20 characters of base32, so it survives programs that change a local part's case.
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Sequence

_MAC_CHARACTERS = 20  # 5 bits each: 100 bits
_SHAPE = re.compile(rf"[^@]*\+t([1-9][0-9]{{0,18}})\.([a-z2-7]{{{_MAC_CHARACTERS}}})@[^@]*")


def make(ticket_id: int, key: bytes) -> str:
    """The detail part, to be put after the `+`: `t7.q4x…`."""
    return f"t{ticket_id}.{_mac(ticket_id, key)}"


def make_address(ticket_id: int, key: bytes, domain: str, local: str = "reply") -> str:
    """The whole address that answers to this ticket are sent to."""
    return f"{local}+{make(ticket_id, key)}@{domain}"


def read(recipient_address: str, keys: Sequence[bytes]) -> int | None:
    """The ticket that the address was made for under one of `keys`, else None.

    Every key is tried in constant time, so that time tells nothing; case does not matter.
    """
    shape = _SHAPE.fullmatch(recipient_address.strip("<> ").lower())
    if shape is None:
        return None
    ticket_id, given = int(shape[1]), shape[2].encode()
    right = [hmac.compare_digest(_mac(ticket_id, key).encode(), given) for key in keys]
    return ticket_id if any(right) else None


def _mac(ticket_id: int, key: bytes) -> str:
    digest = hmac.digest(key, b"mailflow reply address\x00%d" % ticket_id, "sha256")
    return b32encode(digest).decode().lower()[:_MAC_CHARACTERS]
