"""The page of attachments, and their download."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mailflow.accounts.doors import require
from mailflow.history.changes import record
from mailflow.lib import blobs, keyset
from mailflow.mail.attachment_list import attachments_for
from mailflow.mail.models import Attachment

# Whatever is inside: no script, form, frame or request of it works, even where a browser opens it.
_POLICY = "default-src 'none'; sandbox"


@require_safe
def attachment_list(request: HttpRequest) -> HttpResponse:
    """Files that came with mail, newest first."""
    actor = require(request, "read")
    filters = {"q": request.GET.get("q", "").strip(), "type": request.GET.get("type", "")}
    rows = attachments_for(actor, filters["q"], filters["type"])
    context = {
        "title": _("Attachments"),
        "page": keyset.page(rows, request.GET.get("cursor", "")),
        "filters": filters,
        "types": [
            ("", _("All")),
            ("document", _("Documents")),
            ("image", _("Pictures")),
            ("archive", _("Archives")),
        ],
    }
    return render(request, "mail/attachments.html", context)


@require_safe
def download(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """One file, only ever as a download. 404 for one whose content is not kept."""
    actor = require(request, "read")
    if attachment_id >= 2**63:
        raise Http404
    file = attachments_for(actor).filter(pk=attachment_id).first()
    if file is None or not file.stored:
        raise Http404(_("The content of this attachment is not kept."))
    try:
        content = blobs.open_blob(file.sha256)
    except FileNotFoundError as error:
        raise Http404(_("The content of this attachment is not kept.")) from error
    _tell(request, file, actor.name)
    response = FileResponse(
        content, as_attachment=True, filename=file.filename or f"attachment-{file.pk}"
    )
    response["Content-Type"] = "application/octet-stream"
    response["Content-Security-Policy"] = _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _tell(request: HttpRequest, file: Attachment, actor: str) -> None:
    record(
        "attachment_downloaded",
        f"{file.filename or file.pk}",
        actor=actor,
        client_address=str(getattr(request, "client_address", "")),
        subject=("attachment", file.pk),
        email_id=file.email_id,  # type: ignore[attr-defined]
        inbox_id=file.inbox_id,  # type: ignore[attr-defined]
        data={"sha256": file.sha256},
    )
