"""The list of emails and the page of one email."""

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from mailflow.accounts.doors import require
from mailflow.accounts.models import User
from mailflow.accounts.permissions import Actor
from mailflow.inboxes.models import Inbox
from mailflow.lib import keyset
from mailflow.mail.edits import SETTABLE
from mailflow.mail.models import Email, MessageClass, RawMessage
from mailflow.mail.quotes import fold
from mailflow.rules.why import why
from mailflow.web import email_list as listing
from mailflow.web import email_story as story
from mailflow.web.vocabulary import WORDS

VIEWS = ("text", "html", "headers")
# A page with the conditions of more rules than this is not read any more.
MOST_RULES = 500


@require_safe
def email_list(request: HttpRequest) -> HttpResponse:
    """All emails the actor may see, filtered by the address."""
    actor = require(request, "read")
    context = _list_context(request, actor)
    visible = Email.objects.visible_to(actor)
    context |= {
        "title": _("Emails"),
        "inboxes": Inbox.objects.visible_to(actor).order_by("name").only("id", "name"),
        "classes": [(value, WORDS["class"][value].label) for value in MessageClass.values],
        "tabs": _status_tabs(listing.counts(visible)),
    }
    return render(request, "web/emails/list.html", context)


def _list_context(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    filters = listing.Filters.of(request.GET)
    emails = filters.apply(Email.objects.visible_to(actor))
    page = keyset.page(listing.rows(emails), request.GET.get("cursor", ""), size=listing.PAGE_SIZE)
    return {"filters": filters, "page": page, "fingerprint": listing.looks(page.rows)}


def _status_tabs(counts: dict[str, int]) -> list[tuple[str, object, int]]:
    tabs: list[tuple[str, object, int]] = [("", _("All"), sum(counts.values()))]
    for status, word in WORDS["email"].items():
        if counts.get(status):
            tabs.append((status, word.label, counts[status]))
    return tabs


@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """The list again, for the page that is open: 204 while it would look the same.

    The whole first page is compared, not only what has a higher id: workers store messages out of
    order, and a status may change without a new message.
    """
    actor = require(request, "read")
    context = _list_context(request, actor)
    if context["fingerprint"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    newest = request.GET.get("newest", "")
    known = int(newest) if newest.isascii() and newest.isdigit() else 0
    context["known"] = known
    response = render(request, "web/emails/rows.html", context)
    fresh = sum(email.pk > known for email in context["page"].rows)
    if fresh:
        text = ngettext("%(count)s new email", "%(count)s new emails", fresh) % {"count": fresh}
        response["X-Announce"] = quote(text)
    return response


@require_safe
def email_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One email: what it says, where it came from, and why it went where it is."""
    actor = require(request, "read")
    email = get_object_or_404(
        Email.objects.visible_to(actor).select_related(
            "message", "inbox", "assignee", "ticket_message__ticket", "held__ticket"
        ),
        pk=pk,
    )
    message = email.message
    view = request.GET.get("view", "text")
    view = view if view in VIEWS else "text"
    context: dict[str, Any] = {
        "title": message.subject or _("(no subject)"),
        "email": email,
        "message": message,
        "view": view,
        "views": [("text", _("Text")), ("html", "HTML"), ("headers", _("Headers"))],
        "blocks": fold(message.text) if view == "text" else [],
        "headers": story.headers(message) if view == "headers" else [],
        "images": request.GET.get("images") == "yes",
        "attachments": list(message.attachments.order_by("position")),
        "thread": story.conversation(email, actor),
        "decision": story.decision(email),
        "events": story.events(email),
        "checks": story.checks(message.authentication),
        "flags": story.flags(email),
        "inboxes": Inbox.objects.visible_to(actor).order_by("name").only("id", "name"),
        "people": User.objects.filter(is_active=True).order_by("username"),
        "statuses": _statuses(email),
        "may_work": actor.may("work"),
    }
    return render(request, "web/emails/page.html", context)


def _statuses(email: Email) -> list[tuple[str, object]]:
    """What a person may set, and what it is now."""
    values = dict.fromkeys((email.status, *SETTABLE))
    return [(value, WORDS["email"][value].label) for value in values]


@require_safe
def why_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Every rule that was asked about an email, each condition with the value it saw."""
    actor = require(request, "read")
    email = get_object_or_404(
        Email.objects.visible_to(actor).select_related("message", "inbox"), pk=pk
    )
    try:
        told = why(email)
    except RawMessage.DoesNotExist as error:
        raise Http404 from error
    rules = told.trace.rules if told.trace else ()
    context = {
        "title": _("Why did this go here?"),
        "email": email,
        "why": told,
        "matched": [(rule, story.effects_of(rule, told.effects)) for rule in rules
                    if rule.outcome == "matched"],
        "others": [rule for rule in rules if rule.outcome != "matched"][:MOST_RULES],
        "rule_count": len(rules),
    }  # fmt: skip
    return render(request, "web/emails/why_page.html", context)
