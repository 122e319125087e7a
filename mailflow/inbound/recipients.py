"""Which recipients are ours, by the addresses of the inboxes."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import close_old_connections

from mailflow.inbound.receiver import Answer
from mailflow.inboxes.addresses import serving
from mailflow.inboxes.models import InboxAddress
from mailflow.mail.reply_token import read as read_token
from mailflow.tickets.models import Ticket

REMEMBERED_S = 2.0
_MOST_REMEMBERED = 10_000


def is_ours(recipient: str, policy: str) -> bool:
    """Whether `recipient` may receive, by the policy "inboxes", "domains" or "any"."""
    if policy == "any" or _is_reply_address(recipient):
        return True
    addresses = serving(recipient)
    if InboxAddress.objects.filter(address__in=addresses).exists():
        return True
    return (
        policy == "domains"
        and InboxAddress.objects.filter(address__endswith=addresses[-1]).exists()
    )


def _is_reply_address(recipient: str) -> bool:
    """Whether we gave this address out for a ticket that still exists."""
    ticket_id = read_token(recipient, settings.KEYS.derive_all("reply address"))
    return ticket_id is not None and Ticket.objects.filter(pk=ticket_id).exists()


class InboxRecipients:
    """Asks the database in a thread of its own, and remembers a yes for two seconds.

    A no is never remembered: a new address receives at once.
    """

    def __init__(self, is_ours: Callable[[str], bool]) -> None:
        self._is_ours = is_ours
        self._thread = ThreadPoolExecutor(1, "recipients")
        self._known_until_s: dict[str, float] = {}

    async def known(self, address: str) -> Answer:
        """Whether it is ours. Raises whatever the database raises: the receiver is unsure then."""
        if self._known_until_s.get(address, 0.0) > time.monotonic():
            return Answer.KNOWN
        loop = asyncio.get_running_loop()
        if not await loop.run_in_executor(self._thread, self._ask, address):
            return Answer.UNKNOWN
        if len(self._known_until_s) >= _MOST_REMEMBERED:
            self._known_until_s.clear()
        self._known_until_s[address] = time.monotonic() + REMEMBERED_S
        return Answer.KNOWN

    def _ask(self, address: str) -> bool:
        try:
            return self._is_ours(address)
        except Exception:
            close_old_connections()
            raise
