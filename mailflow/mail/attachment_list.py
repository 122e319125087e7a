"""Files that came with mail: which of them an actor may see, found by name and type."""

from functools import reduce
from operator import or_

from django.db.models import OuterRef, Q, QuerySet, Subquery

from mailflow.accounts.permissions import Actor
from mailflow.mail.models import Attachment, Email

# Groups of types that people look for, by how the types begin.
GROUPS: dict[str, tuple[str, ...]] = {
    "image": ("image/",),
    "document": ("application/pdf", "application/msword", "application/vnd.", "text/"),
    "archive": ("application/zip", "application/gzip", "application/x-"),
}


def attachments_for(actor: Actor, name: str = "", group: str = "") -> QuerySet[Attachment]:
    """Visible attachments with the newest email that brought each (`email_id`, `inbox_id`)."""
    emails = Email.objects.visible_to(actor).filter(message=OuterRef("message")).order_by("-id")
    rows = Attachment.objects.visible_to(actor).select_related("message")
    if name := name.replace("\0", "")[:100]:
        rows = rows.filter(filename__icontains=name)
    if group in GROUPS:
        types = (Q(content_type__startswith=prefix) for prefix in GROUPS[group])
        rows = rows.filter(reduce(or_, types))
    return rows.annotate(
        email_id=Subquery(emails.values("id")[:1]), inbox_id=Subquery(emails.values("inbox_id")[:1])
    ).defer("message__text", "message__html")
