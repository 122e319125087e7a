"""The pages of tickets: what they show, to whom, and what working on a ticket does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mailflow.accounts.permissions import ADMIN_KEY, SYSTEM, Actor
from mailflow.rules.changes import save_rule
from mailflow.tickets import changes
from mailflow.tickets.models import HeldMessage, Ticket
from tests.arrivals import arrive
from tests.cast import Agent, mail_from_cy

pytestmark = pytest.mark.django_db(databases="__all__")
Browse = Callable[[Actor], Client]


def opened(subject: str = "A question", message_id: str = "<cy-1@customer.example>") -> Ticket:
    if not Ticket.objects.exists():
        save_rule({"name": "Intake", "actions": [{"type": "create_ticket"}]}, SYSTEM)
    [email] = arrive(mail_from_cy(subject, message_id=message_id))
    return Ticket.objects.get(timeline__email=email)


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_the_list_holds_what_somebody_has_to_do(ada: Agent, as_actor: Browse) -> None:
    ticket = opened()
    client = as_actor(ada.actor)
    assert "A question" in text_of(client, "/tickets")
    changes.change(ticket, changes.Change(status="closed"), ADMIN_KEY)
    assert "Nothing to do" in text_of(client, "/tickets")
    assert "A question" in text_of(client, "/tickets?status=closed")
    assert "A question" in text_of(client, "/tickets?status=all")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=QUESTION", True),
        ("q=cy@customer.example", True),
        ("q=nobody@customer.example", False),
        ("priority=normal", True),
        ("priority=urgent", False),
        ("assignee=nobody", True),
        ("assignee=me", False),
        ("status=nonsense&assignee=x&inbox=abc", True),
    ],
)
def test_filters_of_the_address_choose_what_is_listed(
    ada: Agent, as_admin: Client, query: str, found: bool
) -> None:
    ticket = opened()
    rows = as_admin.get(f"/tickets?{query}").context["page"].rows
    assert (ticket in rows) is found
    assert ticket in as_admin.get(f"/tickets?q=%23{ticket.pk}").context["page"].rows


def test_an_agent_of_another_inbox_reaches_none_of_it(
    ada: Agent, bo: Agent, as_actor: Browse
) -> None:
    ticket = opened()
    client = as_actor(bo.actor)
    assert "A question" not in text_of(client, "/tickets?status=all")
    assert client.get(f"/tickets/{ticket.pk}").status_code == 404
    assert client.get(f"/tickets/{ticket.pk}/timeline").status_code == 404
    assert client.post(f"/tickets/{ticket.pk}/handling", {"status": "closed"}).status_code == 404
    assert client.post(f"/tickets/{ticket.pk}/notes", {"note": "x"}).status_code == 404
    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_a_viewer_reads_but_changes_nothing(ada: Agent, as_actor: Browse) -> None:
    ticket = opened()
    client = as_actor(Actor("user", "Vi", "viewer"))
    assert "/handling" not in text_of(client, f"/tickets/{ticket.pk}")
    assert client.post(f"/tickets/{ticket.pk}/handling", {"status": "closed"}).status_code == 403
    assert client.post(f"/tickets/{ticket.pk}/notes", {"note": "x"}).status_code == 403


@pytest.mark.parametrize("size", [1, 7])
def test_pages_cost_the_same_queries_however_much_there_is(
    ada: Agent, as_admin: Client, django_assert_max_num_queries: Any, size: int
) -> None:
    for n in range(size):
        ticket = opened(f"Number {n}", f"<n{n}@customer.example>")
        changes.note(ticket, "seen", ADMIN_KEY)
    with django_assert_max_num_queries(7):
        as_admin.get("/tickets")
    with django_assert_max_num_queries(9):
        as_admin.get(f"/tickets/{ticket.pk}")


def test_working_on_a_ticket_is_on_its_timeline(ada: Agent, as_admin: Client) -> None:
    ticket = opened()
    form = {"status": "pending", "priority": "high", "assignee": ada.user.username,
            "subject": "A better subject", "version": ticket.version}  # fmt: skip
    as_admin.post(f"/tickets/{ticket.pk}/handling", form)
    as_admin.post(f"/tickets/{ticket.pk}/notes", {"note": "Called <b>Cy</b>."})
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority, ticket.assignee) == ("pending", "high", ada.user)
    page = text_of(as_admin, f"/tickets/{ticket.pk}")
    assert "Where is my parcel?" in page
    assert "<s>open</s> <b>pending</b>" in page
    assert "Called &lt;b&gt;Cy&lt;/b&gt;." in page


def test_a_stale_page_overwrites_nothing(ada: Agent, as_admin: Client) -> None:
    ticket = opened()
    seen = ticket.version
    changes.change(ticket, changes.Change(status="pending"), ADMIN_KEY)
    answer = as_admin.post(
        f"/tickets/{ticket.pk}/handling", {"status": "closed", "version": seen}, follow=True
    )
    ticket.refresh_from_db()
    assert ticket.status == "pending"
    assert "mf-flash-error" in answer.content.decode()


def held_answer(ticket: Ticket) -> HeldMessage:
    raw = mail_from_cy("Re: A question", "I am new here", message_id="<eve-1@other.example>",
                       headers="In-Reply-To: <cy-1@customer.example>")  # fmt: skip
    arrive(raw.replace(b"cy@customer.example>\r\nTo", b"eve@other.example>\r\nTo"),
           sender="eve@other.example")  # fmt: skip
    return HeldMessage.objects.get(ticket=ticket)


@pytest.mark.parametrize(
    ("decision", "on_ticket", "tickets"),
    [("joined", True, 1), ("own_ticket", False, 2), ("dismissed", False, 1)],
)
def test_a_held_message_is_decided_by_a_click(
    ada: Agent, as_admin: Client, decision: str, on_ticket: bool, tickets: int
) -> None:
    ticket = opened()
    held = held_answer(ticket)
    page = as_admin.get(f"/tickets/{ticket.pk}")
    assert [one.pk for one in page.context["held"]] == [held.pk]
    as_admin.post(f"/tickets/{ticket.pk}/held/{held.pk}", {"decision": decision})
    assert ticket.timeline.filter(email=held.email).exists() is on_ticket
    assert Ticket.objects.count() == tickets
    assert as_admin.get(f"/tickets/{ticket.pk}").context["held"] == []


def test_a_decision_nobody_knows_is_refused(ada: Agent, as_admin: Client) -> None:
    ticket = opened()
    held = held_answer(ticket)
    answer = as_admin.post(f"/tickets/{ticket.pk}/held/{held.pk}", {"decision": "eaten"})
    assert answer.status_code == 400
    held.refresh_from_db()
    assert held.resolution == ""


def test_the_open_pages_are_told_only_when_something_changed(ada: Agent, as_admin: Client) -> None:
    ticket = opened()
    seen = as_admin.get("/tickets").context["fingerprint"]
    here = as_admin.get(f"/tickets/{ticket.pk}").context["seen"]
    timeline = f"/tickets/{ticket.pk}/timeline"
    assert as_admin.get("/tickets/rows", {"seen": seen}).status_code == 204
    assert as_admin.get(timeline, {"seen": here}).status_code == 204
    held_answer(ticket)
    assert "held" in as_admin.get("/tickets/rows", {"seen": seen}).content.decode()
    assert "I am new here" in as_admin.get(timeline, {"seen": here}).content.decode()


def test_pages_of_the_list_miss_and_repeat_no_ticket_of_the_same_moment(
    ada: Agent, as_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailflow.tickets.listing.PAGE_SIZE", 2)
    tickets = [opened(f"Number {n}", f"<n{n}@customer.example>") for n in range(5)]
    Ticket.objects.update(last_message_at=tickets[0].last_message_at)
    seen, cursor = [], ""
    for _ in range(3):
        page = as_admin.get("/tickets", {"cursor": cursor}).context["page"]
        seen += [row.pk for row in page.rows]
        last, cursor = page, page.older
    assert seen == sorted((ticket.pk for ticket in tickets), reverse=True)
    assert cursor == ""
    before = as_admin.get("/tickets", {"cursor": last.newer}).context["page"]
    assert [row.pk for row in before.rows] == seen[2:4]
