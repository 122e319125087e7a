"""The API of people: whom mail and tickets can be assigned to."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from mailflow.accounts.changes import add_user
from mailflow.accounts.doors import require
from mailflow.accounts.models import User
from mailflow.lib.paging import list_page

router = Router(tags=["People"])


class UserIn(Schema):
    """A person to add. Passwords are set on the command line, never over the API."""

    address: str
    name: str = ""
    role: str = "agent"
    teams: list[str] = []


class UserOut(Schema):
    """A person."""

    id: int
    address: str
    name: str
    role: str
    teams: list[str]
    active: bool


class UsersOut(Schema):
    """A page of people, newest first."""

    users: list[UserOut]
    next_cursor: str | None


class UserItem(Schema):
    """One person."""

    user: UserOut


@router.get("/users", response=UsersOut)
def list_users(
    request: HttpRequest, limit: int | None = None, cursor: str | None = None
) -> dict[str, Any]:
    """The people who work here."""
    require(request, "administer")
    page = list_page(User.objects.prefetch_related("teams"), limit, cursor)
    return {"users": [_out(user) for user in page.rows], "next_cursor": page.next_cursor}


@router.post("/users", response={201: UserItem})
def create_user(request: HttpRequest, body: UserIn) -> Status[dict[str, Any]]:
    """Adds a person, who cannot sign in until `mailflow user password` gives them a password."""
    actor = require(request, "administer")
    user = add_user(body.address, body.name, body.role, body.teams, actor.name)
    return Status(201, {"user": _out(user)})


def _out(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "address": user.username,
        "name": user.display_name,
        "role": user.role,
        "teams": sorted(team.name for team in user.teams.all()),
        "active": user.is_active,
    }
