"""The fields that conditions name: their kind, what may be asked, how they are read. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mailflow.rules.facts import Facts, MailAddress

Kind = Literal["address", "text", "word", "flag", "number", "time", "weekday"]

OPERATORS: dict[Kind, tuple[str, ...]] = {
    "address": (
        "equals",
        "contains",
        "domain",
        "in_list",
        "starts_with",
        "ends_with",
        "regex",
        "present",
    ),
    "text": ("equals", "contains", "starts_with", "ends_with", "regex", "present"),
    "word": ("equals", "present"),
    "flag": ("is",),
    "number": ("at_least", "at_most"),
    "time": ("between",),
    "weekday": ("is",),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `choices` are suggestions for a form, `help` is one English sentence."""

    name: str
    kind: Kind
    label: str
    help: str = ""
    choices: tuple[str, ...] = ()


_RESULTS = ("pass", "fail", "softfail", "neutral", "none", "temperror", "permerror")
_CLASSES = ("ordinary", "bounce", "complaint", "auto_reply", "list", "calendar")

FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("recipient", "address", "Recipient", "Our address that this mail was sent to."),
        Field("sender", "address", "Sender", "The header From or the envelope sender."),
        Field("from", "address", "From", "The address in the header From: what readers see."),
        Field("envelope_from", "address", "Envelope sender", "The SMTP sender; bounces have none."),
        Field("to", "address", "To", "Every address in the header To."),
        Field("cc", "address", "Cc", "Every address in the header Cc."),
        Field("reply_to", "address", "Reply-To", "Every address in the header Reply-To."),
        Field(
            "from_name", "text", "From name", "The display name; anyone can write anything there."
        ),
        Field("subject", "text", "Subject"),
        Field("body", "text", "Body", "The whole text, also of mail that has only HTML."),
        Field("text", "text", "Subject or body"),
        Field("anywhere", "text", "Sender, recipient, subject or body"),
        Field(
            "header", "text", "Header", "Any header by its name; repeated ones are all looked at."
        ),
        Field("attachment_name", "text", "Attachment name"),
        Field("attachment_type", "text", "Attachment type", "Such as application/pdf."),
        Field("attachment_size", "number", "Attachment size", "Bytes of any one attachment."),
        Field("attachment_count", "number", "Number of attachments"),
        Field("has_attachment", "flag", "Has an attachment"),
        Field("class", "word", "Class of mail", choices=_CLASSES),
        Field("list_id", "text", "Mailing list", "The List-Id of a mailing list."),
        Field("spf", "word", "SPF result", choices=_RESULTS),
        Field("dkim", "word", "DKIM result", choices=_RESULTS),
        Field("dmarc", "word", "DMARC result", choices=_RESULTS),
        Field(
            "verified_domain", "word", "Verified domain", "The domain that authentication proved."
        ),
        Field("tag", "word", "Tag", "A tag already on the email."),
        Field("inbox", "word", "Inbox", "The inbox of the recipient, by name or number."),
        Field("contact_known", "flag", "Known contact"),
        Field("contact_vip", "flag", "VIP contact"),
        Field("contact_blocked", "flag", "Blocked contact"),
        Field("contact_company", "text", "Contact's company"),
        Field("contact_tag", "word", "Contact's tag"),
        Field(
            "first_time_sender",
            "flag",
            "First-time sender",
            "Nobody heard from this address before.",
        ),
        Field("size", "number", "Size", "Bytes of the whole message."),
        Field("language", "word", "Language", "Two letters, such as en or ar."),
        Field("time", "time", "Time of day", "From and to, in a time zone; may run past midnight."),
        Field("weekday", "weekday", "Weekday", "In a time zone."),
    )
}

COMBINED: dict[str, tuple[str, ...]] = {
    "sender": ("from", "envelope_from"),
    "text": ("subject", "body"),
    "anywhere": ("from", "envelope_from", "recipient", "to", "subject", "body"),
}
"""Fields that stand for several: a condition holds when it holds for one of them."""


def _addresses(pairs: tuple[MailAddress, ...]) -> tuple[str, ...]:
    return tuple(address for _, address in pairs)


def _inbox(facts: Facts) -> tuple[str, ...]:
    return () if facts.inbox.id is None else (facts.inbox.name, str(facts.inbox.id))


TEXTS: dict[str, Callable[[Facts], tuple[str, ...]]] = {
    "recipient": lambda facts: (facts.recipient,),
    "envelope_from": lambda facts: (facts.envelope_from,),
    "from": lambda facts: _addresses(facts.from_),
    "to": lambda facts: _addresses(facts.to),
    "cc": lambda facts: _addresses(facts.cc),
    "reply_to": lambda facts: _addresses(facts.reply_to),
    "from_name": lambda facts: tuple(name for name, _ in facts.from_),
    "subject": lambda facts: (facts.subject,),
    "body": lambda facts: (facts.body,),
    "attachment_name": lambda facts: tuple(part.name for part in facts.attachments),
    "attachment_type": lambda facts: tuple(part.content_type for part in facts.attachments),
    "class": lambda facts: (facts.message_class,),
    "list_id": lambda facts: (facts.list_id,),
    "spf": lambda facts: (facts.authentication.spf,),
    "dkim": lambda facts: (facts.authentication.dkim,),
    "dmarc": lambda facts: (facts.authentication.dmarc,),
    "verified_domain": lambda facts: (facts.authentication.verified_domain,),
    "tag": lambda facts: facts.tags,
    "inbox": _inbox,
    "contact_company": lambda facts: (facts.contact.company,),
    "contact_tag": lambda facts: facts.contact.tags,
    "language": lambda facts: (facts.language,),
}
"""How a field of text is read; `header` is read by name, combined fields part by part."""

FLAGS: dict[str, Callable[[Facts], bool]] = {
    "has_attachment": lambda facts: facts.has_attachment,
    "contact_known": lambda facts: facts.contact.known,
    "contact_vip": lambda facts: facts.contact.vip,
    "contact_blocked": lambda facts: facts.contact.blocked,
    "first_time_sender": lambda facts: facts.contact.first_time,
}

NUMBERS: dict[str, Callable[[Facts], tuple[int, ...]]] = {
    "size": lambda facts: (facts.size_bytes,),
    "attachment_size": lambda facts: tuple(part.size_bytes for part in facts.attachments),
    "attachment_count": lambda facts: (len(facts.attachments),),
}
