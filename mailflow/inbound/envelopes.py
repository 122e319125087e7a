"""The envelope that a stored message once had, as far as its headers tell. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from mailflow.lib.addresses import address_of
from mailflow.mail.addresses import addresses_of
from mailflow.mail.headers import split_block
from mailflow.mail.parsed import Limits

# Where a mailbox writes whom it delivered to, most telling first; then what the author wrote.
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to")
_WRITTEN = ("to", "cc")
_MOST_ADDRESSES = 200


@dataclass(frozen=True, slots=True)
class Envelope:
    """`sender` is "" for the null sender; `recipients` are those of ours, maybe none."""

    sender: str
    recipients: tuple[str, ...]


def envelope_of(raw: bytes, postmark: str, is_ours: Callable[[str], bool]) -> Envelope:
    """Sender: Return-Path, else the mbox line, else From. Recipients: where it was delivered to,
    else every one in To and Cc that is ours."""
    limits = Limits()
    headers, _ = split_block(raw, 0, len(raw), limits, set())
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value)

    def addresses(name: str) -> list[str]:
        listed = [a for v in values.get(name, []) for a in addresses_of(v, _MOST_ADDRESSES, set())]
        return [known for one in listed if (known := address_of(one.address))]

    if "return-path" in values:
        sender = next(iter(addresses("return-path")), "")
    else:
        sender = address_of(postmark) or next(iter(addresses("from")), "")
    for names in (_DELIVERED, _WRITTEN):
        found = dict.fromkeys(a for name in names for a in addresses(name) if is_ours(a))
        if found:
            return Envelope(sender, tuple(found)[:1] if names is _DELIVERED else tuple(found))
    return Envelope(sender, ())
