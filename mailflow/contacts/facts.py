"""What is known of the people who write, read for many addresses at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from mailflow.contacts.models import ContactAddress


@dataclass(frozen=True, slots=True)
class KnownContact:
    """The parts of a contact that decisions look at."""

    company: str
    tags: tuple[str, ...]
    vip: bool
    blocked: bool


def known_contacts(addresses: Iterable[str]) -> dict[str, KnownContact]:
    """The contact of each address (lower case) that has one; one query."""
    rows = ContactAddress.objects.filter(address__in=[a for a in addresses if a]).values_list(
        "address", "contact__company", "contact__tags", "contact__vip", "contact__blocked"
    )
    return {
        address: KnownContact(company, tuple(tags), vip, blocked)
        for address, company, tags, vip, blocked in rows
    }
