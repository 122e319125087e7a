"""The history's pages: who sees what, finding, verifying, and what waits for a person."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mailflow.accounts.permissions import Actor
from mailflow.history.changes import record
from mailflow.history.models import Event
from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.models import SpoolEntry
from mailflow.lib.claims import State
from tests.cast import mail_from_cy

pytestmark = pytest.mark.django_db(databases="__all__")


def _text(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def test_what_happened_to_mail_and_what_people_did_stand_apart(as_admin: Client) -> None:
    record("email_processed", "of mail")
    record("signed_in", "of people")
    assert "of mail" in _text(as_admin, "/logs")
    assert "of people" not in _text(as_admin, "/logs")
    assert "of people" in _text(as_admin, "/logs?tab=people")


def test_events_are_found_by_word_kind_and_result(as_admin: Client) -> None:
    record("email_processed", "a green message")
    record("email_failed", "a red message", status="failed")
    assert "a red message" not in _text(as_admin, "/logs?q=GREEN")
    assert "a green message" not in _text(as_admin, "/logs?kind=email_failed")
    assert "a green message" not in _text(as_admin, "/logs?status=failed")
    assert "Nothing found" in _text(as_admin, "/logs?q=blue")


def test_one_event_shows_all_it_says(as_admin: Client) -> None:
    record("inbox_changed", "Support made", subject=("inbox", 7), data={"addresses": ["<b>"]})
    event = Event.objects.get()
    page = _text(as_admin, f"/logs/{event.pk}")
    assert event.hash in page
    assert 'href="/inboxes/7"' in page
    assert "&lt;b&gt;" in page
    assert as_admin.get("/logs/99999").status_code == 404


def test_a_changed_event_is_found_by_the_check(as_admin: Client) -> None:
    for summary in ("one", "two", "three"):
        record("email_processed", summary)
    assert (
        "The history is whole" in as_admin.post("/logs/verification", follow=True).content.decode()
    )
    broken = Event.objects.get(summary="two")
    Event.objects.filter(pk=broken.pk).update(summary="other")
    page = as_admin.post("/logs/verification", follow=True).content.decode()
    assert f"event {broken.pk} is not" in page


def test_bo_sees_his_inbox_and_no_people(
    ada: Any, bo: Any, as_actor: Callable[[Actor], Client]
) -> None:
    record("email_processed", "Adas mail", inbox_id=ada.inbox.pk)
    record("email_processed", "Bos mail", inbox_id=bo.inbox.pk)
    record("signed_in", "a person")
    browser = as_actor(bo.actor)
    for path in ("/logs", "/logs?tab=people"):
        page = _text(browser, path)
        assert "Bos mail" in page
        assert "Adas mail" not in page
        assert "a person" not in page
    hidden = Event.objects.get(summary="Adas mail")
    assert browser.get(f"/logs/{hidden.pk}").status_code == 404
    assert browser.get("/logs/stuck").status_code == 403
    assert browser.post("/logs/verification").status_code == 403


def test_a_stuck_message_is_shown_and_put_back_to_work(as_admin: Client, ada: Any) -> None:
    mail = IncomingMail(mail_from_cy(), "cy@customer.example", ("support@demo.example",), "smtp")
    accept_batch([mail])
    SpoolEntry.objects.update(state=State.STUCK, last_error="ValueError", run_at=timezone.now())
    entry = SpoolEntry.objects.get()
    assert "ValueError" in _text(as_admin, "/logs/stuck")
    as_admin.post(f"/logs/stuck/{entry.pk}/retrial")
    entry.refresh_from_db()
    assert entry.state == State.READY
    assert as_admin.post(f"/logs/stuck/{entry.pk}/retrial").status_code == 404
    assert "Nothing waits" in _text(as_admin, "/logs/stuck")


def test_the_list_takes_one_query_however_many_events(
    as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(10):
        record("email_processed", str(n))
    with django_assert_max_num_queries(1):
        as_admin.get("/logs")
