"""The figures and the history, for those who may see them."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from mailflow.accounts.permissions import ADMIN_KEY
from mailflow.history.changes import record
from mailflow.inbound.models import SpoolEntry
from mailflow.mail.models import Email, Message, RawMessage, Thread
from mailflow.reports.stats import stats
from mailflow.tickets.models import Ticket

pytestmark = pytest.mark.django_db
KEY = "a-long-admin-key-of-this-test"


@pytest.fixture
def caller(with_option) -> Client:
    with_option(admin_api_key=KEY, api_requests_per_minute=0)
    return Client(headers={"x-api-key": KEY})


def an_email(id: int, inbox, received_at) -> Email:
    thread = Thread.objects.create(created_at=received_at, last_message_at=received_at)
    message = Message.objects.create(
        content_key=str(id), raw_sha256="0", size_bytes=1, thread=thread, received_at=received_at
    )
    Ticket.objects.create(
        inbox=inbox,
        thread=thread,
        created_at=received_at,
        updated_at=received_at,
        last_message_at=received_at,
    )
    return Email.objects.create(
        id=id, message=message, inbox=inbox, recipient="a@b.example",
        received_at=received_at, processed_at=received_at,
    )  # fmt: skip


def test_the_figures_count_what_the_actor_may_see(ada, bo):
    now = timezone.now().replace(hour=12)
    monday = now - timedelta(days=now.weekday())
    an_email(1, ada.inbox, now)
    an_email(2, ada.inbox, monday - timedelta(days=3))
    an_email(3, bo.inbox, now)
    everything, hers = stats(ADMIN_KEY, now), stats(ada.actor, now)
    assert (everything.total_processed, everything.emails_today, everything.open_tickets) == (
        3,
        2,
        3,
    )
    assert (hers.total_processed, hers.emails_this_week, hers.open_tickets) == (2, 1, 2)


def test_health_tells_a_stranger_only_that_it_lives(client):
    assert client.get("/api/v1/health").json() == {"ok": True, "service": "mailflow-studio"}
    assert client.get("/livez").json() == {"ok": True}


def test_ready_means_that_the_databases_answer(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["processing"]) == (200, "ok")


def test_mail_that_waits_too_long_shows(client):
    old = timezone.now() - timedelta(minutes=6)
    raw = RawMessage.objects.create(sha256="0", content=b"", size_bytes=0)
    SpoolEntry.objects.create(
        raw=raw, content_key="0", recipient="a@b.example", via="smtp", received_at=old, run_at=old
    )
    assert client.get("/readyz").json()["checks"]["processing"] == "behind"


def test_a_database_that_is_away_is_not_ready(client, monkeypatch):
    def away(*args, **options):
        from django.db import OperationalError

        raise OperationalError("gone")

    monkeypatch.setattr(connections["default"], "cursor", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert "gone" not in answer.content.decode()


def test_logs_are_what_happened_to_mail_and_audit_logs_what_people_did(caller):
    record("email_processed", "Mail came", email_id=7)
    record("settings_changed", "daily_send_limit", actor="Ada")
    events = caller.get("/api/v1/logs").json()["events"]
    assert [event["summary"] for event in events] == ["Mail came"]
    logs = caller.get("/api/v1/audit-logs?keyword=SEND_LIMIT&status=success").json()["logs"]
    assert [log["actor"] for log in logs] == ["Ada"]
    assert caller.get(f"/api/v1/logs/{events[0]['id']}").json()["event"]["email_id"] == 7
    assert caller.get(f"/api/v1/logs/{logs[0]['id']}").status_code == 404


def test_filters_that_match_nothing_are_empty(caller):
    record("email_processed", "Mail came", email_id=7)
    for query in (
        "keyword=x%00y",
        "status=nonsense",
        "email_id=8",
        "email_id=" + "9" * 30,
        "kind=x",
    ):
        assert caller.get(f"/api/v1/logs?{query}").json()["events"] == []


def test_pages_of_the_log_follow_one_another(caller):
    for n in range(5):
        record("email_processed", str(n))
    first = caller.get("/api/v1/logs?limit=3").json()
    second = caller.get(f"/api/v1/logs?limit=3&cursor={first['next_cursor']}").json()
    assert [e["summary"] for e in first["events"] + second["events"]] == ["4", "3", "2", "1", "0"]
    assert second["next_cursor"] is None


def test_the_chain_is_verified(caller):
    record("email_processed", "Mail came")
    assert caller.get("/api/v1/audit-logs/verify").json() == {
        "ok": True, "events": 1, "brokenAt": None,
    }  # fmt: skip


def test_an_agent_sees_no_events_of_another_inbox(ada, bo, client):
    from mailflow.accounts.sessions import USER_MARK

    record("email_processed", "Mail for Bo", inbox_id=bo.inbox.pk)
    record("email_processed", "Mail for Ada", inbox_id=ada.inbox.pk)
    session = client.session
    session[USER_MARK] = [ada.user.pk, ada.user.get_session_auth_hash()]
    session.save()
    client.cookies["mf_session"] = session.session_key
    events = client.get("/api/v1/logs").json()["events"]
    assert [event["summary"] for event in events] == ["Mail for Ada"]
