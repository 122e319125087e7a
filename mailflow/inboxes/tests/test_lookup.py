"""Which inbox serves a recipient."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mailflow.inboxes import lookup
from mailflow.inboxes.models import Inbox, InboxAddress
from mailflow.preferences.changes import save

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def _inbox(name: str, *addresses: str) -> int:
    inbox = Inbox.objects.create(name=name, created_at=NOW, updated_at=NOW)
    for address in addresses:
        InboxAddress.objects.create(inbox=inbox, address=address)
    return inbox.pk


def test_the_exact_address_goes_before_the_plus_address_before_the_catch_all() -> None:
    support = _inbox("Support", "help@ours.example")
    vip = _inbox("VIP", "help+vip@ours.example")
    rest = _inbox("Rest", "@ours.example")
    assert lookup.inbox_of("help@ours.example") == support
    assert lookup.inbox_of("Help+Order-7@OURS.example") == support
    assert lookup.inbox_of("help+vip@ours.example") == vip
    assert lookup.inbox_of("anybody@ours.example") == rest
    assert lookup.inbox_of("anybody@sub.ours.example") is None


def test_a_new_inbox_serves_at_once() -> None:
    assert lookup.inbox_of("new@ours.example") is None
    pk = _inbox("New", "new@ours.example")
    assert lookup.inbox_of("new@ours.example") == pk


def test_known_recipients_ask_no_database(django_assert_num_queries: Any) -> None:
    _inbox("Support", "help@ours.example")
    lookup.inbox_of("help@ours.example")
    with django_assert_num_queries(0):
        lookup.inbox_of("help+x@ours.example")


@pytest.mark.parametrize("named", ["support", " Support ", "help@ours.example"])
def test_the_default_inbox_takes_what_belongs_to_none(named: str) -> None:
    pk = _inbox("Support", "help@ours.example")
    save({"default_inbox": named}, "Ada")
    assert lookup.inbox_of("stranger@elsewhere.example") == pk


def test_a_domain_in_another_alphabet_matches_however_it_is_written() -> None:
    pk = _inbox("Books", "help@xn--bcher-kva.example")
    assert lookup.inbox_of("help@Bücher.example") == pk
