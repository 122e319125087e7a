"""Fills an installation with the demonstration: inboxes for its addresses, then mail by SMTP."""

import smtplib
from datetime import datetime

from mailflow.accounts.permissions import SYSTEM
from mailflow.inboxes.changes import InboxFields, create
from mailflow.inboxes.models import InboxAddress
from mailflow.processes.demo.compose import BILLING, ORDERS, SUPPORT
from mailflow.processes.demo.messages import messages
from mailflow.web import starter_pack

_INBOXES = (
    ("Billing", BILLING, "high"),
    ("Shop", f"@{ORDERS.partition('@')[2]}", "normal"),
    # Where there was a Support inbox with another address already.
    ("Demo support", SUPPORT, "normal"),
)
TIMEOUT_S = 30.0


def prepare() -> None:
    """The starter pack and an inbox for each address of the demonstration exist afterwards.

    Safe to repeat; inboxes that exist stay as they are.
    """
    starter_pack.apply(SYSTEM, SUPPORT)
    for name, address, priority in _INBOXES:
        if not InboxAddress.objects.filter(address=address).exists():
            create(InboxFields(name=name, addresses=address, priority=priority), SYSTEM)


def send(host: str, port: int) -> int:
    """Sends the messages to an SMTP receiver; how many it took.

    A second time they are the same messages to the byte, so duplicates, and change nothing.
    Raises OSError or smtplib.SMTPException where the receiver cannot be reached or refuses.
    """
    mails = messages(_first_time())
    with smtplib.SMTP(host, port, local_hostname="demo.example", timeout=TIMEOUT_S) as smtp:
        for mail in mails:
            smtp.sendmail(mail.sender, mail.recipients, mail.content, ["BODY=8BITMIME"])
    return len(mails)


def _first_time() -> datetime:
    """When the demonstration came here first: the dates of its mail hang on it."""
    return InboxAddress.objects.select_related("inbox").get(address=BILLING).inbox.created_at
