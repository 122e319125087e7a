"""One search over emails, their tickets and contacts, for what the actor may see."""

import pytest
from django.conf import settings
from django.test import Client

from mailflow.accounts.sessions import USER_MARK
from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.worker import configured_checker, run_once
from mailflow.inboxes.lookup import forget
from mailflow.mail.models import Email
from mailflow.tickets.changes import open_by_hand
from tests.cast import CY, Agent, mail_from_cy

pytestmark = pytest.mark.django_db


@pytest.fixture
def email(ada: Agent) -> Email:
    """A question of Cy's to Ada's inbox, with a ticket."""
    forget()
    accept_batch([IncomingMail(mail_from_cy(), CY, ("support@demo.example",), "file")])
    run_once(configured_checker(), "test")
    email = Email.objects.select_related("message").get()
    if not hasattr(email, "ticket_message"):
        open_by_hand(email, ada.actor, frozenset())
    return email


def signed_in(agent: Agent) -> Client:
    """A browser with a session of this person."""
    client = Client()
    session = client.session
    session[USER_MARK] = [agent.user.pk, agent.user.get_session_auth_hash()]
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client


def hits(client: Client, q: str) -> dict[str, int]:
    answer = client.get("/api/v1/search", {"q": q})
    assert answer.status_code == 200, answer.content
    return {kind: len(rows) for kind, rows in answer.json().items() if kind != "query"}


@pytest.mark.parametrize(
    ("q", "emails", "tickets", "contacts"),
    [
        ("parcel", 1, 1, 0),
        ("cy@customer.example", 1, 1, 1),
        ("Cy", 1, 1, 1),
        ("subject:question", 1, 1, 0),
        ("from:cy status:spam", 0, 0, 0),
        ("nothing-like-it", 0, 0, 0),
        ("", 0, 0, 0),
    ],
)
def test_a_search_over_everything(
    email: Email, ada: Agent, q: str, emails: int,
    tickets: int, contacts: int,
) -> None:  # fmt: skip
    found = hits(signed_in(ada), q)
    assert found == {"emails": emails, "tickets": tickets, "contacts": contacts}


def test_a_ticket_is_found_by_its_number(email: Email, ada: Agent) -> None:
    number = Email.objects.get().ticket_message.ticket_id  # type: ignore[attr-defined]
    assert hits(signed_in(ada), f"#{number}")["tickets"] == 1


def test_bo_finds_neither_adas_mail_nor_her_ticket(email: Email, bo: Agent) -> None:
    found = hits(signed_in(bo), "parcel")
    assert (found["emails"], found["tickets"]) == (0, 0)


@pytest.mark.parametrize("limit", ["0", "51", "9" * 28, "x"])
def test_a_limit_out_of_range_is_refused(ada: Agent, limit: str) -> None:
    answer = signed_in(ada).get("/api/v1/search", {"q": "x", "limit": limit})
    assert answer.status_code == 422
