"""What of an email is served as it is: its HTML in a closed frame, and the raw message."""

import base64

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from mailflow.accounts.doors import require
from mailflow.history.changes import record
from mailflow.lib import blobs
from mailflow.lib.html import show
from mailflow.mail.models import Email, Message, RawMessage
from mailflow.web import email_story as story

# Pictures that are never documents: an SVG could hold links and styles.
PICTURE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")
MOST_PICTURE_BYTES = 8 * 1024 * 1024

# The HTML is sanitised already; this policy holds even if the sanitiser were wrong. Only inline
# styles and pictures can have an effect: no script, form, frame, font or connection.
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:{images}; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)

# A document under a policy of its own, where inline styles are allowed: mail needs them.
FRAME_PAGE = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Email</title>
<base target="_blank">
<style>
html { background: #fff; color: #1a1f24; color-scheme: light; }
body { margin: 16px; font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
img { max-width: 100%; height: auto; }
table { max-width: 100%; }
blockquote { margin: 0 0 0 8px; padding: 0 0 0 12px; border-left: 2px solid #d5dade; }
blockquote { color: #555c63; }
pre { white-space: pre-wrap; }
</style>
</head>
<body dir="auto">
"""


@require_safe
def frame(request: HttpRequest, pk: int) -> HttpResponse:
    """The sanitised HTML as a page of its own; remote pictures only where `images=yes` asks."""
    actor = require(request, "read")
    email = get_object_or_404(Email.objects.visible_to(actor).select_related("message"), pk=pk)
    images = request.GET.get("images") == "yes"
    pictures = _own_pictures(email.message) if "cid:" in email.message.html else {}
    html = show(email.message.html, remote=images, cid_urls=pictures)
    # mail.understand sanitised it before it was stored.
    response = HttpResponse(f"{FRAME_PAGE}{html}\n</body>\n</html>\n")
    response["Content-Security-Policy"] = FRAME_POLICY.format(
        images=" https: http:" if images else ""
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _own_pictures(message: Message) -> dict[str, str]:
    """The pictures a message brings along, as data URLs by content id, up to MOST_PICTURE_BYTES."""
    urls: dict[str, str] = {}
    room = MOST_PICTURE_BYTES
    kept = message.attachments.filter(stored=True, content_type__in=PICTURE_TYPES)
    for file in kept.exclude(content_id="").order_by("position"):
        if file.size_bytes > room:
            continue
        try:
            with blobs.open_blob(file.sha256) as content:
                data = base64.b64encode(content.read()).decode("ascii")
        except FileNotFoundError:
            continue
        room -= file.size_bytes
        urls[file.content_id.strip("<>")] = f"data:{file.content_type};base64,{data}"
    return urls


@require_safe
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The message exactly as it was received, as a download."""
    actor = require(request, "read")
    email = get_object_or_404(Email.objects.visible_to(actor).select_related("message"), pk=pk)
    try:
        content = story.raw_bytes(email.message)
    except RawMessage.DoesNotExist as error:
        raise Http404 from error
    record(
        "raw_downloaded",
        f"#{email.pk}",
        actor=actor.name,
        subject=("email", email.pk),
        email_id=email.pk,
        inbox_id=email.inbox_id,
    )
    response = HttpResponse(content, content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="email-{email.pk}.eml"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
