"""The API of contacts."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from mailflow.accounts.doors import require
from mailflow.accounts.permissions import Ability
from mailflow.contacts import editing
from mailflow.contacts.editing import ContactFields
from mailflow.contacts.finding import contacts_for
from mailflow.contacts.models import Contact
from mailflow.lib.paging import list_page

router = Router(tags=["Contacts"])


class ContactOut(Schema):
    """Somebody who wrote to us. `email` is the first of `emails`."""

    id: int
    name: str
    email: str
    emails: list[str]
    company: str
    phone: str
    notes: str
    tags: list[str]
    vip: bool
    blocked: bool
    email_count: int
    first_seen: datetime
    last_seen: datetime


class ContactsOut(Schema):
    """A page of contacts, the latest writers first."""

    contacts: list[ContactOut]
    next_cursor: str | None


class ContactItem(Schema):
    """One contact."""

    contact: ContactOut


class ContactIn(Schema):
    """What is to change; fields that are left out stay. Lists replace all that was."""

    name: str | None = None
    emails: list[str] | None = None
    company: str | None = None
    phone: str | None = None
    notes: str | None = None
    tags: list[str] | None = None
    vip: bool | None = None
    blocked: bool | None = None


class MergeIn(Schema):
    """The contact to be taken in; it is gone afterwards."""

    contact_id: int


@router.get("/contacts", response=ContactsOut)
def list_contacts(
    request: HttpRequest,
    limit: int | None = None,
    cursor: str | None = None,
    q: str = "",
    kind: str = "",
) -> dict[str, Any]:
    """Contacts; `q` is part of a name, company or address, `kind` is vip or blocked."""
    rows = contacts_for(require(request, "read"), q, kind)
    page = list_page(rows, limit, cursor, by="last_seen")
    return {"contacts": [contact_shown(row) for row in page.rows], "next_cursor": page.next_cursor}


@router.get("/contacts/{int:contact_id}", response=ContactItem)
def get_contact(request: HttpRequest, contact_id: int) -> dict[str, Any]:
    """One contact."""
    return {"contact": contact_shown(_one(request, contact_id, "read"))}


@router.put("/contacts/{int:contact_id}", response=ContactItem)
def change_contact(request: HttpRequest, contact_id: int, body: ContactIn) -> dict[str, Any]:
    """Changes the fields given."""
    found = _one(request, contact_id, "work")
    fields = ContactFields(
        name=body.name,
        company=body.company,
        phone=body.phone,
        notes=body.notes,
        tags=body.tags,
        addresses=body.emails,
        vip=body.vip,
        blocked=body.blocked,
    )
    editing.update(found, fields, require(request, "work"))
    return {"contact": contact_shown(_one(request, contact_id, "work"))}


@router.post("/contacts/{int:contact_id}/merge", response=ContactItem)
def merge_contacts(request: HttpRequest, contact_id: int, body: MergeIn) -> dict[str, Any]:
    """Takes another contact into this one."""
    found, other = _one(request, contact_id, "work"), _one(request, body.contact_id, "work")
    editing.merge(found, other, require(request, "work"))
    return {"contact": contact_shown(_one(request, contact_id, "work"))}


def _one(request: HttpRequest, contact_id: int, ability: Ability) -> Contact:
    actor = require(request, ability)
    within = -(2**63) <= contact_id < 2**63  # what no database can be asked for names nothing
    found = contacts_for(actor).filter(pk=contact_id).first() if within else None
    if found is None:
        raise Http404
    return found


def contact_shown(row: Contact) -> dict[str, Any]:
    """A `ContactOut`."""
    emails = [one.address for one in row.addresses.all()]
    return {
        "id": row.pk,
        "name": row.name,
        "email": emails[0] if emails else "",
        "emails": emails,
        "company": row.company,
        "phone": row.phone,
        "notes": row.notes,
        "tags": row.tags,
        "vip": row.vip,
        "blocked": row.blocked,
        "email_count": row.email_count,
        "first_seen": row.first_seen,
        "last_seen": row.last_seen,
    }
