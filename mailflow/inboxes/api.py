"""The API of inboxes."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status

from mailflow.accounts.doors import require
from mailflow.accounts.permissions import Ability
from mailflow.inboxes import changes
from mailflow.inboxes.changes import InboxFields
from mailflow.inboxes.models import Inbox
from mailflow.lib.paging import list_page
from mailflow.lib.refusals import Refused

router = Router(tags=["Inboxes"])


class InboxIn(Schema):
    """What an inbox is to be; on a change, fields that are left out stay as they are."""

    name: str | None = None
    description: str | None = None
    email_addresses: list[str] | str | None = None
    assigned_team: str | None = None
    color: str | None = None
    priority: str | None = None
    status: str | None = None

    def to_fields(self) -> InboxFields:
        """As `changes` takes them."""
        return InboxFields(
            name=self.name,
            description=self.description,
            addresses=self.email_addresses,
            team=self.assigned_team,
            color=self.color,
            priority=self.priority,
            status=self.status,
        )


class InboxOut(Schema):
    """An inbox."""

    id: int
    name: str
    description: str
    email_addresses: list[str]
    assigned_team: str | None
    color: str
    priority: str
    status: str
    created_at: datetime
    updated_at: datetime


class InboxesOut(Schema):
    """A page of inboxes, newest first."""

    items: list[InboxOut]
    next_cursor: str | None


class InboxItem(Schema):
    """One inbox."""

    item: InboxOut


@router.get("/inboxes", response=InboxesOut)
def list_inboxes(
    request: HttpRequest, limit: int | None = None, cursor: str | None = None
) -> dict[str, Any]:
    """The inboxes that the key may see."""
    page = list_page(_inboxes(request, "read"), limit, cursor)
    return {"items": [_out(row) for row in page.rows], "next_cursor": page.next_cursor}


@router.post("/inboxes", response={201: InboxItem})
def create_inbox(request: HttpRequest, body: InboxIn) -> Status[dict[str, Any]]:
    """A new inbox; it receives at once."""
    actor = require(request, "configure")
    if body.name is None:
        raise Refused({"name": "name: it is missing. Write 1 to 100 characters."})
    return Status(201, {"item": _out(changes.create(body.to_fields(), actor))})


@router.get("/inboxes/{int:inbox_id}", response=InboxItem)
def get_inbox(request: HttpRequest, inbox_id: int) -> dict[str, Any]:
    """One inbox."""
    return {"item": _out(_one(request, inbox_id, "read"))}


@router.put("/inboxes/{int:inbox_id}", response=InboxItem)
def change_inbox(request: HttpRequest, inbox_id: int, body: InboxIn) -> dict[str, Any]:
    """Changes the fields given."""
    inbox = _one(request, inbox_id, "configure")
    changes.update(inbox, body.to_fields(), require(request, "configure"))
    return {"item": _out(_one(request, inbox_id, "configure"))}


@router.delete("/inboxes/{int:inbox_id}", response={204: None})
def delete_inbox(request: HttpRequest, inbox_id: int) -> Status[None]:
    """Deletes an inbox; its mail and tickets are kept."""
    changes.delete(_one(request, inbox_id, "configure"), require(request, "configure"))
    return Status(204, None)


def _inboxes(request: HttpRequest, ability: Ability) -> QuerySet[Inbox]:
    visible = Inbox.objects.visible_to(require(request, ability))
    return visible.select_related("assigned_team").prefetch_related("addresses")


def _one(request: HttpRequest, inbox_id: int, ability: Ability) -> Inbox:
    # An id beyond 64 bits names nothing, and no database can be asked for it.
    found = _inboxes(request, ability).filter(pk=inbox_id).first() if inbox_id < 2**63 else None
    if found is None:
        raise Http404
    return found


def _out(inbox: Inbox) -> dict[str, Any]:
    return {
        "id": inbox.pk,
        "name": inbox.name,
        "description": inbox.description,
        "email_addresses": sorted(row.address for row in inbox.addresses.all()),
        "assigned_team": inbox.assigned_team.name if inbox.assigned_team else None,
        "color": inbox.color,
        "priority": inbox.priority,
        "status": inbox.status,
        "created_at": inbox.created_at,
        "updated_at": inbox.updated_at,
    }
