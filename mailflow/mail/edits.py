"""What people change of an email by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from mailflow.accounts.directory import person_named
from mailflow.accounts.permissions import Actor
from mailflow.history.changes import record
from mailflow.inboxes.models import Inbox
from mailflow.lib.refusals import Refused
from mailflow.lib.storable import is_storable
from mailflow.mail.models import Email

_MOST_TAGS = 50
_LONGEST_TAG = 100
# Statuses a person may set; `replied` and `failed` say what happened and are nobody's to set.
SETTABLE = (Email.Status.PROCESSED, Email.Status.SPAM, Email.Status.IGNORED)


@dataclass(frozen=True, slots=True)
class Edit:
    """What to change; None leaves a field as it is, "" empties inbox or assignee."""

    inbox: str | None = None
    tags: Sequence[str] | None = None
    status: str | None = None
    assignee: str | None = None
    kept: bool | None = None


def edit(email: Email, wanted: Edit, actor: Actor) -> Email:
    """Changes an email and says so in the history. Raises Refused."""
    with transaction.atomic():
        email = Email.objects.select_for_update().get(pk=email.pk)
        before = _shown(email)
        _apply(email, wanted)
        after = _shown(email)
        if after == before:
            return email
        email.save()
        record(
            "email_changed",
            ", ".join(name for name in after if after[name] != before[name]),
            actor=actor.name,
            subject=("email", email.pk),
            email_id=email.pk,
            inbox_id=email.inbox_id,
            data={"before": before, "after": after},
        )
    return email


def _shown(email: Email) -> dict[str, object]:
    return {
        "inbox": email.inbox.name if email.inbox else "",
        "tags": list(email.tags),
        "status": email.status,
        "assignee": email.assignee.username if email.assignee else "",
        "kept": email.kept,
    }


def _apply(email: Email, wanted: Edit) -> None:
    if wanted.inbox is not None:
        email.inbox = _inbox(wanted.inbox)
    if wanted.tags is not None:
        email.tags = _tags(wanted.tags)
    if wanted.status is not None:
        if wanted.status not in SETTABLE:
            raise Refused({"status": f"Use one of {', '.join(SETTABLE)}."})
        email.status = wanted.status
    if wanted.assignee is not None:
        email.assignee = person_named(wanted.assignee)
    if wanted.kept is not None:
        email.kept = wanted.kept


def _inbox(name: str) -> Inbox | None:
    if not name.strip():
        return None
    inbox = Inbox.objects.filter(name__iexact=name.strip()).first()
    if inbox is None:
        raise Refused({"inbox": f"There is no inbox {name!r}."})
    return inbox


def _tags(tags: Sequence[str]) -> list[str]:
    clean = list(dict.fromkeys(" ".join(tag.split()) for tag in tags if tag.strip()))
    if len(clean) > _MOST_TAGS or any(not is_storable(tag, _LONGEST_TAG) for tag in clean):
        raise Refused({"tags": f"At most {_MOST_TAGS} tags of {_LONGEST_TAG} characters."})
    return clean
