"""Which contacts match what somebody looks for."""

from django.db.models import Prefetch, Q, QuerySet

from mailflow.accounts.permissions import Actor
from mailflow.contacts.models import Contact, ContactAddress

KINDS = ("vip", "blocked")


def contacts_for(actor: Actor, text: str = "", kind: str = "") -> QuerySet[Contact]:
    """Visible contacts with their addresses; `text` is part of a name, company or address."""
    oldest_first = Prefetch("addresses", ContactAddress.objects.order_by("id"))
    contacts = Contact.objects.visible_to(actor).prefetch_related(oldest_first)
    if text := text.strip().replace("\0", "")[:100]:
        # One scan of the addresses, not one look-up for each contact.
        by_address = ContactAddress.objects.filter(address__icontains=text.lower())
        contacts = contacts.filter(
            Q(name__icontains=text)
            | Q(company__icontains=text)
            | Q(pk__in=by_address.values("contact"))
        )
    return contacts.filter(**{kind: True}) if kind in KINDS else contacts
