"""The inbox pages: who may open them, what they show, what a wrong form says."""

from typing import Any

import pytest
from django.test import Client

from mailflow.accounts.permissions import ADMIN_KEY
from mailflow.inboxes.changes import InboxFields, create
from mailflow.inboxes.models import Inbox

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Support",
    "email_addresses": "help@ours.example\n@desk.example",
    "description": "",
    "assigned_team": "Desk",
    "priority": "normal",
    "status": "active",
    "color": "#206bc4",
}


def test_an_inbox_is_made_changed_and_deleted_by_its_pages(as_admin: Client) -> None:
    assert as_admin.post("/inboxes/new", FORM).status_code == 302
    inbox = Inbox.objects.get()
    assert "@desk.example" in as_admin.get(f"/inboxes/{inbox.pk}").content.decode()
    as_admin.post(f"/inboxes/{inbox.pk}", {**FORM, "name": "Help", "assigned_team": ""})
    inbox.refresh_from_db()
    assert (inbox.name, inbox.assigned_team) == ("Help", None)
    as_admin.post(f"/inboxes/{inbox.pk}/deletion")
    assert not Inbox.objects.exists()


def test_a_wrong_address_is_said_at_its_field_and_what_was_typed_stays(as_admin: Client) -> None:
    page = as_admin.post("/inboxes/new", {**FORM, "email_addresses": "nobody"})
    assert page.status_code == 422
    assert "is no address" in page.content.decode()
    assert ">nobody</textarea>" in page.content.decode().replace("\n", "")


def test_an_empty_list_says_what_to_do(as_admin: Client) -> None:
    assert "Make an inbox" in as_admin.get("/inboxes").content.decode()


def test_the_list_takes_the_same_queries_however_many_inboxes(
    as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        create(InboxFields(name=f"I{n}", addresses=f"a{n}@x.example", team=f"T{n}"), ADMIN_KEY)
    with django_assert_max_num_queries(4):
        as_admin.get("/inboxes")


@pytest.mark.parametrize("path", ["/inboxes", "/inboxes/new", "/inboxes/1"])
def test_nobody_gets_in_without_signing_in(client: Client, path: str) -> None:
    assert client.get(path).status_code in {302, 401, 403}


def test_bo_sees_his_own_inbox_and_not_adas(ada: Any, bo: Any, as_actor: Any) -> None:
    page = as_actor(bo.actor).get("/inboxes").content.decode()
    assert "Billing" in page
    assert "support@demo.example" not in page
    assert as_actor(bo.actor).get(f"/inboxes/{ada.inbox.pk}").status_code == 404
    assert as_actor(bo.actor).post(f"/inboxes/{ada.inbox.pk}/deletion").status_code == 403
