"""Making, changing and deleting inboxes."""

from typing import Any

import pytest

from mailflow.accounts.permissions import ADMIN_KEY
from mailflow.history.models import Event
from mailflow.inboxes import lookup
from mailflow.inboxes.changes import InboxFields, create, delete, update
from mailflow.inboxes.models import Inbox
from mailflow.lib.refusals import Conflict, Refused

pytestmark = pytest.mark.django_db


def _support(**more: Any) -> Inbox:
    return create(
        InboxFields(name="Support", addresses="Help@Ours.example, @desk.example", **more), ADMIN_KEY
    )


def _addresses(inbox: Inbox) -> set[str]:
    return set(inbox.addresses.values_list("address", flat=True))


def test_a_new_inbox_receives_at_once_and_is_told_to_the_history() -> None:
    inbox = _support(color="#FF0000", priority="high")
    assert _addresses(inbox) == {"help@ours.example", "@desk.example"}
    assert (inbox.color, inbox.priority) == ("#ff0000", "high")
    assert lookup.table().inbox_of("any@desk.example") == inbox.pk
    event = Event.objects.get()
    assert (event.kind, event.actor, event.audit) == ("inbox_changed", ADMIN_KEY.name, True)


def test_a_change_leaves_what_was_not_named() -> None:
    inbox = _support(description="Questions")
    update(inbox, InboxFields(status="paused"), ADMIN_KEY)
    inbox.refresh_from_db()
    assert (inbox.status, inbox.description) == ("paused", "Questions")
    assert _addresses(inbox) == {"help@ours.example", "@desk.example"}
    update(inbox, InboxFields(addresses=["new@ours.example", "help@ours.example"]), ADMIN_KEY)
    assert _addresses(inbox) == {"new@ours.example", "help@ours.example"}


def test_a_team_is_named_and_made_where_there_is_none() -> None:
    inbox = _support(team="Night shift")
    assert inbox.assigned_team is not None
    assert inbox.assigned_team.name == "Night shift"
    update(inbox, InboxFields(team=""), ADMIN_KEY)
    assert inbox.assigned_team is None


def test_an_address_serves_one_inbox_and_the_refusal_says_which() -> None:
    _support()
    with pytest.raises(Conflict, match=r"help@ours\.example.*Support") as refused:
        create(InboxFields(name="Other", addresses=["HELP@ours.example"]), ADMIN_KEY)
    assert refused.value.field == "email_addresses"
    assert Inbox.objects.count() == 1


def test_a_name_is_taken_in_any_spelling() -> None:
    _support()
    with pytest.raises(Conflict, match="Choose another"):
        create(InboxFields(name="support"), ADMIN_KEY)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (InboxFields(), "name"),
        (InboxFields(name="x" * 101), "name"),
        (InboxFields(name="a\0b"), "name"),
        (InboxFields(name="\ud800"), "name"),
        (InboxFields(name="A", color="red"), "color"),
        (InboxFields(name="A", priority="huge"), "priority"),
        (InboxFields(name="A", status="gone"), "status"),
        (InboxFields(name="A", team="x" * 101), "assigned_team"),
        (InboxFields(name="A", addresses="not an address"), "email_addresses"),
        (InboxFields(name="A", addresses=["@"]), "email_addresses"),
        (
            InboxFields(name="A", addresses=[f"a{n}@x.example" for n in range(201)]),
            "email_addresses",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(fields: InboxFields, field: str) -> None:
    with pytest.raises(Refused) as refused:
        create(fields, ADMIN_KEY)
    assert list(refused.value.problems) == [field]
    assert not Inbox.objects.exists()
    assert not Event.objects.exists()


def test_a_deleted_inbox_receives_no_more() -> None:
    inbox = _support()
    delete(inbox, ADMIN_KEY)
    assert lookup.table().inbox_of("help@ours.example") is None
    assert Event.objects.filter(summary="Support deleted").exists()
