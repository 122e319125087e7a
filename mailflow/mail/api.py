"""The API of emails: lists, one email, its raw message, and what a person changes of it."""

from datetime import datetime
from typing import Any, Literal, cast

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from mailflow.accounts.doors import require
from mailflow.accounts.permissions import Ability
from mailflow.history.changes import record
from mailflow.lib.paging import list_page
from mailflow.mail.edits import Edit, edit
from mailflow.mail.models import Attachment, Email, RawMessage
from mailflow.mail.parse import parse
from mailflow.mail.parsed import ParsedMessage

router = Router(tags=["Emails"])

LARGEST_ID = 2**63 - 1


class EmailOut(Schema):
    """One arrival of a message at one recipient of ours."""

    id: int
    message_id: str
    thread_id: int
    from_address: str
    from_name: str
    envelope_from: str
    to: str
    subject: str
    body_preview: str
    status: str
    message_class: str
    inbox_id: int | None
    inbox: str | None
    assigned_user: str | None
    tags: list[str]
    flags: list[str]
    has_attachments: bool
    ticket_id: int | None
    received_at: datetime


class EmailsOut(Schema):
    """A page of emails, newest first."""

    emails: list[EmailOut]
    next_cursor: str | None


class EmailDetail(EmailOut):
    """An email with its content; `html` is safe to show, `headers` keep order and repeats."""

    text: str
    html: str
    recipients: dict[str, list[list[str]]]
    headers: list[list[str]]
    authentication: dict[str, Any]
    calendar: dict[str, Any] | None
    attachments: list[dict[str, Any]]
    size_bytes: int
    raw_sha256: str


class EmailItem(Schema):
    """One email."""

    email: EmailDetail


class EmailEdit(Schema):
    """What to change; what is left out stays. "" empties the inbox or the assignee."""

    inbox: str | None = None
    tags: list[str] | None = None
    status: Literal["processed", "spam", "ignored"] | None = None
    assigned_user: str | None = None
    kept: bool | None = None


class EmailFilter(Schema):
    """Filters of the list; all given ones must hold."""

    status: str | None = None
    inbox_id: int | None = None
    message_class: str | None = None
    from_address: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@router.get("/emails", response=EmailsOut)
def list_emails(
    request: HttpRequest,
    filters: Query[EmailFilter],
    limit: int | None = None,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The emails that the key may see, newest first."""
    emails = _filtered(emails_shown(request, "read"), filters)
    page = list_page(emails.defer("message__text", "message__html"), limit, cursor)
    return {"emails": [email_shown(email) for email in page.rows], "next_cursor": page.next_cursor}


@router.get("/emails/{int:email_id}", response=EmailItem)
def get_email(request: HttpRequest, email_id: int) -> dict[str, Any]:
    """One email with its whole content."""
    return {"email": _detail(_one(request, email_id, "read"))}


@router.put("/emails/{int:email_id}", response=EmailItem)
def change_email(request: HttpRequest, email_id: int, body: EmailEdit) -> dict[str, Any]:
    """Changes the fields given."""
    actor = require(request, "work")
    wanted = Edit(body.inbox, body.tags, body.status, body.assigned_user, body.kept)
    edit(_one(request, email_id, "work"), wanted, actor)
    return {"email": _detail(_one(request, email_id, "work"))}


@router.get("/emails/{int:email_id}/raw", response={200: str})
def raw_email(request: HttpRequest, email_id: int) -> HttpResponse:
    """The message exactly as received, as a download."""
    return raw_response(request, _one(request, email_id, "read"))


def raw_response(request: HttpRequest, email: Email) -> HttpResponse:
    """The raw message as a file that no browser shows in our origin. Raises Http404."""
    raw = RawMessage.objects.filter(pk=email.message.raw_sha256).first()
    if raw is None:
        raise Http404
    record(
        "raw_downloaded",
        f"email {email.pk}",
        actor=require(request, "read").name,
        email_id=email.pk,
        inbox_id=email.inbox_id,
    )
    response = HttpResponse(bytes(raw.content), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="email-{email.pk}.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def emails_shown(request: HttpRequest, ability: Ability) -> QuerySet[Email]:
    """The emails that the key may see, with what `email_shown` needs of each."""
    visible = Email.objects.visible_to(require(request, ability))
    attachments = Attachment.objects.filter(message=OuterRef("message"))
    return visible.select_related("message", "inbox", "assignee", "ticket_message").annotate(
        has_attachments=Exists(attachments)
    )


def _filtered(emails: QuerySet[Email], filters: EmailFilter) -> QuerySet[Email]:
    wanted = {
        "status": filters.status,
        "inbox_id": filters.inbox_id,
        "message__message_class": filters.message_class,
        "message__from_address": (filters.from_address or "").lower() or None,
        "received_at__gte": filters.since,
        "received_at__lt": filters.until,
    }
    if filters.inbox_id is not None and not 0 < filters.inbox_id <= LARGEST_ID:
        return emails.none()
    return emails.filter(**{name: value for name, value in wanted.items() if value is not None})


def _one(request: HttpRequest, email_id: int, ability: Ability) -> Email:
    # An id beyond 64 bits names nothing, and no database can be asked for it.
    found = (
        emails_shown(request, ability).filter(pk=email_id).first()
        if email_id <= LARGEST_ID
        else None
    )
    if found is None:
        raise Http404
    return found


def email_shown(email: Email) -> dict[str, Any]:
    """An `EmailOut`."""
    message = email.message
    entry = getattr(email, "ticket_message", None)
    return {
        "id": email.pk,
        "message_id": message.message_id,
        "thread_id": message.thread_id,
        "from_address": message.from_address,
        "from_name": message.from_name,
        "envelope_from": email.envelope_from,
        "to": email.recipient,
        "subject": message.subject,
        "body_preview": message.preview,
        "status": email.status,
        "message_class": message.message_class,
        "inbox_id": email.inbox_id,
        "inbox": email.inbox.name if email.inbox else None,
        "assigned_user": email.assignee.username if email.assignee else None,
        "tags": email.tags,
        "flags": sorted({*email.flags, *message.flags}),
        "has_attachments": cast(Any, email).has_attachments,
        "ticket_id": entry.ticket_id if entry else None,
        "received_at": email.received_at,
    }


def _detail(email: Email) -> dict[str, Any]:
    message = email.message
    attachments = message.attachments.order_by("position").values(
        "id", "filename", "content_type", "size_bytes", "sha256", "inline", "kind", "stored"
    )
    parsed = _read_again(message.raw_sha256)
    return email_shown(email) | {
        "text": message.text,
        "html": message.html,
        "recipients": message.recipients,
        "headers": [[name, value] for name, value in parsed.headers] if parsed else [],
        "authentication": message.authentication,
        "calendar": message.calendar,
        "attachments": list(attachments),
        "size_bytes": message.size_bytes,
        "raw_sha256": message.raw_sha256,
    }


def _read_again(sha256: str) -> ParsedMessage | None:
    raw = RawMessage.objects.filter(pk=sha256).first()
    return parse(bytes(raw.content)) if raw else None
