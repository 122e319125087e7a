"""The API of settings: everything, all or nothing, secrets write-only."""

from typing import Any

import pytest
from django.test import Client

from mailflow.preferences import values
from mailflow.preferences.registry import SETTINGS

URL = "/api/v1/settings"
JSON = "application/json"


def _shown(api_client: Client) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in api_client.get(URL).json()["settings"]}


def test_every_setting_is_there_as_text(api_client: Client) -> None:
    shown = _shown(api_client)
    assert list(shown) == list(SETTINGS)
    assert shown["log_retention_days"]["value"] == "30"
    assert shown["auto_ticket_enabled"]["value"] == "true"
    assert shown["log_retention_days"]["updatedAt"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"log_retention_days": 7},
        {"log_retention_days": "7"},
        {"settings": {"log_retention_days": 7}},
        {"settings": [{"key": "log_retention_days", "value": "7"}]},
    ],
)
def test_settings_are_taken_in_each_shape_clients_send(
    api_client: Client, body: dict[str, Any]
) -> None:
    assert api_client.put(URL, body, JSON).status_code == 200
    assert values.current().log_retention_days == 7
    assert _shown(api_client)["log_retention_days"]["updatedAt"] is not None


def test_an_unknown_key_changes_nothing(api_client: Client) -> None:
    answer = api_client.put(URL, {"log_retention_days": 7, "colour": "red"}, JSON)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_field")
    assert answer.json()["field"] == "colour"
    assert values.current().log_retention_days == 30


def test_a_secret_goes_in_and_never_comes_out(api_client: Client) -> None:
    answer = api_client.put(URL, {"openai_api_key": "sk-secret-0123456789"}, JSON)
    assert b"sk-secret" not in answer.content
    shown = _shown(api_client)["openai_api_key"]
    assert (shown["value"], shown["isSet"], shown["encryptedOrSecret"]) == ("", True, True)
    api_client.put(URL, {"openai_api_key": ""}, JSON)
    assert values.current().openai_api_key == "sk-secret-0123456789"


def test_what_the_page_shows_can_be_sent_back(api_client: Client) -> None:
    whole = api_client.get(URL).json()
    again = api_client.put(URL, whole, JSON)
    assert again.status_code == 200
    assert again.json() == whole


def test_the_starter_pack_answers_what_it_made(api_client: Client) -> None:
    first = api_client.post("/api/v1/starter-pack/apply", {}, JSON).json()["starterPack"]
    again = api_client.generic("POST", "/api/v1/starter-pack/apply").json()["starterPack"]
    assert (first["createdInboxes"], first["createdRules"], first["createdTemplates"]) == (1, 1, 5)
    assert (again["createdInboxes"], again["createdRules"]) == (0, 0)
    assert again["supportEmail"] == first["supportEmail"] == "support@mailflow.example"


def test_a_default_inbox_that_does_not_exist_is_refused(api_client: Client) -> None:
    answer = api_client.put(URL, {"default_inbox": "Suport"}, JSON)
    assert (answer.status_code, answer.json()["field"]) == (422, "default_inbox")
    api_client.post("/api/v1/inboxes", {"name": "Support"}, JSON)
    assert api_client.put(URL, {"default_inbox": "support"}, JSON).status_code == 200
    assert values.current().default_inbox == "support"
