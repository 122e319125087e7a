"""Turns a plan into what will be stored: one function for each kind of action that stays here.

Nothing is written: actions change the `Draft` of the email, which is stored afterwards with all
that the actions asked for. An action that leaves the machine is recorded as skipped, with why.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mailflow.rules.actions import Action
from mailflow.rules.plan import Plan

# Nobody works on what a machine wrote by itself; such mail opens no ticket (RFC 3834, RFC 3464).
_NO_TICKET = {
    "bounce": "a bounce opens no ticket",
    "complaint": "a complaint opens no ticket",
    "auto_reply": "an automatic reply opens no ticket",
}
_MOST_TAGS = 50
_VARIABLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


@dataclass(slots=True)
class TicketWish:
    """A ticket that a rule asks for; empty fields take the defaults."""

    subject: str = ""
    status: str = ""
    priority: str = ""
    assignee_id: int | None = None


@dataclass(slots=True)
class Draft:
    """An email before it is stored; actions change it."""

    message_class: str
    joins_ticket: bool
    inbox_id: int | None
    has_author: bool
    variables: Mapping[str, str]
    status: str = "processed"
    tags: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    kept: bool = False
    assignee_id: int | None = None
    ticket: TicketWish | None = None
    contact: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """What names in actions mean: inbox by lower-case name or number, person by address."""

    inboxes: Mapping[str, int]
    people: Mapping[str, int]
    open_tickets: bool


@dataclass(slots=True)
class Performed:
    """What became of one action. `position` is the action's place in its rule."""

    rule_id: int
    rule_version: int
    position: int
    kind: str
    status: str
    detail: str


class _Failed(Exception):
    """The action could not be done; the text says why."""


class _Skipped(Exception):
    """The action was not done on purpose; the text says why."""


def perform(plan: Plan, draft: Draft, directory: Directory) -> list[Performed]:
    """Performs the plan's actions on the draft, in order; what became of each."""
    done = []
    for matched in plan.matched:
        for position, action in enumerate(matched.actions):
            status, detail = _one(action, draft, directory)
            done.append(
                Performed(matched.rule_id, matched.version, position, action.kind, status, detail)
            )
    if draft.status == "spam" and draft.ticket:
        draft.ticket = None
        for one in done:
            if one.kind == "create_ticket" and one.status == "success":
                one.status, one.detail = "skipped", "spam opens no ticket"
    return done


def _one(action: Action, draft: Draft, directory: Directory) -> tuple[str, str]:
    if action.external:
        return "skipped", "this installation cannot send anything out yet"
    try:
        return "success", _PERFORMERS[action.kind](action.params, draft, directory)[:300]
    except _Failed as failure:
        return "failed", str(failure)[:300]
    except _Skipped as skipped:
        return "skipped", str(skipped)[:300]


def _move_to_inbox(params: Mapping[str, Any], draft: Draft, directory: Directory) -> str:
    name = str(params["inbox"])
    inbox_id = directory.inboxes.get(name.strip().lower())
    if inbox_id is None:
        raise _Failed(f"there is no inbox {name!r}")
    draft.inbox_id = inbox_id
    return f"inbox {name}"


def _create_ticket(params: Mapping[str, Any], draft: Draft, directory: Directory) -> str:
    if draft.joins_ticket:
        raise _Skipped("the email belongs to a ticket already")
    if draft.ticket:
        raise _Skipped("an earlier rule opens the ticket")
    if draft.message_class in _NO_TICKET:
        raise _Skipped(_NO_TICKET[draft.message_class])
    if not directory.open_tickets:
        raise _Skipped("the setting auto_ticket_enabled is off")
    assignee = str(params.get("assignee", ""))
    draft.ticket = TicketWish(
        subject=fill(str(params.get("subject", "")), draft.variables),
        status=str(params.get("status", "")),
        priority=str(params.get("priority", "")),
        assignee_id=_person(assignee, directory) if assignee else None,
    )
    return "ticket opened"


def _person(name: str, directory: Directory) -> int:
    user_id = directory.people.get(name.strip().lower())
    if user_id is None:
        raise _Failed(f"nobody here has the address {name!r}")
    return user_id


def _assign_user(params: Mapping[str, Any], draft: Draft, directory: Directory) -> str:
    draft.assignee_id = _person(str(params["user"]), directory)
    return f"assigned to {params['user']}"


def _tag_email(params: Mapping[str, Any], draft: Draft, directory: Directory) -> str:
    fresh = [tag for tag in params["tags"] if tag not in draft.tags]
    if len(draft.tags) + len(fresh) > _MOST_TAGS:
        raise _Failed(f"an email has at most {_MOST_TAGS} tags")
    draft.tags += fresh
    return ", ".join(fresh) or "it had these tags already"


def _contact(params: Mapping[str, Any], draft: Draft, directory: Directory) -> str:
    if not draft.has_author:
        raise _Skipped("the email names no author")
    draft.contact = {**(draft.contact or {}), **params}
    return ", ".join(params) or "contact kept"


def _mark_spam(params: Mapping[str, Any], draft: Draft, directory: Directory) -> str:
    draft.status = "spam"
    return "marked as spam"


def _store_attachment(params: Mapping[str, Any], draft: Draft, directory: Directory) -> str:
    draft.flags.append("attachments_kept")
    return "attachments stay past their retention"


def _save(params: Mapping[str, Any], draft: Draft, directory: Directory) -> str:
    draft.kept = True
    return "kept"


def _ignore(params: Mapping[str, Any], draft: Draft, directory: Directory) -> str:
    if draft.status == "processed":
        draft.status = "ignored"
    return "ignored; later rules did not run"


def _stop(params: Mapping[str, Any], draft: Draft, directory: Directory) -> str:
    return "later rules did not run"


_PERFORMERS: dict[str, Callable[[Mapping[str, Any], Draft, Directory], str]] = {
    "move_to_inbox": _move_to_inbox,
    "create_ticket": _create_ticket,
    "assign_user": _assign_user,
    "tag_email": _tag_email,
    "create_contact": _contact,
    "update_contact": _contact,
    "mark_spam": _mark_spam,
    "store_attachment": _store_attachment,
    "save": _save,
    "ignore": _ignore,
    "stop": _stop,
}


def fill(template: str, variables: Mapping[str, str]) -> str:
    """The template with each `{{name}}` replaced by its value, once; unknown names stay."""
    return _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), template)
