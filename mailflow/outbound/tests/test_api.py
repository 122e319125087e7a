"""Templates over the API: made, changed, previewed, deleted; refused by field."""

import pytest

pytestmark = pytest.mark.django_db
URL = "/api/v1/outbound/templates"
BODY = {"name": "Hello", "subject": "Hello {{name}}", "text": "Dear {{name}}"}


def make(client, **fields):
    return client.post(URL, {**BODY, **fields}, content_type="application/json")


def test_a_template_lives_from_making_to_deleting(api_client):
    made = make(api_client)
    assert made.status_code == 201
    one = f"{URL}/{made.json()['template']['id']}"
    changed = api_client.put(one, {"subject": "Bye"}, content_type="application/json")
    assert changed.json()["template"]["subject"] == "Bye"
    assert [t["name"] for t in api_client.get(URL).json()["templates"]] == ["Hello"]
    assert api_client.delete(one).status_code == 204
    answer = api_client.get(one)
    assert (answer.status_code, answer.json()["error"]) == (404, "template_not_found_or_inactive")


def preview(client, template_id, data):
    return client.post(
        f"{URL}/{template_id}/preview", {"data": data}, content_type="application/json"
    )


def test_a_preview_is_filled_or_says_what_is_missing(api_client):
    id = make(api_client).json()["template"]["id"]
    filled = preview(api_client, id, {"name": "Cy"}).json()["preview"]
    assert filled == {"subject": "Hello Cy", "text": "Dear Cy", "html": ""}
    missing = preview(api_client, id, {})
    assert (missing.status_code, missing.json()["error"]) == (400, "missing_template_variable")


def test_an_inactive_template_has_no_preview(api_client):
    id = make(api_client, active=False).json()["template"]["id"]
    answer = preview(api_client, id, {"name": "Cy"})
    assert (answer.status_code, answer.json()["error"]) == (404, "template_not_found_or_inactive")


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"name": ""}, "name"), ({"subject": "a\r\nBcc: x"}, "subject"), ({"text": " "}, "text"),
     ({"name": "x" * 101}, "name")],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_field(api_client, fields, field):
    answer = make(api_client, **fields)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_a_name_stands_once(api_client):
    make(api_client)
    assert make(api_client).status_code == 409
