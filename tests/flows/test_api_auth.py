"""The API opens to the right key or session, and to nothing that pretends."""

import json
import re

import pytest
from django.test import Client

from config.api import api
from mailflow.history.models import Event

pytestmark = pytest.mark.django_db
KEY = "a-long-admin-key-of-this-test"
OPEN = {("get", "/api/v1/health")}


@pytest.fixture
def key(with_option) -> str:
    with_option(admin_api_key=KEY)
    return KEY


@pytest.fixture(autouse=True)
def _no_limit(with_option):
    with_option(api_requests_per_minute=0)


def operations() -> list[tuple[str, str]]:
    paths = api.get_openapi_schema()["paths"]
    return sorted((method, path) for path, methods in paths.items() for method in methods)


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "wrong"}, {"Authorization": "Bearer wrong"}])
def test_every_operation_refuses_strangers(client, key, headers):
    for method, path in operations():
        here = re.sub(r"\{\w+\}", "1", path)
        answer = client.generic(method.upper(), here, b"{}", "application/json", headers=headers)
        expected = 200 if (method, path) in OPEN else 401
        assert (method, path, answer.status_code) == (method, path, expected)
        if expected == 401:
            assert json.loads(answer.content)["error"] == "unauthorized"


@pytest.mark.parametrize("headers", [{"x-api-key": KEY}, {"Authorization": f"Bearer {KEY}"}])
def test_the_key_opens_it(client, key, headers):
    assert client.get("/api/v1/stats", headers=headers).status_code == 200


def test_a_wrong_key_is_written_down_without_itself(client, key):
    client.get("/api/v1/stats", headers={"x-api-key": "guessed-key"})
    event = Event.objects.get(kind="sign_in_refused")
    assert "guessed" not in json.dumps([event.summary, event.data])


def test_many_wrong_keys_do_not_fill_the_history(client, key):
    for n in range(50):
        client.get("/api/v1/stats", headers={"x-api-key": f"guess {n}"})
    assert Event.objects.filter(kind="sign_in_refused").count() == 10


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1"])
def test_the_dev_key_opens_on_this_machine(host, peer):
    client = Client(REMOTE_ADDR=peer, headers={"host": host, "x-api-key": "dev-admin-key"})
    assert client.get("/api/v1/stats").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"REMOTE_ADDR": "10.0.0.7"}, {"REMOTE_ADDR": "203.0.113.9"}, {"REMOTE_ADDR": ""},
        {"HTTP_HOST": "studio.example"}, {"HTTP_HOST": "127.0.0.1.nip.example"},
        {"HTTP_HOST": "localhost.evil.example:8000"}, {"HTTP_HOST": "localhost@evil.example"},
        {"HTTP_HOST": ""}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_HOST": "localhost"}, {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"}, {"HTTP_CF_CONNECTING_IP": "127.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "http"},
    ],
)  # fmt: skip
def test_the_dev_key_opens_nowhere_else(settings, change):
    settings.ALLOWED_HOSTS = ["*"]
    here = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", "HTTP_X_API_KEY": "dev-admin-key"}
    answer = Client(**(here | change)).get("/api/v1/stats")
    assert answer.status_code in (400, 401)
    page = Client(**(here | change)).post("/login", {"key-key": "dev-admin-key"})
    assert page.status_code in (400, 401)


def test_a_session_of_the_dev_key_is_bound_to_this_machine_too(settings):
    settings.ALLOWED_HOSTS = ["*"]
    here = Client(REMOTE_ADDR="127.0.0.1", headers={"host": "localhost"})
    assert here.post("/login", {"key-key": "dev-admin-key"}).status_code == 302
    assert here.get("/api/v1/stats").status_code == 200
    assert here.get("/api/v1/stats", headers={"X-Forwarded-For": "1.1.1.1"}).status_code == 401
    assert here.get("/api/v1/stats", REMOTE_ADDR="203.0.113.9").status_code == 401


def test_the_dev_key_is_closed_once_a_key_is_configured(client, key):
    answer = client.get(
        "/api/v1/stats", headers={"host": "localhost", "x-api-key": "dev-admin-key"}
    )
    assert answer.status_code == 401


def test_a_session_changes_nothing_without_the_csrf_token(key):
    client = Client(enforce_csrf_checks=True)
    token = client.get("/login").cookies["mf_csrf"].value
    client.post("/login", {"key-key": KEY}, headers={"X-CSRFToken": token})
    assert client.get("/api/v1/settings").status_code == 200
    body = b'{"log_retention_days": 7}'
    bare = client.put("/api/v1/settings", body, "application/json")
    assert (bare.status_code, bare.json()["error"]) == (403, "forbidden")
    token = client.cookies["mf_csrf"].value
    sent = client.put("/api/v1/settings", body, "application/json", headers={"X-CSRFToken": token})
    assert sent.status_code == 200


def test_a_key_needs_no_csrf_token(key):
    client = Client(enforce_csrf_checks=True, headers={"x-api-key": KEY})
    assert client.put("/api/v1/settings", b"{}", "application/json").status_code == 200


def test_a_role_that_may_not_is_forbidden(ada, client):
    from mailflow.accounts.sessions import USER_MARK

    session = client.session
    session[USER_MARK] = [ada.user.pk, ada.user.get_session_auth_hash()]
    session.save()
    client.cookies["mf_session"] = session.session_key
    assert client.get("/api/v1/stats").status_code == 200
    for path in ("/api/v1/settings", "/api/v1/audit-logs"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")
