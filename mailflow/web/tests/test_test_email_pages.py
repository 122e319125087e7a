"""The test page rehearses without a trace, and takes in for real when asked."""

from typing import Any

import pytest
from django.test import Client

from mailflow.accounts.permissions import ADMIN_KEY
from mailflow.history.models import Event
from mailflow.inbound.models import SpoolEntry
from mailflow.mail.models import Email
from mailflow.rules.changes import save_rule
from mailflow.tickets.models import Ticket

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

FORM = {
    "from": "cy@customer.example",
    "to": "support@demo.example",
    "subject": "Help",
    "body": "Hi",
}


@pytest.fixture(autouse=True)
def _a_rule(ada: Any) -> None:
    save_rule({"name": "Intake", "actions": [{"type": "create_ticket"}]}, ADMIN_KEY)


def test_a_rehearsal_shows_what_would_happen_and_leaves_nothing(as_admin: Client) -> None:
    events = Event.objects.count()
    page = as_admin.post("/test", {**FORM, "rehearse": "1"}).content.decode()
    assert "What would happen" in page
    assert "Intake" in page
    assert "would be opened" in page
    assert not Email.objects.exists()
    assert not SpoolEntry.objects.exists()
    assert Event.objects.count() == events


def test_taken_in_it_is_there_with_its_ticket(as_admin: Client) -> None:
    page = as_admin.post("/test", FORM).content.decode()
    ticket = Ticket.objects.get()
    assert f'href="/tickets/{ticket.pk}"' in page
    assert Event.objects.filter(kind="test_email_sent").exists()


def test_a_wrong_address_is_said_at_its_field(as_admin: Client) -> None:
    page = as_admin.post("/test", {**FORM, "from": "nobody", "rehearse": "1"})
    assert page.status_code == 422
    assert "id_from_error" in page.content.decode()


def test_the_page_suggests_the_addresses_there_are(as_admin: Client) -> None:
    assert 'value="support@demo.example"' in as_admin.get("/test").content.decode()
