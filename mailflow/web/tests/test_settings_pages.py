"""The settings page: everything on it, saved together, secrets never shown."""

from collections.abc import Callable

import pytest
from django.test import Client

from mailflow.accounts.permissions import Actor
from mailflow.preferences import values
from mailflow.preferences.changes import save
from mailflow.preferences.registry import SETTINGS

pytestmark = pytest.mark.django_db


def _form(**changed: str) -> dict[str, str]:
    """What a browser posts of the untouched page, with some fields changed."""
    now = values.read()
    form = {
        key: "" if one.secret else one.kind.text(getattr(now, key))
        for key, one in SETTINGS.items()
        if getattr(now, key) is not False
    }
    return {**form, **changed}


def test_the_page_shows_every_setting(as_admin: Client) -> None:
    page = as_admin.get("/settings").content.decode()
    assert [key for key in SETTINGS if f'name="{key}"' not in page] == []


def test_saving_the_untouched_page_changes_nothing(as_admin: Client) -> None:
    page = as_admin.post("/settings", _form(), follow=True)
    assert "Nothing was different" in page.content.decode()


def test_a_changed_field_is_saved(as_admin: Client) -> None:
    as_admin.post(
        "/settings", _form(log_retention_days="7", allowed_sender_addresses="a@b.example")
    )
    assert values.current().log_retention_days == 7
    assert values.current().allowed_sender_addresses == ("a@b.example",)


def test_one_bad_field_saves_none_and_is_said_at_the_field(as_admin: Client) -> None:
    page = as_admin.post("/settings", _form(log_retention_days="0", daily_send_limit="9"))
    assert page.status_code == 422
    assert "from 1 to 3650" in page.content.decode()
    assert values.current().daily_send_limit == 500


def test_a_secret_is_never_on_the_page_kept_when_empty_and_removed_on_request(
    as_admin: Client,
) -> None:
    save({"openai_api_key": "sk-secret-0123456789"}, "Ada")
    assert "sk-secret" not in as_admin.get("/settings").content.decode()
    as_admin.post("/settings", _form())
    assert values.current().openai_api_key == "sk-secret-0123456789"
    as_admin.post("/settings", _form(clear_openai_api_key="on"))
    assert values.current().openai_api_key == ""


def test_only_administrators_open_it(as_actor: Callable[[Actor], Client]) -> None:
    assert as_actor(Actor("user", "Ada", "manager")).get("/settings").status_code == 403
