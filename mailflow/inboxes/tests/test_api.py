"""The API of inboxes keeps the contract: shapes, codes, and nothing half done."""

from typing import Any

import pytest
from django.test import Client

from mailflow.inboxes.models import Inbox

JSON = "application/json"


def _post(api_client: Client, **body: Any) -> Any:
    return api_client.post("/api/v1/inboxes", body, JSON)


def test_an_inbox_is_made_read_changed_and_deleted(api_client: Client) -> None:
    made = _post(
        api_client, name="Support", email_addresses="a@x.example, @y.example", assigned_team="Desk"
    )
    assert made.status_code == 201
    item = made.json()["item"]
    assert item["email_addresses"] == ["@y.example", "a@x.example"]
    assert (item["assigned_team"], item["priority"], item["status"]) == ("Desk", "normal", "active")
    path = f"/api/v1/inboxes/{item['id']}"
    changed = api_client.put(path, {"email_addresses": ["b@x.example"]}, JSON).json()["item"]
    assert changed["email_addresses"] == ["b@x.example"]
    assert changed["name"] == "Support"
    assert api_client.get(path).json()["item"] == changed
    assert api_client.delete(path).status_code == 204
    assert api_client.get(path).json()["error"] == "not_found"


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({}, 422, "invalid_field", "name"),
        ({"name": "B", "email_addresses": ["nobody"]}, 422, "invalid_field", "email_addresses"),
        ({"name": "SUPPORT"}, 409, "conflict", "name"),
        ({"name": "B", "email_addresses": "A@x.example"}, 409, "conflict", "email_addresses"),
        ({"name": 7}, 422, "invalid_field", "name"),
    ],
)
def test_a_refusal_names_the_field_and_makes_nothing(
    api_client: Client, body: dict[str, Any], status: int, code: str, field: str
) -> None:
    _post(api_client, name="Support", email_addresses="a@x.example")
    answer = _post(api_client, **body)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["field"] == field
    assert answer.json()["detail"].endswith(".")
    assert Inbox.objects.count() == 1


def test_a_long_list_comes_in_pages_without_gaps(api_client: Client) -> None:
    for n in range(5):
        _post(api_client, name=f"I{n}")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api_client.get(f"/api/v1/inboxes?limit=2&cursor={cursor}").json()
        seen += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ["I4", "I3", "I2", "I1", "I0"]
    wrong = api_client.get("/api/v1/inboxes?cursor=mine")
    assert (wrong.status_code, wrong.json()["field"]) == (422, "cursor")
