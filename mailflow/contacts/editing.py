"""Changes that people make to contacts: editing one, and merging two."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mailflow.accounts.permissions import Actor
from mailflow.contacts.changes import LONGEST_NOTES, MOST_TAGS, merged_tags
from mailflow.contacts.models import Contact, ContactAddress
from mailflow.history.changes import record
from mailflow.lib.addresses import address_of
from mailflow.lib.refusals import Conflict, Refused
from mailflow.lib.storable import is_storable

MOST_ADDRESSES = 50
LONGEST_TAG = 60


@dataclass(frozen=True, slots=True)
class ContactFields:
    """What is to change; None leaves a field. `addresses` and `tags` replace all that were."""

    name: str | None = None
    company: str | None = None
    phone: str | None = None
    notes: str | None = None
    tags: Sequence[str] | None = None
    addresses: Sequence[str] | None = None
    vip: bool | None = None
    blocked: bool | None = None


def update(contact: Contact, fields: ContactFields, actor: Actor) -> Contact:
    """The contact with the fields given. Raises Refused or Conflict; then nothing was changed."""
    _fill(contact, fields)
    addresses = None if fields.addresses is None else _read(fields.addresses)
    try:
        with transaction.atomic():
            contact.save(
                update_fields=["name", "company", "phone", "notes", "tags", "vip", "blocked"]
            )
            if addresses is not None:
                _set_addresses(contact, addresses)
            _record(contact, f"{contact} changed", actor)
    except IntegrityError:
        raise Conflict(
            {"emails": _("Somebody else took an address just now. Try again.")}
        ) from None
    return contact


def merge(contact: Contact, other: Contact, actor: Actor) -> Contact:
    """`other` becomes part of `contact`: its addresses, tickets, counts, tags and notes move over,
    empty fields are filled from it, and it is gone. Raises Refused for one and the same contact."""
    if contact.pk == other.pk:
        raise Refused({"contact_id": _("contact_id: a contact cannot be merged with itself.")})
    with transaction.atomic():
        locked = Contact.objects.select_for_update().order_by("pk").in_bulk([contact.pk, other.pk])
        if len(locked) < 2:
            raise Conflict({"contact_id": _("contact_id: somebody else merged it just now.")})
        kept, gone = locked[contact.pk], locked[other.pk]
        gone.addresses.update(contact=kept)
        gone.tickets.update(contact=kept)
        _absorb(kept, gone)
        kept.save()
        _record(kept, f"{gone} merged into {kept}", actor)
        gone.delete()
    return kept


def _absorb(kept: Contact, gone: Contact) -> None:
    kept.name = kept.name or gone.name
    kept.company = kept.company or gone.company
    kept.phone = kept.phone or gone.phone
    kept.notes = f"{kept.notes}\n{gone.notes}".strip()[:LONGEST_NOTES]
    kept.tags = merged_tags(kept.tags, gone.tags)
    kept.vip = kept.vip or gone.vip
    kept.blocked = kept.blocked or gone.blocked
    kept.first_seen = min(kept.first_seen, gone.first_seen)
    kept.last_seen = max(kept.last_seen, gone.last_seen)
    kept.email_count += gone.email_count


_LENGTHS = {"name": 200, "company": 200, "phone": 40, "notes": LONGEST_NOTES}


def _fill(contact: Contact, fields: ContactFields) -> None:
    problems = {}
    for field, most in _LENGTHS.items():
        text = getattr(fields, field)
        if text is not None:
            setattr(contact, field, text.strip())
            if not is_storable(text, most):
                problems[field] = _("%(field)s: write at most %(most)s characters.") % {
                    "field": field,
                    "most": most,
                }
    if fields.tags is not None:
        contact.tags = list(dict.fromkeys(tag.strip() for tag in fields.tags if tag.strip()))
        fits = all(is_storable(tag, LONGEST_TAG) for tag in contact.tags)
        if len(contact.tags) > MOST_TAGS or not fits:
            problems["tags"] = _("tags: write at most %(most)s tags of %(length)s characters.") % {
                "most": MOST_TAGS,
                "length": LONGEST_TAG,
            }
    if fields.vip is not None:
        contact.vip = fields.vip
    if fields.blocked is not None:
        contact.blocked = fields.blocked
    if problems:
        raise Refused(problems)


def _read(given: Sequence[str]) -> list[str]:
    words = [word for word in given if word.strip()]
    found = [address for word in words if (address := address_of(word))]
    if len(found) < len(words):
        bad = next(word for word in words if not address_of(word))
        raise Refused({"emails": _("%(text)s is no e-mail address.") % {"text": repr(bad[:80])}})
    if not 1 <= len(found) <= MOST_ADDRESSES:
        raise Refused(
            {"emails": _("A contact has 1 to %(most)s addresses.") % {"most": MOST_ADDRESSES}}
        )
    return list(dict.fromkeys(found))


def _set_addresses(contact: Contact, addresses: Sequence[str]) -> None:
    taken = (
        ContactAddress.objects.filter(address__in=addresses)
        .exclude(contact=contact)
        .select_related("contact")
        .first()
    )
    if taken is not None:
        raise Conflict(
            {
                "emails": _("%(address)s belongs to the contact %(contact)s. Merge the two.")
                % {"address": taken.address, "contact": taken.contact}
            }
        )
    contact.addresses.exclude(address__in=addresses).delete()
    known = set(contact.addresses.values_list("address", flat=True))
    ContactAddress.objects.bulk_create(
        ContactAddress(contact=contact, address=one) for one in addresses if one not in known
    )


def _record(contact: Contact, summary: str, actor: Actor) -> None:
    record("contact_changed", summary, actor=actor.name, subject=("contact", contact.pk))
