"""Gathers the facts that rules see, for a message as it arrives or as it was stored."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mailflow.mail.language import language_of
from mailflow.mail.parsed import Address, ParsedMessage
from mailflow.rules.facts import (
    AttachmentFact,
    AuthenticationFact,
    ContactFact,
    Facts,
    InboxFact,
    MailAddress,
)


def facts_of(
    parsed: ParsedMessage,
    *,
    envelope_from: str,
    recipient: str,
    received_at: datetime,
    size_bytes: int,
    message_class: str,
    authentication: Mapping[str, Any],
    inbox: InboxFact,
    contact: ContactFact,
) -> Facts:
    """Everything a rule can see about one arrival."""
    return Facts(
        envelope_from=envelope_from,
        recipient=recipient,
        from_=_pairs(parsed.from_),
        to=_pairs(parsed.to),
        cc=_pairs(parsed.cc),
        reply_to=_pairs(parsed.reply_to),
        subject=parsed.subject,
        body=parsed.text,
        headers=parsed.headers,
        attachments=tuple(
            AttachmentFact(a.filename, a.content_type, a.size_bytes) for a in parsed.attachments
        ),
        message_class=message_class,
        list_id=parsed.header("List-Id"),
        language=language_of(parsed.text),
        size_bytes=size_bytes,
        received_at=received_at,
        authentication=authentication_fact(authentication),
        inbox=inbox,
        contact=contact,
    )


def authentication_fact(stored: Mapping[str, Any]) -> AuthenticationFact:
    """The results as stored with the message, in the shape rules see."""
    return AuthenticationFact(
        spf=str(stored.get("spf", "")),
        dkim=str(stored.get("dkim_result", "")),
        dmarc=str(stored.get("dmarc", "")),
        verified_domain=str(stored.get("verified_domain") or ""),
    )


def _pairs(addresses: tuple[Address, ...]) -> tuple[MailAddress, ...]:
    return tuple((a.name, a.address) for a in addresses)
