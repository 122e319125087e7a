"""The API of rules: the original's shapes, versions, trying, refusals."""

import json
from typing import Any

import pytest
from django.test import Client

from mailflow.rules.models import Rule, RuleVersion
from mailflow.rules.tests.test_backtest import stored

pytestmark = pytest.mark.django_db
KEY = "a-long-admin-key-of-this-test"

ORIGINAL = {
    "name": "Support intake",
    "active": True,
    "priority": 5,
    "matchMode": "any",
    "conditions": {"recipient_contains": "support@", "keywords": ["help", "urgent"]},
    "actions": [{"type": "create_ticket"}, {"type": "tag_email", "config": {"tag": "support"}}],
}


@pytest.fixture
def caller(with_option: Any) -> Client:
    with_option(admin_api_key=KEY, api_requests_per_minute=0)
    return Client(headers={"x-api-key": KEY})


def send(caller: Client, method: str, path: str, body: Any = None) -> Any:
    return caller.generic(method, f"/api/v1{path}", _json(body), "application/json")


def _json(body: Any) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


def test_a_rule_of_the_original_is_kept_as_it_was_sent(caller: Client) -> None:
    made = send(caller, "POST", "/rules", ORIGINAL)
    assert made.status_code == 201
    rule = made.json()["rule"]
    assert {key: rule[key] for key in ORIGINAL} == ORIGINAL
    assert rule["lastMatchedAt"] is None and rule["createdAt"].endswith("Z")
    assert send(caller, "GET", "/rules").json()["rules"] == [rule]
    assert send(caller, "GET", f"/rules/{rule['id']}").json()["rule"] == rule


def test_a_client_sends_back_what_it_got(caller: Client) -> None:
    rule = send(caller, "POST", "/rules", ORIGINAL).json()["rule"]
    answer = send(caller, "PUT", f"/rules/{rule['id']}", {**rule, "name": "New name"})
    assert (answer.status_code, answer.json()["rule"]["version"]) == (200, 2)
    assert answer.json()["rule"]["name"] == "New name"
    part = send(caller, "PUT", f"/rules/{rule['id']}", {"active": False}).json()["rule"]
    assert (part["active"], part["name"], part["actions"]) == (False, "New name", rule["actions"])


def test_versions_are_listed_and_restored(caller: Client) -> None:
    rule = send(caller, "POST", "/rules", ORIGINAL).json()["rule"]
    path = f"/rules/{rule['id']}"
    send(caller, "PUT", path, {"name": "Second"})
    versions = send(caller, "GET", f"{path}/versions").json()["versions"]
    assert [(v["version"], v["inForce"], v["rule"]["name"]) for v in versions] == [
        (2, True, "Second"),
        (1, False, "Support intake"),
    ]
    back = send(caller, "POST", f"{path}/versions/1/restoration").json()["rule"]
    assert (back["version"], back["name"]) == (3, "Support intake")
    assert send(caller, "POST", f"{path}/versions/{10**12}/restoration").status_code == 404


def test_a_deleted_rule_is_gone_for_the_api_and_kept_for_the_history(caller: Client) -> None:
    rule = send(caller, "POST", "/rules", ORIGINAL).json()["rule"]
    assert send(caller, "DELETE", f"/rules/{rule['id']}").status_code == 200
    assert send(caller, "GET", f"/rules/{rule['id']}").status_code == 404
    assert not Rule.objects.exists() and RuleVersion.objects.exists()


def test_a_rule_is_tried_and_nothing_is_saved(caller: Client) -> None:
    stored(1, "Please help")
    body = {"rule": {"conditions": {"subject_contains": "help"}, "actions": ["mark_spam"]}}
    answer = send(caller, "POST", "/rules/test", body).json()
    assert (answer["checked"], answer["matched"], answer["changed"]) == (1, 1, 1)
    (row,) = answer["results"]
    assert row["old"]["matchedRules"] == []
    assert row["new"]["matchedRules"][0]["actions"] == [{"type": "mark_spam"}]
    assert row["conditions"]["children"][0]["seen"] == ["Please help"]
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "a", "conditions": {"regex": "(?=x)"}}, "conditions.regex.value"),
        ({"name": "a", "conditions": [{"field": "colour"}]}, "conditions[0].field"),
        ({"name": "a", "conditions": "x"}, "conditions"),
        ({"name": "a", "actions": [{"type": "webhook", "url": "x"}]}, "actions[0].url"),
        ({"name": "a", "matchMode": "most"}, "matchMode"),
        ({"name": "a", "priority": 10**9}, "priority"),
        ({"name": "a", "active": []}, "active"),
    ],
)
def test_a_wrong_rule_is_422_with_the_path_of_the_mistake(
    caller: Client, body: Any, field: str
) -> None:
    answer = send(caller, "POST", "/rules", body)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_field")
    assert answer.json()["field"].endswith(field) and answer.json()["detail"]
    assert not Rule.objects.exists()


@pytest.mark.parametrize("path", [f"/rules/{2**64}", "/rules/999", "/rules/0"])
def test_a_rule_that_is_not_there_is_404(caller: Client, path: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert send(caller, method, path, {}).status_code == 404
