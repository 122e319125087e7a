"""People over the API: listed and added by administrators alone."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_person_is_added_and_listed(api_client):
    body = {"address": "Dana@Demo.example", "name": "Dana Scully", "teams": ["Files"]}
    answer = api_client.post("/api/v1/users", body, content_type="application/json")
    assert answer.status_code == 201
    [user] = api_client.get("/api/v1/users").json()["users"]
    assert (user["address"], user["name"], user["role"]) == (
        "dana@demo.example", "Dana Scully", "agent",
    )  # fmt: skip
    assert user["teams"] == ["Files"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"address": "nobody"}, 422, "address"),
        ({"address": "a@b.example", "role": "king"}, 422, "role"),
    ],
)
def test_what_cannot_be_used_is_refused_by_field(api_client, body, status, field):
    answer = api_client.post("/api/v1/users", body, content_type="application/json")
    assert (answer.status_code, answer.json()["field"]) == (status, field)


def test_somebody_is_added_once(api_client):
    body = {"address": "dana@demo.example"}
    api_client.post("/api/v1/users", body, content_type="application/json")
    answer = api_client.post("/api/v1/users", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (409, "conflict")
