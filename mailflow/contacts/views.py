"""The pages of contacts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mailflow.accounts.doors import require
from mailflow.accounts.permissions import Actor
from mailflow.contacts import editing
from mailflow.contacts.finding import contacts_for
from mailflow.contacts.forms import ContactForm, initial_of
from mailflow.contacts.models import Contact, ContactAddress
from mailflow.lib import keyset
from mailflow.lib.addresses import address_of
from mailflow.lib.forms import show_problems
from mailflow.lib.refusals import Refused
from mailflow.mail.models import Email

_RECENT_TICKETS = 20


@require_safe
def contact_list(request: HttpRequest) -> HttpResponse:
    """Whoever wrote, the latest first."""
    actor = require(request, "read")
    filters = {"q": request.GET.get("q", ""), "kind": request.GET.get("kind", "")}
    context = {
        "title": _("Contacts"),
        "page": keyset.page(
            contacts_for(actor, filters["q"], filters["kind"]),
            request.GET.get("cursor", ""),
            by="last_seen",
        ),
        "filters": filters,
        "kinds": [("", _("All")), ("vip", _("VIP")), ("blocked", _("Blocked"))],
    }
    return render(request, "contacts/list.html", context)


def contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """One contact: what we know, what they wrote, their tickets."""
    actor = require(request, "work" if request.method == "POST" else "read")
    found = _visible(actor, contact_id)
    form = ContactForm(request.POST or None, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            editing.update(found, form.to_fields(), actor)
        except Refused as refused:
            show_problems(form, refused)
            found.refresh_from_db()
        else:
            messages.success(request, _("The contact was saved."))
            return redirect("contacts:contact", contact_id)
    addresses = [row.address for row in found.addresses.all()]
    emails = Email.objects.visible_to(actor).filter(message__from_address__in=addresses)
    tickets = found.tickets.visible_to(actor).order_by("-last_message_at", "-id")
    context = {
        "title": found.name or (addresses[0] if addresses else f"#{found.pk}"),
        "contact": found,
        "form": form,
        "addresses": sorted(addresses),
        "page": keyset.page(
            emails.select_related("message", "inbox").defer("message__text", "message__html"),
            request.GET.get("cursor", ""),
            size=25,
        ),
        "tickets": tickets[:_RECENT_TICKETS],
        "may_change": actor.may("work"),
    }
    return render(request, "contacts/contact.html", context, status=422 if form.errors else 200)


@require_POST
def merging(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Takes the contact of another address into this one."""
    actor = require(request, "work")
    found = _visible(actor, contact_id)
    address = address_of(request.POST.get("address", ""))
    other = ContactAddress.objects.filter(address=address or "").select_related("contact").first()
    if other is None:
        messages.error(request, _("No contact has this address."))
        return redirect("contacts:contact", contact_id)
    try:
        editing.merge(found, other.contact, actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The two are one contact now."))
    return redirect("contacts:contact", contact_id)


def _visible(actor: Actor, contact_id: int) -> Contact:
    found = contacts_for(actor).filter(pk=contact_id).first() if contact_id < 2**63 else None
    if found is None:
        raise Http404
    return found
