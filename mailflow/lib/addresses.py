"""Pure: what a plain e-mail address and a domain name are, and the form they are compared in.

Quoted local parts and address literals are refused: no inbox of ours has one.
"""

import re

# RFC 1035 2.3.4 and RFC 1123 2.1; underscores do occur in mail domains, never in ours.
_DOMAIN = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,64}")  # RFC 5321 4.5.3.1.1: 64 octets
LONGEST_DOMAIN = 253
LONGEST_ADDRESS = 320


def domain_of(text: str) -> str | None:
    """The domain name in lower case, as DNS writes it (`xn--…`); None where it is none."""
    name = text.strip().rstrip(".").lower()
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    fits = len(name) <= LONGEST_DOMAIN and _DOMAIN.fullmatch(name)
    return name if fits else None


def address_of(text: str) -> str | None:
    """`local@domain` as it is compared, in lower case; None where it is no plain address."""
    local, at, domain = text.strip().lower().rpartition("@")
    name = domain_of(domain)
    if not at or name is None or not _LOCAL.fullmatch(local) or not local.isprintable():
        return None
    address = f"{local}@{name}"
    return address if len(address) <= LONGEST_ADDRESS else None
