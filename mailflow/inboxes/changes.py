"""Every write to inboxes and their addresses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailflow.accounts.models import Team
from mailflow.accounts.permissions import Actor
from mailflow.history.changes import record
from mailflow.inboxes import lookup
from mailflow.inboxes.addresses import MOST_ADDRESSES, BadAddress, read_addresses
from mailflow.inboxes.models import Inbox, InboxAddress
from mailflow.lib.refusals import Conflict, Refused
from mailflow.lib.storable import is_storable

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class InboxFields:
    """What an inbox is to be; None leaves a field as it is.

    `addresses` is a list, or text with commas or lines. `team` is a team's name, made where there
    is none of it; "" is no team.
    """

    name: str | None = None
    description: str | None = None
    addresses: str | Sequence[str] | None = None
    team: str | None = None
    color: str | None = None
    priority: str | None = None
    status: str | None = None


def create(fields: InboxFields, actor: Actor) -> Inbox:
    """A new inbox, which receives at once. Raises Refused or Conflict."""
    if fields.name is None:
        fields = replace(fields, name="")
    now = timezone.now()
    return _save(Inbox(created_at=now, updated_at=now), fields, actor, "made")


def update(inbox: Inbox, fields: InboxFields, actor: Actor) -> Inbox:
    """The inbox with the fields given. Raises Refused or Conflict."""
    return _save(inbox, fields, actor, "changed")


def delete(inbox: Inbox, actor: Actor) -> None:
    """The inbox and its addresses are gone; its mail and tickets stay, without an inbox."""
    with transaction.atomic():
        pk, name = inbox.pk, inbox.name
        addresses = list(inbox.addresses.values_list("address", flat=True))
        inbox.delete()
        _record(actor, pk, f"{name} deleted", addresses)
    _forget()


def _save(inbox: Inbox, fields: InboxFields, actor: Actor, verb: str) -> Inbox:
    addresses = _read_addresses(fields.addresses)
    _fill(inbox, fields)
    try:
        with transaction.atomic():
            _refuse_taken(inbox, addresses)
            if fields.team is not None:
                inbox.assigned_team = _team(fields.team.strip())
            inbox.updated_at = timezone.now()
            inbox.save()
            if addresses is not None:
                _set_addresses(inbox, addresses)
            _record(actor, inbox.pk, f"{inbox.name} {verb}", addresses)
    except IntegrityError:
        # Somebody else took the name or an address between our look and our write.
        raise Conflict(
            {"name": _("Somebody else changed the inboxes just now. Try again.")}
        ) from None
    _forget()
    return inbox


def _fill(inbox: Inbox, fields: InboxFields) -> None:
    """Puts the fields on the inbox. Raises Refused with every problem at once."""
    problems: dict[str, str] = {}
    if fields.name is not None:
        inbox.name = fields.name.strip()
        if not inbox.name or not is_storable(inbox.name, 100):
            problems["name"] = _("name: write 1 to 100 characters.")
    if fields.description is not None:
        inbox.description = fields.description.strip()
        if not is_storable(inbox.description, 500):
            problems["description"] = _("description: write at most 500 characters.")
    if fields.color is not None:
        inbox.color = fields.color.strip().lower()
        if not _COLOR.fullmatch(inbox.color):
            problems["color"] = _("color: write a colour as #206bc4.")
    if fields.team is not None and not is_storable(fields.team.strip(), 100):
        problems["assigned_team"] = _("assigned_team: write at most 100 characters.")
    problems |= _fill_choices(inbox, fields)
    if problems:
        raise Refused(problems)


def _fill_choices(inbox: Inbox, fields: InboxFields) -> dict[str, str]:
    problems = {}
    for name, choices in (("priority", Inbox.Priority.values), ("status", Inbox.Status.values)):
        if (word := getattr(fields, name)) is not None:
            setattr(inbox, name, word)
            if word not in choices:
                problems[name] = _("%(field)s: use one of %(words)s.") % {
                    "field": name,
                    "words": ", ".join(choices),
                }
    return problems


def _read_addresses(given: str | Sequence[str] | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    try:
        addresses = read_addresses(given)
    except BadAddress as bad:
        raise Refused(
            {
                "email_addresses": _(
                    "%(text)s is no address. Write support@example.com, "
                    "or @example.com for a whole domain."
                )
                % {"text": repr(bad.text)}
            }
        ) from None
    if len(addresses) > MOST_ADDRESSES:
        raise Refused(
            {
                "email_addresses": _("An inbox has at most %(most)s addresses.")
                % {"most": MOST_ADDRESSES}
            }
        )
    return addresses


def _refuse_taken(inbox: Inbox, addresses: Sequence[str] | None) -> None:
    others = Inbox.objects.exclude(pk=inbox.pk)
    if others.filter(name__iexact=inbox.name).exists():
        raise Conflict(
            {
                "name": _("An inbox named %(name)s exists. Choose another name.")
                % {"name": inbox.name}
            }
        )
    taken = (
        InboxAddress.objects.filter(address__in=addresses or ())
        .exclude(inbox_id=inbox.pk)
        .select_related("inbox")
        .first()
    )
    if taken is not None:
        raise Conflict(
            {
                "email_addresses": _(
                    "%(address)s belongs to the inbox %(inbox)s. Remove it there first."
                )
                % {"address": taken.address, "inbox": taken.inbox.name}
            }
        )


def _team(name: str) -> Team | None:
    return Team.objects.get_or_create(name=name)[0] if name else None


def _set_addresses(inbox: Inbox, addresses: Sequence[str]) -> None:
    inbox.addresses.exclude(address__in=addresses).delete()
    known = set(inbox.addresses.values_list("address", flat=True))
    InboxAddress.objects.bulk_create(
        InboxAddress(inbox=inbox, address=address) for address in addresses if address not in known
    )


def _record(actor: Actor, inbox_id: int, summary: str, addresses: Sequence[str] | None) -> None:
    record(
        "inbox_changed",
        summary,
        actor=actor.name,
        subject=("inbox", inbox_id),
        inbox_id=inbox_id,
        data={} if addresses is None else {"addresses": list(addresses)},
    )


def _forget() -> None:
    lookup.forget()
    transaction.on_commit(lookup.forget)
