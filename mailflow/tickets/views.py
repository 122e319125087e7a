"""The list of tickets, one ticket, and what people do with it."""

from typing import Any, cast, get_args

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mailflow.accounts.doors import require
from mailflow.accounts.models import Team, User
from mailflow.accounts.permissions import Actor
from mailflow.inboxes.lookup import table
from mailflow.inboxes.models import Inbox
from mailflow.lib import keyset
from mailflow.lib.fingerprint import fingerprint
from mailflow.lib.refusals import Refused
from mailflow.tickets import changes, listing, timeline
from mailflow.tickets.models import HeldMessage, Ticket


@require_safe
def ticket_list(request: HttpRequest) -> HttpResponse:
    """Tickets the actor may see, filtered by the address; without filters those to work on."""
    actor = require(request, "read")
    context = _list_context(request, actor)
    context |= {
        "title": _("Tickets"),
        "tabs": _status_tabs(listing.counts(Ticket.objects.visible_to(actor))),
        "inboxes": Inbox.objects.visible_to(actor).order_by("name").only("id", "name"),
        "people": User.objects.filter(is_active=True).order_by("username"),
        "priorities": Inbox.Priority.values,
    }
    return render(request, "tickets/list.html", context)


@require_safe
def ticket_rows(request: HttpRequest) -> HttpResponse:
    """The list again, for the page that is open: 204 while it would look the same."""
    context = _list_context(request, require(request, "read"))
    if context["fingerprint"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "tickets/rows.html", context)


def _list_context(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    filters = listing.Filters.of(request.GET)
    tickets = filters.apply(Ticket.objects.visible_to(actor), actor)
    page = keyset.page(
        listing.rows(tickets),
        request.GET.get("cursor", ""),
        by="last_message_at",
        size=listing.PAGE_SIZE,
    )
    held = listing.count_parts(page.rows)
    shown = fingerprint((ticket.pk, ticket.version, held.get(ticket.pk, 0)) for ticket in page.rows)
    return {"filters": filters, "page": page, "fingerprint": shown}


def _status_tabs(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    to_do = sum(counts.get(status, 0) for status in listing.OPEN)
    tabs = [("", _("To do"), to_do)]
    tabs += [(status, status, counts.get(status, 0)) for status in Ticket.Status.values]
    return [*tabs, (listing.ALL, _("All"), sum(counts.values()))]


@require_safe
def ticket_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One ticket: its timeline, and the form to work on it."""
    actor = require(request, "read")
    ticket = get_object_or_404(
        Ticket.objects.visible_to(actor).select_related("inbox", "contact", "assignee", "team"),
        pk=pk,
    )
    context: dict[str, Any] = _timeline_context(ticket, actor) | {
        "title": ticket.subject or _("(no subject)"),
        "timeline": timeline.read(ticket, request.GET.get("cursor", "")),
        "participants": ticket.participants.order_by("id"),
        "others": _others(ticket, actor),
        "people": User.objects.filter(is_active=True).order_by("username"),
        "teams": Team.objects.order_by("name"),
        "statuses": Ticket.Status.values,
        "priorities": Inbox.Priority.values,
    }
    return render(request, "tickets/page.html", context)


@require_safe
def ticket_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The timeline again, for the page that is open: 204 while nothing happened."""
    actor = require(request, "read")
    ticket = get_object_or_404(Ticket.objects.visible_to(actor), pk=pk)
    context = _timeline_context(ticket, actor)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    context["timeline"] = timeline.read(ticket, request.GET.get("cursor", ""))
    return render(request, "tickets/timeline.html", context)


def _timeline_context(ticket: Ticket, actor: Actor) -> dict[str, Any]:
    held = _waiting(ticket)
    return {
        "ticket": ticket,
        "held": held,
        "seen": fingerprint([ticket.version, *(one.pk for one in held)]),
        "may_work": actor.may("work"),
    }


def _waiting(ticket: Ticket) -> list[HeldMessage]:
    return list(
        ticket.held.filter(resolution="")
        .select_related("email__message")
        .defer("email__message__html", "email__message__text")
        .order_by("id")[:20]
    )


def _others(ticket: Ticket, actor: Actor) -> list[Ticket]:
    """Other tickets of the same contact, newest first."""
    if ticket.contact_id is None:
        return []
    same = Ticket.objects.visible_to(actor).filter(contact_id=ticket.contact_id)
    return list(same.exclude(pk=ticket.pk).order_by("-last_message_at")[:8])


@require_POST
def handling(request: HttpRequest, pk: int) -> HttpResponse:
    """Saves what the form changes; a ticket that changed meanwhile is shown again, unchanged."""
    actor = require(request, "work")
    ticket = get_object_or_404(Ticket.objects.visible_to(actor), pk=pk)
    names = ("status", "priority", "subject", "assignee", "team")
    wanted = changes.Change(**{name: request.POST.get(name) for name in names})
    version = request.POST.get("version", "")
    try:
        changes.change(ticket, wanted, actor, int(version) if version.isdecimal() else None)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(f"/tickets/{ticket.pk}")


@require_POST
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds an internal note."""
    actor = require(request, "work")
    ticket = get_object_or_404(Ticket.objects.visible_to(actor), pk=pk)
    try:
        entry = changes.note(ticket, request.POST.get("note", ""), actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(f"/tickets/{ticket.pk}")
    return HttpResponseRedirect(f"/tickets/{ticket.pk}#entry-{entry.pk}")


@require_POST
def held_decision(request: HttpRequest, pk: int, held_pk: int) -> HttpResponse:
    """Joins a held message to its ticket, gives it one of its own, or dismisses it."""
    actor = require(request, "work")
    ticket = get_object_or_404(Ticket.objects.visible_to(actor), pk=pk)
    held = get_object_or_404(ticket.held, pk=held_pk)
    decision = request.POST.get("decision", "")
    if decision not in get_args(changes.Resolution):
        return HttpResponseBadRequest()
    changes.resolve_held(held, cast(changes.Resolution, decision), actor, table().own_addresses)
    messages.success(request, _DECIDED[decision])
    return HttpResponseRedirect(f"/tickets/{ticket.pk}")


_DECIDED: dict[str, Any] = {
    "joined": gettext_lazy("The message is on the ticket; its writer takes part now."),
    "own_ticket": gettext_lazy("The message has a ticket of its own now."),
    "dismissed": gettext_lazy("Dismissed. The message stays among the emails."),
}
