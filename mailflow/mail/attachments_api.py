"""The API of attachments."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router, Schema

from mailflow.accounts.doors import require
from mailflow.lib.paging import list_page
from mailflow.mail import attachment_pages
from mailflow.mail.attachment_list import attachments_for
from mailflow.mail.models import Attachment

router = Router(tags=["Attachments"])


class AttachmentOut(Schema):
    """A file of a message. `stored` false: its content is not kept, these facts are."""

    id: int
    email_id: int | None
    filename: str
    content_type: str
    size: int
    sha256: str
    inline: bool
    kind: str
    stored: bool
    created_at: datetime


class AttachmentsOut(Schema):
    """A page of attachments, newest first."""

    attachments: list[AttachmentOut]
    next_cursor: str | None


@router.get("/attachments", response=AttachmentsOut)
def list_attachments(
    request: HttpRequest,
    limit: int | None = None,
    cursor: str | None = None,
    q: str = "",
    type: str = "",
) -> dict[str, Any]:
    """Files of visible mail; `q` looks in names, `type` is image, document or archive."""
    rows = attachments_for(require(request, "read"), q, type)
    page = list_page(rows, limit, cursor)
    return {"attachments": [_out(row) for row in page.rows], "next_cursor": page.next_cursor}


@router.get("/attachments/{int:attachment_id}/download", response={200: None})
def download_attachment(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """The content as application/octet-stream; 404 where it is not kept."""
    return attachment_pages.download(request, attachment_id)


def _out(row: Attachment) -> dict[str, Any]:
    return {
        "id": row.pk,
        "email_id": row.email_id,  # type: ignore[attr-defined]
        "filename": row.filename,
        "content_type": row.content_type,
        "size": row.size_bytes,
        "sha256": row.sha256,
        "inline": row.inline,
        "kind": row.kind,
        "stored": row.stored,
        "created_at": row.created_at,
    }
