"""The API of contacts keeps the contract."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from mailflow.contacts.changes import Seen, see_many

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
JSON = "application/json"


def test_contacts_are_listed_found_changed_and_merged(api_client: Client) -> None:
    ids = see_many(
        [Seen(f"p{n}@x.example", f"P{n}", MONDAY + timedelta(hours=n)) for n in range(3)]
    )
    page = api_client.get("/api/v1/contacts?limit=2").json()
    assert [one["email"] for one in page["contacts"]] == ["p2@x.example", "p1@x.example"]
    rest = api_client.get(f"/api/v1/contacts?cursor={page['next_cursor']}")
    assert [one["name"] for one in rest.json()["contacts"]] == ["P0"]
    assert len(api_client.get("/api/v1/contacts?q=P1@X").json()["contacts"]) == 1

    path = f"/api/v1/contacts/{ids['p0@x.example']}"
    changed = api_client.put(path, {"vip": True, "tags": ["gold"]}, JSON).json()["contact"]
    assert (changed["vip"], changed["tags"], changed["name"]) == (True, ["gold"], "P0")
    merged = api_client.post(f"{path}/merge", {"contact_id": ids["p1@x.example"]}, JSON)
    assert merged.json()["contact"]["emails"] == ["p0@x.example", "p1@x.example"]
    assert merged.json()["contact"]["email_count"] == 2
    itself = api_client.post(f"{path}/merge", {"contact_id": ids["p0@x.example"]}, JSON)
    assert (itself.status_code, itself.json()["field"]) == (422, "contact_id")


def test_an_address_of_another_contact_is_a_conflict(api_client: Client) -> None:
    ids = see_many([Seen("a@x.example", "A", MONDAY), Seen("b@x.example", "B", MONDAY)])
    answer = api_client.put(
        f"/api/v1/contacts/{ids['a@x.example']}", {"emails": ["b@x.example"]}, JSON
    )
    assert (answer.status_code, answer.json()["error"]) == (409, "conflict")
    assert "Merge the two" in answer.json()["detail"]
