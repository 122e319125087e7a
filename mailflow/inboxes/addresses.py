"""Pure: the addresses of inboxes, and which of them serve the recipient of a message."""

from collections.abc import Iterable

from mailflow.lib.addresses import LONGEST_ADDRESS, address_of, domain_of

MOST_ADDRESSES = 200


class BadAddress(ValueError):
    """A text that is neither an address nor a catch-all; `text` is the text."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text[:80]!r} is neither an address nor @domain")
        self.text = text[:80]


def serving(recipient: str) -> tuple[str, ...]:
    """The InboxAddress texts that would serve it, best first, all in lower case.

    Its own address, the address without its plus part (RFC 5233), its domain's catch-all.
    """
    local, _, domain = recipient.strip().lower().rpartition("@")
    domain = domain.rstrip(".")
    if not domain.isascii():
        domain = domain_of(domain) or domain
    plain, plus, _ = local.partition("+")
    own = (f"{local}@{domain}", f"{plain}@{domain}") if plus and plain else (f"{local}@{domain}",)
    return *own, f"@{domain}"


def read_address(text: str) -> str:
    """`local@domain` or `@domain` in the form in which it is stored. Raises BadAddress."""
    text = text.strip()
    if text.startswith(("@", "*@")):
        domain = domain_of(text.lstrip("*").removeprefix("@"))
        found = f"@{domain}" if domain else None
    else:
        found = address_of(text)
    if found is None or len(found) > LONGEST_ADDRESS:
        raise BadAddress(text)
    return found


def read_addresses(given: str | Iterable[str]) -> tuple[str, ...]:
    """Each address once, in order, from a list or from text with commas or lines.

    Raises BadAddress.
    """
    words = (
        given.replace("\n", ",").replace(";", ",").split(",") if isinstance(given, str) else given
    )
    return tuple(dict.fromkeys(read_address(word) for word in words if word.strip()))
