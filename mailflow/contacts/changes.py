"""Every write to contacts: seeing who wrote, changing, merging."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from mailflow.contacts.companies import company_of, contact_address
from mailflow.contacts.models import Contact, ContactAddress
from mailflow.inboxes.lookup import table
from mailflow.lib import bulk

LONGEST_NOTES = 20_000
MOST_TAGS = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody wrote to us: the address and name of the header From, and when it arrived."""

    address: str
    name: str
    at: datetime


@dataclass(slots=True)
class _Sighting:
    """All sightings of one address, or of one contact, in a batch."""

    name: str
    first: datetime
    last: datetime
    count: int

    def add(self, other: "_Sighting") -> None:
        self.name = self.name or other.name
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)
        self.count += other.count


def see_many(seen: Sequence[Seen]) -> dict[str, int]:
    """The contact of each address (in lower case), made where there was none, in the caller's
    transaction, with counts and times brought up to date. At most seven statements however many.

    Addresses that are nobody's (empty, malformed, a return path) and our own are left out.
    Safe with other workers: an address never gets two contacts.
    """
    sightings = _by_address(seen)
    if not sightings:
        return {}
    with transaction.atomic():
        known = _known(sightings)
        missing = sorted(sightings.keys() - known.keys())
        if missing:
            known.update(_create(missing, sightings))
        _count(known, sightings)
    return known


def _by_address(seen: Iterable[Seen]) -> dict[str, _Sighting]:
    ours = table().own_addresses
    sightings: dict[str, _Sighting] = {}
    for one in seen:
        address = contact_address(one.address)
        if address is None or address in ours:
            continue
        sighting = _Sighting(one.name.strip()[:200], one.at, one.at, 1)
        if address in sightings:
            sightings[address].add(sighting)
        else:
            sightings[address] = sighting
    return sightings


def _known(addresses: Iterable[str]) -> dict[str, int]:
    rows = ContactAddress.objects.filter(address__in=list(addresses))
    return dict(rows.values_list("address", "contact_id"))


def _create(addresses: Sequence[str], sightings: Mapping[str, _Sighting]) -> dict[str, int]:
    """A contact for each address, in sorted order: two workers cannot wait for each other.

    Where another worker was first, its contact is taken and ours removed.
    """
    contacts = [
        Contact(
            name=sightings[address].name,
            company=company_of(address),
            first_seen=sightings[address].first,
            last_seen=sightings[address].last,
        )
        for address in addresses
    ]
    bulk.insert(contacts)
    bulk.insert(
        [
            ContactAddress(address=address, contact=contact)
            for address, contact in zip(addresses, contacts, strict=True)
        ],
        ignore_conflicts=True,
    )
    found = _known(addresses)
    lost = {contact.pk for contact in contacts} - set(found.values())
    if lost:
        Contact.objects.filter(pk__in=lost).delete()
    return found


def _count(known: Mapping[str, int], sightings: Mapping[str, _Sighting]) -> None:
    """One statement for all contacts; rows are locked in order of id first (PostgreSQL)."""
    by_contact: dict[int, _Sighting] = {}
    for address, sighting in sightings.items():
        if (contact_id := known[address]) in by_contact:
            by_contact[contact_id].add(sighting)
        else:
            by_contact[contact_id] = sighting
    ids = sorted(by_contact)
    if connection.features.has_select_for_update:
        list(Contact.objects.filter(pk__in=ids).order_by("pk").select_for_update().values("pk"))
    moment = connection.ops.adapt_datetimefield_value
    parameters: list[Any] = []
    for contact_id in ids:
        one = by_contact[contact_id]
        parameters += [contact_id, one.count, moment(one.first), moment(one.last), one.name]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT % ", ".join([_ROW[connection.vendor]] * len(ids)), parameters)


_ROW = {
    "sqlite": "(%s, %s, %s, %s, %s)",
    "postgresql": "(%s::bigint, %s::integer, %s::timestamptz, %s::timestamptz, %s::text)",
}
_COUNT = """
WITH seen (id, count, first, last, name) AS (VALUES %s)
UPDATE contacts_contact SET
  email_count = email_count + seen.count,
  first_seen = CASE WHEN seen.first < first_seen THEN seen.first ELSE first_seen END,
  last_seen = CASE WHEN seen.last > last_seen THEN seen.last ELSE last_seen END,
  name = CASE WHEN contacts_contact.name = '' THEN seen.name ELSE contacts_contact.name END
FROM seen WHERE contacts_contact.id = seen.id
"""


def apply_wishes(wishes: Mapping[int, Mapping[str, Any]]) -> None:
    """Applies what rules ask for, by contact id, in the caller's transaction: name, company and
    phone are replaced, notes and tags added where they are not there yet. Two statements."""
    if not wishes:
        return
    contacts = Contact.objects.select_for_update().in_bulk(list(wishes))
    for pk, contact in contacts.items():
        _wish(contact, wishes[pk])
    Contact.objects.bulk_update(
        contacts.values(), ["name", "company", "phone", "notes", "tags"], batch_size=500
    )


def _wish(contact: Contact, wish: Mapping[str, Any]) -> None:
    contact.name = str(wish.get("name") or contact.name)[:200]
    contact.company = str(wish.get("company") or contact.company)[:200]
    contact.phone = str(wish.get("phone") or contact.phone)[:40]
    notes = str(wish.get("notes") or "")
    if notes and notes not in contact.notes:
        contact.notes = f"{contact.notes}\n{notes}".strip()[:LONGEST_NOTES]
    contact.tags = merged_tags(contact.tags, wish.get("tags") or ())


def merged_tags(tags: Iterable[str], more: Iterable[str]) -> list[str]:
    """Each tag once, in order, at most `MOST_TAGS`."""
    return list(dict.fromkeys([*tags, *more]))[:MOST_TAGS]
