"""Saving settings: all or nothing, secrets sealed, told to the history without them."""

from typing import Any

import pytest

from mailflow.history.models import Event
from mailflow.lib.refusals import Refused
from mailflow.preferences import values
from mailflow.preferences.changes import save
from mailflow.preferences.models import Preference
from mailflow.preferences.registry import SETTINGS

pytestmark = pytest.mark.django_db


def test_what_was_saved_is_seen_at_once() -> None:
    assert values.current().log_retention_days == 30
    assert save({"log_retention_days": "7", "ai_enabled": "yes"}, "Ada") == [
        "ai_enabled",
        "log_retention_days",
    ]
    assert values.current().log_retention_days == 7
    assert values.current().ai_enabled is True


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"log_retention_days": 0}, ["log_retention_days", "0", "from 1 to 3650"]),
        ({"workflow_retries_count": "11"}, ["workflow_retries_count", "11", "from 0 to 10"]),
        ({"no_such_setting": 1}, ["no_such_setting", "not known", "Remove it"]),
        ({"default_ticket_status": "lost"}, ["default_ticket_status", "lost", "open, pending"]),
    ],
)
def test_one_bad_value_refuses_all_and_names_key_value_and_mend(
    bad: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(Refused) as refused:
        save({"attachment_retention_days": 5, **bad}, "Ada")
    assert all(word in str(refused.value) for word in words)
    assert list(refused.value.problems) == list(bad)
    assert not Preference.objects.exists()
    assert not Event.objects.exists()


def test_a_refused_secret_is_not_repeated_in_the_refusal() -> None:
    with pytest.raises(Refused) as refused:
        save({"admin_api_key": "hunter2"}, "Ada")
    assert "hunter2" not in str(refused.value)


def test_a_secret_is_sealed_kept_by_a_blank_and_cleared_by_null() -> None:
    secret = "sk-0123456789abcdef"
    save({"openai_api_key": secret}, "Ada")
    assert secret not in Preference.objects.get().value
    assert values.current().openai_api_key == secret
    assert secret not in repr(values.current())
    assert save({"openai_api_key": " "}, "Ada") == []
    assert values.current().openai_api_key == secret
    save({"openai_api_key": None}, "Ada")
    assert values.current().openai_api_key == ""


def test_the_history_says_who_changed_what_but_no_secret() -> None:
    save({"telegram_bot_token": "123:abcdef", "reply_domain": "r.example"}, "Ada")
    event = Event.objects.get()
    assert event.audit
    assert event.actor == "Ada"
    assert event.data["changed"] == [["reply_domain", "r.example"], ["telegram_bot_token", "set"]]


def test_saving_the_same_again_changes_and_tells_nothing() -> None:
    save({"daily_send_limit": 5}, "Ada")
    assert save({"daily_send_limit": "5"}, "Ada") == []
    assert Event.objects.count() == 1


def test_a_stored_value_that_cannot_be_read_falls_back_to_the_default(caplog: Any) -> None:
    save({"log_retention_days": 7, "openai_api_key": "sk-1"}, "Ada")
    Preference.objects.update(value="{broken")
    values.forget()
    assert values.current().log_retention_days == 30
    assert values.current().openai_api_key == ""
    assert "log_retention_days" in caplog.text


def test_the_snapshot_has_every_setting_of_the_registry() -> None:
    assert set(values.Preferences.__slots__) == set(SETTINGS)
    assert len(SETTINGS) >= 26


def test_reading_the_settings_again_within_a_second_asks_no_database(
    django_assert_num_queries: Any,
) -> None:
    values.forget()
    with django_assert_num_queries(1):
        values.current()
        values.current()
