"""Who writes to us becomes a contact, once, and is counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mailflow.contacts.changes import Seen, apply_wishes, see_many
from mailflow.contacts.models import Contact, ContactAddress
from mailflow.inboxes.models import Inbox, InboxAddress

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


def test_a_first_message_makes_a_contact_with_its_company() -> None:
    ids = see_many([Seen("Cy@Shop.Example.com", "Cy Young", MONDAY)])
    contact = Contact.objects.get()
    assert ids == {"cy@shop.example.com": contact.pk}
    assert (contact.name, contact.company, contact.email_count) == ("Cy Young", "example.com", 1)
    assert (contact.first_seen, contact.last_seen) == (MONDAY, MONDAY)


def test_later_messages_count_and_move_the_times_in_any_order() -> None:
    see_many([Seen("cy@example.com", "", TUESDAY)])
    see_many([Seen("cy@example.com", "Cy", MONDAY), Seen("CY@example.com", "C. Young", TUESDAY)])
    contact = Contact.objects.get()
    assert (contact.name, contact.email_count) == ("Cy", 3)
    assert (contact.first_seen, contact.last_seen) == (MONDAY, TUESDAY)


def test_two_addresses_of_one_contact_in_a_batch_count_together() -> None:
    pk = see_many([Seen("a@example.com", "Ada", MONDAY)])["a@example.com"]
    ContactAddress.objects.create(contact_id=pk, address="ada@example.org")
    ids = see_many([Seen("a@example.com", "", MONDAY), Seen("ada@example.org", "", TUESDAY)])
    assert set(ids.values()) == {pk}
    assert Contact.objects.get().email_count == 3


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "bounces+123-ada=example.com@mail.example.net",
        "list-return-7-ada=example.com@lists.example.net",
        "prvs=1234abcdef=ada@example.com",
        "SRS0=HHH=TT=example.com=ada@example.net",
        "a@b@c",
        "ada@exa mple.com",
    ],
)
def test_an_address_that_is_nobodys_makes_no_contact(address: str) -> None:
    assert see_many([Seen(address, "Somebody", MONDAY)]) == {}
    assert not Contact.objects.exists()


def test_mail_that_claims_to_come_from_our_own_inbox_makes_no_contact() -> None:
    inbox = Inbox.objects.create(name="Support", created_at=MONDAY, updated_at=MONDAY)
    InboxAddress.objects.create(inbox=inbox, address="support@ours.example")
    assert see_many([Seen("Support@ours.example", "Us", MONDAY)]) == {}


def test_a_batch_of_any_size_takes_the_same_few_statements(
    django_assert_max_num_queries: Any,
) -> None:
    see_many([Seen("known@example.com", "", MONDAY)])
    batch = [Seen(f"p{n}@example.com", "", MONDAY) for n in range(300)]
    with django_assert_max_num_queries(10):  # two for our own addresses, two for the savepoint
        ids = see_many([Seen("known@example.com", "", MONDAY), *batch])
    assert len(ids) == 301


def test_free_mail_is_no_company() -> None:
    see_many([Seen("ada@gmail.com", "", MONDAY), Seen("bo@shop.co.uk", "", MONDAY)])
    assert set(Contact.objects.values_list("company", flat=True)) == {"", "shop.co.uk"}


def test_rules_fill_in_a_contact_and_add_tags_once() -> None:
    pk = see_many([Seen("cy@example.com", "Cy", MONDAY)])["cy@example.com"]
    wish = {"company": "Shop", "tags": ["vip", "b"], "notes": "Pays late."}
    apply_wishes({pk: wish})
    apply_wishes({pk: {**wish, "tags": ["b", "c"]}, 99_999: wish})
    contact = Contact.objects.get()
    assert (contact.name, contact.company, contact.notes) == ("Cy", "Shop", "Pays late.")
    assert contact.tags == ["vip", "b", "c"]
