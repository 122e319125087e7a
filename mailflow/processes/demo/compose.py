"""Pure: how a message of the demonstration is written down.

Every domain ends in `.example` (RFC 2606): none of it reaches anybody.
"""

import textwrap
from collections.abc import Sequence
from email.header import Header

SUPPORT = "support@mailflow.example"
BILLING = "billing@mailflow.example"
ORDERS = "orders@shop.mailflow.example"

Story = tuple[str, tuple[str, ...], str]
"""Envelope sender, recipients, and the content with `{date}` where its date belongs."""


def compose(
    sender: str,
    name: str,
    to: Sequence[str],
    subject: str,
    body: str,
    headers: str = "",
    type: str = "text/plain; charset=utf-8",
    id: str = "",
) -> Story:
    """Plain 8-bit UTF-8 content; further header lines end with a line feed each."""
    shown = Header(name, "utf-8").encode() if not name.isascii() else f'"{name}"'
    title = subject if subject.isascii() else Header(subject, "utf-8").encode()
    domain = sender.partition("@")[2]
    head = (
        f"From: {shown} <{sender}>\nTo: {', '.join(to)}\nSubject: {title}\n"
        f"Date: {{date}}\nMessage-ID: <{id}@{domain}>\nMIME-Version: 1.0\n"
        f"Content-Type: {type}\nContent-Transfer-Encoding: 8bit\n{headers}\n"
    )
    return sender, tuple(to), head + textwrap.dedent(body).lstrip("\n")
