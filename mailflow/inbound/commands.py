"""Pure: the arguments of MAIL and RCPT, read leniently where that is harmless (RFC 5321 4.1.2)."""

import re
from dataclasses import dataclass

from mailflow.inbound.statuses import Status

# RFC 5321 4.5.3.1.3 says 256 octets; VERP and SRS senders in the wild are longer.
MAX_ADDRESS_OCTETS = 320

_PATH = re.compile(
    r"""
    \s*(?:
        <(?:@[^\s<>":]+:)?          # a source route is read and forgotten (RFC 5321 appendix C)
        (?P<angled>(?:"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"|[^\s<>"@\x00-\x1f\x7f]+)
            (?:@[^\s<>"@\x00-\x1f\x7f]+)?|)
        >
        | (?P<plain>[^\s<>"@\x00-\x1f\x7f]+@[^\s<>"@\x00-\x1f\x7f]+)
    )(?:\s+(?P<parameters>\S.*))?\s*
    """,
    re.VERBOSE,
)
_DOMAIN = re.compile(r"\[[0-9A-Za-z:.\-]+\]|(?!-)[\w\-]+(?:\.[\w\-]+)*\.?")
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^\s=\x00-\x1f\x7f]+))?")


@dataclass(frozen=True, slots=True)
class Sender:
    """MAIL FROM: `address` is "" for the null sender; `size_bytes` is what the peer declares."""

    address: str
    size_bytes: int
    smtputf8: bool


def parse_mail(argument: str) -> Sender | Status:
    """What follows the word MAIL; a Status where it must be refused."""
    found = _path_after("FROM:", argument, Status.BAD_SENDER)
    if isinstance(found, Status):
        return found
    address, parameters = found
    body = parameters.pop("BODY", "7BIT")
    smtputf8 = parameters.pop("SMTPUTF8", None)
    size = parameters.pop("SIZE", "0")
    if parameters:
        return Status.UNKNOWN_PARAMETER
    sized = size.isascii() and size.isdigit() and len(size) <= 20
    if body.upper() not in ("7BIT", "8BITMIME") or smtputf8 or not sized:
        return Status.SYNTAX
    if address and not _is_mailbox(address):
        return Status.BAD_SENDER
    if smtputf8 is None and not address.isascii():
        return Status.NEEDS_SMTPUTF8
    return Sender(address, int(size), smtputf8 is not None)


def parse_rcpt(argument: str, smtputf8: bool, hostname: str) -> str | Status:
    """The address that follows the word RCPT; a Status where it must be refused."""
    found = _path_after("TO:", argument, Status.BAD_RECIPIENT)
    if isinstance(found, Status):
        return found
    address, parameters = found
    if parameters:
        return Status.UNKNOWN_PARAMETER
    # RFC 5321 4.5.1: the one address that needs no domain.
    if address.lower() == "postmaster":
        return f"postmaster@{hostname}"
    if not _is_mailbox(address):
        return Status.BAD_RECIPIENT
    if not smtputf8 and not address.isascii():
        return Status.NEEDS_SMTPUTF8
    return address


def _path_after(keyword: str, argument: str, bad: Status) -> tuple[str, dict[str, str]] | Status:
    if argument[: len(keyword)].upper() != keyword:
        return Status.SYNTAX
    match = _PATH.fullmatch(argument, len(keyword))
    if not match:
        return bad
    parameters = _parameters(match["parameters"] or "")
    if parameters is None:
        return Status.SYNTAX
    address = match["plain"] if match["angled"] is None else match["angled"]
    return address, parameters


def _parameters(text: str) -> dict[str, str] | None:
    """Names in capitals with their values ("" for none); None where one is malformed or twice."""
    found: dict[str, str] = {}
    for word in text.split():
        match = _PARAMETER.fullmatch(word)
        if not match or match[1].upper() in found:
            return None
        found[match[1].upper()] = match[2] or ""
    return found


def _is_mailbox(address: str) -> bool:
    local, at, domain = address.rpartition("@")
    if not at or not local or not _DOMAIN.fullmatch(domain):
        return False
    try:
        return len(address.encode()) <= MAX_ADDRESS_OCTETS
    except UnicodeEncodeError:  # a lone surrogate: the peer sent what is not UTF-8
        return False
