"""Which inbox a recipient belongs to, from a table of all addresses kept for two seconds."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from mailflow.inboxes.addresses import serving
from mailflow.inboxes.models import Inbox, InboxAddress
from mailflow.preferences.values import current

FRESH_S = 2.0


@dataclass(frozen=True, slots=True)
class RecipientTable:
    """Every address and name of the inboxes, paused ones too: their mail is still theirs."""

    by_address: Mapping[str, int]
    by_name: Mapping[str, int]

    def inbox_of(self, recipient: str) -> int | None:
        """The inbox whose address serves the recipient best; None where none does."""
        for address in serving(recipient):
            if (inbox_id := self.by_address.get(address)) is not None:
                return inbox_id
        return None

    @property
    def own_addresses(self) -> frozenset[str]:
        """Our addresses: whoever they name is not a customer."""
        return frozenset(address for address in self.by_address if not address.startswith("@"))


_cached: tuple[float, RecipientTable] | None = None


def table() -> RecipientTable:
    """All addresses, at most `FRESH_S` seconds old; what this process changed is seen at once."""
    global _cached
    cached, now = _cached, time.monotonic()
    if cached is not None and now - cached[0] < FRESH_S:
        return cached[1]
    fresh = _read()
    _cached = (now, fresh)
    return fresh


def forget() -> None:
    """The next `table` reads the database."""
    global _cached
    _cached = None


def inbox_of(recipient: str) -> int | None:
    """The inbox for a recipient, else the setting `default_inbox`; None where neither is one.

    A new address serves at once: where the kept table knows none, the database is asked.
    """
    found = table().inbox_of(recipient)
    if found is None and InboxAddress.objects.filter(address__in=serving(recipient)).exists():
        forget()
        found = table().inbox_of(recipient)
    return found if found is not None else default_inbox_id()


def default_inbox_id() -> int | None:
    """The inbox that the setting `default_inbox` names."""
    name = current().default_inbox
    return inbox_named(name) if name else None


def inbox_named(text: str) -> int | None:
    """The inbox of this name, in any case, or with this address; None where there is none."""
    name, known = text.strip().lower(), table()
    return known.by_name.get(name, known.by_address.get(name))


def _read() -> RecipientTable:
    return RecipientTable(
        by_address=dict(InboxAddress.objects.values_list("address", "inbox_id")),
        by_name={name.lower(): pk for pk, name in Inbox.objects.values_list("id", "name")},
    )
