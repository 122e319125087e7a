"""Which emails a list shows: the filters of its address, and the rows with what they display."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from django.db.models import Count, Exists, OuterRef, QuerySet

from mailflow.lib.fingerprint import fingerprint
from mailflow.mail.models import Attachment, Email, Message, MessageClass
from mailflow.search.find import FEW, matching
from mailflow.search.query import Filter, parse

PAGE_SIZE = 50

# What a row shows; a message's text and HTML may be megabytes and are not read for a list.
_SHOWN = (
    "id", "status", "tags", "received_at", "recipient", "inbox__name", "inbox__color",
    "message__subject", "message__preview", "message__from_name", "message__from_address",
    "message__message_class", "ticket_message__ticket_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address such as `/emails?status=spam&q=invoice` asks for; "" is everything."""

    q: str = ""
    status: str = ""
    kind: str = ""
    inbox: str = ""
    tag: str = ""
    files: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filters":
        """The filters of a query string; values that are not known are left out."""
        found = cls(**{field.name: query.get(field.name, "")[:200] for field in fields(cls)})
        return cls(
            q=found.q.strip(),
            status=found.status if found.status in Email.Status.values else "",
            kind=found.kind if found.kind in MessageClass.values else "",
            inbox=found.inbox if found.inbox.isascii() and found.inbox.isdigit() else "",
            tag=found.tag,
            files="yes" if found.files == "yes" else "",
        )

    @property
    def any(self) -> bool:
        """Whether anything is left out of the list."""
        return any(getattr(self, field.name) for field in fields(self))

    def apply(self, emails: QuerySet[Email]) -> QuerySet[Email]:
        """Only the emails that all filters let through."""
        if self.status:
            emails = emails.filter(status=self.status)
        if self.inbox:
            emails = emails.filter(inbox_id=min(int(self.inbox), 2**63 - 1))
        if self.kind:
            emails = _of_kind(emails, self.kind)
        asked = parse(self.q)
        if self.tag:
            asked = replace(asked, filters=(*asked.filters, Filter("tag", self.tag.lower())))
        if self.files:
            emails = emails.filter(_has_files())
        return matching(emails, asked)


def _of_kind(emails: QuerySet[Email], kind: str) -> QuerySet[Email]:
    """Emails of one class. Of a rare one the messages are fetched first; of a common one the
    newest emails are walked, which the database does where it has no index to choose."""
    of_kind = Message.objects.filter(message_class=kind).order_by("-id")
    few = list(of_kind.values_list("id", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return emails.filter(message_id__in=few)
    others = [value for value in MessageClass.values if value != kind]
    return emails.exclude(message__message_class__in=others)


def _has_files() -> Exists:
    return Exists(Attachment.objects.filter(message_id=OuterRef("message_id"), inline=False))


def rows(emails: QuerySet[Email]) -> QuerySet[Email]:
    """The emails with everything a row shows, in one query."""
    return (
        emails.select_related("message", "inbox", "ticket_message")
        .only(*_SHOWN)
        .annotate(has_files=_has_files())
    )


def counts(emails: QuerySet[Email]) -> dict[str, int]:
    """How many emails have each status."""
    found = emails.order_by().values_list("status").annotate(Count("id"))
    return {str(status): number for status, number in found}


def looks(shown: Iterable[Email]) -> str:
    """Short text that changes when the list would look different."""
    return fingerprint(
        (email.pk, email.status, email.tags, email.inbox_id, _ticket_id(email)) for email in shown
    )


def _ticket_id(email: Email) -> int | None:
    entry = getattr(email, "ticket_message", None)
    return entry.ticket_id if entry else None
