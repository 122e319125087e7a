"""The starter pack makes what is missing, and nothing else."""

from typing import Any

import pytest
from django.test import Client

from mailflow.accounts.permissions import ADMIN_KEY
from mailflow.inboxes.changes import InboxFields, create
from mailflow.inboxes.models import Inbox
from mailflow.lib.refusals import Conflict
from mailflow.preferences import values
from mailflow.preferences.changes import save
from mailflow.rules.models import Rule
from mailflow.web import starter_pack

pytestmark = pytest.mark.django_db


def test_the_starter_pack_makes_what_is_missing_once() -> None:
    first = starter_pack.apply(ADMIN_KEY)
    assert (first.inboxes, first.rules, first.templates) == (1, 1, 5)
    assert first.support_email == "support@mailflow.example"
    again = starter_pack.apply(ADMIN_KEY)
    assert (again.inboxes, again.rules, again.templates) == (0, 0, 0)
    assert again.support_email == first.support_email
    assert Rule.objects.get().name == "Support intake"
    assert values.current().daily_send_limit == 50


def test_a_limit_that_somebody_chose_stays() -> None:
    save({"daily_send_limit": 400}, "Ada")
    starter_pack.apply(ADMIN_KEY)
    assert values.current().daily_send_limit == 400
    assert values.current().max_recipients_per_request == 5


def test_the_dashboards_button_applies_it_and_says_what_came(as_admin: Client) -> None:
    page = as_admin.post("/starter-pack", follow=True)
    assert "support@mailflow.example" in page.content.decode()
    assert Inbox.objects.count() == 1


def test_the_starter_pack_is_made_whole_or_not_at_all() -> None:
    create(InboxFields(name="Other", addresses="support@mailflow.example"), ADMIN_KEY)
    with pytest.raises(Conflict):
        starter_pack.apply(ADMIN_KEY)
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    ("url", "domain"),
    [("https://mail.shop.example", "mail.shop.example"), ("http://10.0.0.7", "mailflow.example")],
)
def test_the_support_address_takes_the_installations_own_domain(
    settings: Any, url: str, domain: str
) -> None:
    settings.PUBLIC_URL = url
    save({"default_from_email": "us@shop.example"}, "Ada")
    made = starter_pack.apply(ADMIN_KEY)
    assert made.support_email == f"support@{domain}"
    assert made.default_from_email == "us@shop.example"
