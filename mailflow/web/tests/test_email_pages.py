"""The list of emails and one email: what they show, to whom, and at what cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mailflow.accounts.permissions import ADMIN_KEY, SYSTEM, Actor
from mailflow.history.models import Event
from mailflow.mail.models import Email
from mailflow.rules.changes import save_rule
from mailflow.tickets.models import Ticket
from tests.arrivals import arrive
from tests.cast import CY, Agent, mail_from_cy

pytestmark = pytest.mark.django_db(databases="__all__")
Browse = Callable[[Actor], Client]

HTML = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
QUOTED = "Yes please.\n\nOn Monday, 2 March 2026, Ada wrote:\n> Shall we send it again?"


def many(count: int) -> list[Email]:
    return arrive(
        *(mail_from_cy(f"Number {n}", message_id=f"<n{n}@customer.example>") for n in range(count))
    )


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_the_list_shows_what_arrived_newest_first(ada: Agent, as_actor: Browse) -> None:
    many(3)
    page = text_of(as_actor(ada.actor), "/emails")
    assert page.index("Number 2") < page.index("Number 1") < page.index("Number 0")


def test_an_agent_of_another_inbox_sees_nothing_of_it(
    ada: Agent, bo: Agent, as_actor: Browse
) -> None:
    [email] = many(1)
    client = as_actor(bo.actor)
    assert "Number 0" not in text_of(client, "/emails")
    assert "Number 0" not in text_of(client, "/")
    for path in ("", "/why", "/frame", "/raw"):
        assert client.get(f"/emails/{email.pk}{path}").status_code == 404
    for path in ("/handling", "/ticket"):
        assert client.post(f"/emails/{email.pk}{path}", {"status": "spam"}).status_code == 404
    email.refresh_from_db()
    assert email.status == "processed"


def test_a_viewer_reads_but_changes_nothing(ada: Agent, as_actor: Browse) -> None:
    [email] = many(1)
    client = as_actor(Actor("user", "Vi", "viewer"))
    assert "/handling" not in text_of(client, f"/emails/{email.pk}")
    assert client.post(f"/emails/{email.pk}/handling", {"status": "spam"}).status_code == 403
    assert client.post(f"/emails/{email.pk}/ticket").status_code == 403


@pytest.mark.parametrize("size", [1, 9])
def test_the_list_costs_the_same_queries_however_long(
    ada: Agent, as_admin: Client, django_assert_max_num_queries: Any, size: int
) -> None:
    many(size)
    as_admin.get("/emails")
    with django_assert_max_num_queries(5):
        as_admin.get("/emails?kind=ordinary")
    with django_assert_max_num_queries(2):
        as_admin.get("/emails/arrivals")


def test_pages_of_the_list_follow_one_another(
    ada: Agent, as_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailflow.web.email_list.PAGE_SIZE", 2)
    emails = many(3)
    first = as_admin.get("/emails").context["page"]
    assert [row.pk for row in first.rows] == [emails[2].pk, emails[1].pk]
    second = as_admin.get("/emails", {"cursor": first.older}).context["page"]
    assert [row.pk for row in second.rows] == [emails[0].pk]
    back = as_admin.get("/emails", {"cursor": second.newer}).context["page"]
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=invoice", ["Invoice"]),
        ("q=from:cy+-invoice", ["Bounce", "Files"]),
        ("kind=bounce", ["Bounce"]),
        ("kind=ordinary&status=processed", ["Files", "Invoice"]),
        ("status=spam", []),
        ("files=yes", ["Bounce", "Files"]),
        ("tag=vip", ["Invoice"]),
        ("inbox=999999", []),
        ("status=nonsense&kind=x&inbox=abc&files=maybe", ["Bounce", "Files", "Invoice"]),
    ],
)
def test_filters_of_the_address_choose_what_is_listed(
    ada: Agent, as_admin: Client, query: str, found: list[str]
) -> None:
    attached = (
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\n"
        "Content-Disposition: attachment; filename=a.txt\n\nx\n--b--\n"
    )
    report = (
        "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; "
        "boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@b.example\n"
        "Action: failed\nStatus: 5.1.1\n\n--b--\n"
    )
    invoice, _files, _bounce = arrive(
        mail_from_cy("Invoice"),
        mail_from_cy("Files", "", message_id="<2@c.example>", headers=attached),
        mail_from_cy("Bounce", "", message_id="<3@c.example>", headers=report),
    )
    Email.objects.filter(pk=invoice.pk).update(tags=["vip"])
    rows = as_admin.get(f"/emails?{query}").context["page"].rows
    assert sorted(row.message.subject for row in rows) == found


def test_the_open_page_is_told_only_when_something_changed(ada: Agent, as_admin: Client) -> None:
    [first] = many(1)
    seen = as_admin.get("/emails").context["fingerprint"]
    still = as_admin.get("/emails/arrivals", {"seen": seen, "newest": first.pk})
    assert still.status_code == 204
    arrive(mail_from_cy("Fresh", message_id="<fresh@customer.example>"))
    moved = as_admin.get("/emails/arrivals", {"seen": seen, "newest": first.pk})
    assert moved.status_code == 200
    assert "Fresh" in moved.content.decode()
    assert moved["X-Announce"] == "1%20new%20email"


def test_one_email_shows_its_words_and_folds_what_it_quotes(ada: Agent, as_admin: Client) -> None:
    [email] = arrive(mail_from_cy(body=QUOTED))
    page = text_of(as_admin, f"/emails/{email.pk}")
    assert "Yes please." in page
    assert "Shall we send it again?" in page[page.index("mf-fold-quoted") :]
    assert CY in page


def test_the_headers_keep_their_order_and_repeats(ada: Agent, as_admin: Client) -> None:
    [email] = arrive(mail_from_cy(headers="X-Step: one\nX-Step: two"))
    page = text_of(as_admin, f"/emails/{email.pk}?view=headers")
    assert page.count("<dt>X-Step</dt>") == 2
    assert page.index(">one<") < page.index(">two<")


def test_html_is_shown_in_a_frame_that_can_do_nothing(ada: Agent, as_admin: Client) -> None:
    body = '<p>Hi <script>alert(1)</script><img src="https://track.example/p.gif"></p>'
    [email] = arrive(mail_from_cy(body=body, headers=HTML.rstrip("\n")))
    assert "sandbox=" in text_of(as_admin, f"/emails/{email.pk}?view=html")
    frame = as_admin.get(f"/emails/{email.pk}/frame")
    policy = frame["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "https:" not in policy
    assert "<script" not in frame.content.decode()
    assert ' src="https://track.example' not in frame.content.decode()
    asked = as_admin.get(f"/emails/{email.pk}/frame?images=yes")
    assert ' src="https://track.example/p.gif"' in asked.content.decode()
    assert "img-src data: https: http:" in asked["Content-Security-Policy"]


def test_the_raw_message_comes_back_byte_for_byte_and_is_written_down(
    ada: Agent, as_admin: Client
) -> None:
    raw = mail_from_cy()
    [email] = arrive(raw)
    answer = as_admin.get(f"/emails/{email.pk}/raw")
    assert answer.content == raw
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Event.objects.filter(kind="raw_downloaded", email_id=email.pk).count() == 1


def test_why_names_every_condition_with_the_value_it_saw(ada: Agent, as_admin: Client) -> None:
    save_rule(
        {
            "name": "Refunds",
            "conditions": [{"field": "subject", "op": "contains", "value": "refund"}],
            "actions": [{"type": "create_ticket"}],
        },
        SYSTEM,
    )
    [email] = arrive(mail_from_cy("A refund, please"))
    page = text_of(as_admin, f"/emails/{email.pk}/why")
    assert "Refunds" in page
    assert "A refund, please" in page
    assert "rule-passed" in page
    assert "Refunds" in text_of(as_admin, f"/emails/{email.pk}")


def test_handling_moves_tags_and_gives_an_email(ada: Agent, bo: Agent, as_admin: Client) -> None:
    [email] = many(1)
    form = {"inbox": "Billing", "status": "spam", "tags": "a, b، a", "assignee": bo.user.username}
    assert as_admin.post(f"/emails/{email.pk}/handling", form).status_code == 302
    email.refresh_from_db()
    assert (email.inbox, email.status, email.tags) == (bo.inbox, "spam", ["a", "b"])
    assert email.assignee == bo.user


def test_a_refused_change_says_why_and_changes_nothing(ada: Agent, as_admin: Client) -> None:
    [email] = many(1)
    page = as_admin.post(f"/emails/{email.pk}/handling", {"inbox": "Nowhere"}, follow=True)
    assert "Nowhere" in page.content.decode()
    email.refresh_from_db()
    assert email.inbox == ada.inbox


def test_a_ticket_is_opened_by_hand_once(ada: Agent, as_admin: Client) -> None:
    [email] = many(1)
    first = as_admin.post(f"/emails/{email.pk}/ticket")
    second = as_admin.post(f"/emails/{email.pk}/ticket")
    ticket = Ticket.objects.get()
    assert first["Location"] == second["Location"] == f"/tickets/{ticket.pk}"


def test_the_dashboard_counts_and_says_what_is_left(
    ada: Agent, as_actor: Browse, django_assert_max_num_queries: Any
) -> None:
    many(2)
    client = as_actor(ADMIN_KEY)
    with django_assert_max_num_queries(20):
        page = client.get("/")
    assert page.context["stats"].total_processed == 2
    assert sum(number for _day, number in page.context["days"]) == 2
    assert [step.done for step in page.context["steps"]][:3] == [True, False, True]
    seen = page.context["activity_seen"]
    assert client.get(f"/dashboard/activity?seen={seen}").status_code == 204
    assert client.get("/dashboard/activity?seen=old").status_code == 200
