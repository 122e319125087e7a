"""Editing and merging contacts, by function and by page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from mailflow.accounts.permissions import ADMIN_KEY, Actor
from mailflow.contacts.changes import Seen, see_many
from mailflow.contacts.editing import ContactFields, merge, update
from mailflow.contacts.models import Contact
from mailflow.history.models import Event
from mailflow.lib.refusals import Conflict, Refused

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def _contact(address: str, name: str = "", days: int = 0) -> Contact:
    see_many([Seen(address, name, MONDAY + timedelta(days=days))])
    return Contact.objects.get(addresses__address=address)


def _addresses(contact: Contact) -> set[str]:
    return set(contact.addresses.values_list("address", flat=True))


def test_a_change_leaves_what_was_not_named_and_is_told_to_the_history() -> None:
    cy = update(_contact("cy@x.example", "Cy"), ContactFields(tags=["a", "a", " "]), ADMIN_KEY)
    cy.refresh_from_db()
    assert (cy.name, cy.tags) == ("Cy", ["a"])
    assert Event.objects.get().kind == "contact_changed"


def test_an_address_of_another_contact_is_refused_with_the_mend() -> None:
    _contact("bo@x.example", "Bo")
    cy = _contact("cy@x.example")
    with pytest.raises(Conflict, match=r"Bo.*Merge"):
        update(cy, ContactFields(addresses=["cy@x.example", "BO@x.example"]), ADMIN_KEY)
    assert _addresses(cy) == {"cy@x.example"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (ContactFields(name="x" * 201), "name"),
        (ContactFields(notes="a\0b"), "notes"),
        (ContactFields(tags=["x"] * 3 + [f"t{n}" for n in range(51)]), "tags"),
        (ContactFields(addresses=[]), "emails"),
        (ContactFields(addresses=["nobody"]), "emails"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(fields: ContactFields, field: str) -> None:
    with pytest.raises(Refused) as refused:
        update(_contact("cy@x.example"), fields, ADMIN_KEY)
    assert list(refused.value.problems) == [field]


def test_merging_brings_addresses_counts_tags_and_times_together() -> None:
    cy, other = _contact("cy@x.example", days=2), _contact("cy@home.example", "Cy Young")
    update(other, ContactFields(tags=["b"], notes="Old"), ADMIN_KEY)
    merged = merge(cy, other, ADMIN_KEY)
    assert _addresses(merged) == {"cy@x.example", "cy@home.example"}
    assert (merged.name, merged.email_count, merged.tags) == ("Cy Young", 2, ["b"])
    assert merged.first_seen == MONDAY
    assert merged.last_seen == MONDAY + timedelta(days=2)
    assert Contact.objects.count() == 1


def test_a_contact_is_not_merged_with_itself() -> None:
    cy = _contact("cy@x.example")
    with pytest.raises(Refused):
        merge(cy, cy, ADMIN_KEY)
    assert Contact.objects.count() == 1


def test_the_pages_list_change_and_merge(as_admin: Client) -> None:
    cy = _contact("cy@x.example", "Cy", days=1)
    _contact("cy@home.example")
    assert "cy@home.example" in as_admin.get("/contacts?q=HOME").content.decode()
    assert "Nobody found" in as_admin.get("/contacts?kind=vip").content.decode()
    form = {"name": "Cy Young", "emails": "cy@x.example", "tags": "gold, b", "vip": "on"}
    assert as_admin.post(f"/contacts/{cy.pk}", form).status_code == 302
    page = as_admin.get(f"/contacts/{cy.pk}").content.decode()
    assert "Cy Young" in page
    assert "gold, b" in page
    as_admin.post(f"/contacts/{cy.pk}/merging", {"address": "CY@home.example"})
    assert _addresses(cy) == {"cy@x.example", "cy@home.example"}
    wrong = as_admin.post(f"/contacts/{cy.pk}", {**form, "emails": "nobody"})
    assert wrong.status_code == 422


def test_the_list_takes_two_queries_however_many_contacts(
    as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    see_many([Seen(f"p{n}@x.example", "", MONDAY) for n in range(20)])
    with django_assert_max_num_queries(2):
        as_admin.get("/contacts")


def test_who_may_only_read_changes_nothing(as_actor: Callable[[Actor], Client]) -> None:
    cy = _contact("cy@x.example", "Cy")
    browser = as_actor(Actor("user", "Vi", "viewer"))
    assert browser.get(f"/contacts/{cy.pk}").status_code == 200
    assert browser.post(f"/contacts/{cy.pk}", {"name": "X"}).status_code == 403
    assert browser.post(f"/contacts/{cy.pk}/merging", {}).status_code == 403
