"""Everything a rule can see about one arrival of one message. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

MailAddress = tuple[str, str]
"""A display name and an address; either may be empty."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AttachmentFact:
    """One attachment as the message names it."""

    name: str
    content_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class AuthenticationFact:
    """Results in the words of RFC 8601 (`pass`, `fail`, `none`, …); empty: not checked.

    `verified_domain` is the domain that DMARC, or else an aligned DKIM or SPF result, vouches
    for; empty when nothing does.
    """

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    verified_domain: str = ""


@dataclass(frozen=True, slots=True)
class ContactFact:
    """What we knew about the writer before this message."""

    known: bool = False
    vip: bool = False
    blocked: bool = False
    company: str = ""
    tags: tuple[str, ...] = ()
    first_time: bool = True


@dataclass(frozen=True, slots=True)
class InboxFact:
    """The inbox that the recipient belongs to; no id: none."""

    id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """One arrival. `body` is the whole text; `headers` keep order and repeats.

    `envelope_from` is the SMTP sender, empty for the null sender; `recipient` is the address of
    ours that this arrival was sent to. `received_at` is aware, in UTC.
    """

    envelope_from: str = ""
    recipient: str = ""
    from_: tuple[MailAddress, ...] = ()
    to: tuple[MailAddress, ...] = ()
    cc: tuple[MailAddress, ...] = ()
    reply_to: tuple[MailAddress, ...] = ()
    subject: str = ""
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[AttachmentFact, ...] = ()
    message_class: str = "ordinary"
    list_id: str = ""
    language: str = ""
    size_bytes: int = 0
    received_at: datetime = EPOCH
    authentication: AuthenticationFact = field(default_factory=AuthenticationFact)
    tags: tuple[str, ...] = ()
    inbox: InboxFact = field(default_factory=InboxFact)
    contact: ContactFact = field(default_factory=ContactFact)

    @property
    def has_attachment(self) -> bool:
        return bool(self.attachments)

    def snapshot(self) -> dict[str, Any]:
        """What cannot be read again from the stored message, ready for JSON."""
        authentication, contact = self.authentication, self.contact
        return {
            "envelope_from": self.envelope_from,
            "recipient": self.recipient,
            "received_at": self.received_at.isoformat(),
            "message_class": self.message_class,
            "language": self.language,
            "tags": list(self.tags),
            "inbox": {"id": self.inbox.id, "name": self.inbox.name},
            "authentication": {
                "spf": authentication.spf,
                "dkim": authentication.dkim,
                "dmarc": authentication.dmarc,
                "verified_domain": authentication.verified_domain,
            },
            "contact": {
                "known": contact.known,
                "vip": contact.vip,
                "blocked": contact.blocked,
                "company": contact.company,
                "tags": list(contact.tags),
                "first_time": contact.first_time,
            },
        }

    def restore(self, snapshot: Mapping[str, Any]) -> "Facts":
        """These facts, read from the message, as they were when the snapshot was taken."""
        contact = dict(snapshot["contact"])
        contact["tags"] = tuple(contact["tags"])
        return replace(
            self,
            envelope_from=snapshot["envelope_from"],
            recipient=snapshot["recipient"],
            received_at=datetime.fromisoformat(snapshot["received_at"]),
            message_class=snapshot["message_class"],
            language=snapshot["language"],
            tags=tuple(snapshot["tags"]),
            inbox=InboxFact(**snapshot["inbox"]),
            authentication=AuthenticationFact(**snapshot["authentication"]),
            contact=ContactFact(**contact),
        )
