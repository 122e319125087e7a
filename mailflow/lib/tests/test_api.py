"""Every answer of the API has its id, its shape and its limit, whatever goes wrong."""

import json
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client

pytestmark = pytest.mark.django_db
KEY = "a-long-admin-key-of-this-test"


@pytest.fixture
def caller(with_option) -> Client:
    with_option(admin_api_key=KEY)
    return Client(headers={"x-api-key": KEY}, raise_request_exception=False)


def put(caller: Client, body: bytes):
    return caller.put("/api/v1/settings", body, "application/json")


def test_every_answer_carries_a_request_id(caller):
    for path in ("/api/v1/health", "/api/v1/nothing", "/login", "/livez"):
        assert len(caller.get(path)["X-Request-ID"]) == 32


def test_a_client_does_not_choose_the_request_id(caller):
    answer = caller.get("/api/v1/health", headers={"X-Request-ID": "x\r\ny"})
    assert len(answer["X-Request-ID"]) == 32


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "invalid_json"), (b'{"a":1,"a":2}', 400, "invalid_json"),
        (b"[" * 100_000, 400, "invalid_json"), (b"\xff", 400, "invalid_json"),
        (b"[1]", 422, "invalid_field"), (b"null", 422, "invalid_field"),
        (b'{"nonsense": 1}', 422, "invalid_field"),
        (b'{"log_retention_days": 99999999999}', 422, "invalid_field"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_used_is_refused_with_a_sentence(caller, body, status, code):
    answer = put(caller, body)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["detail"].endswith(".")


def test_the_field_at_fault_is_named(caller):
    assert put(caller, b'{"nonsense": 1}').json()["field"] == "nonsense"
    assert caller.get("/api/v1/logs?limit=x").json()["field"] == "limit"


@pytest.mark.parametrize("query", ["limit=0", "limit=251", "limit=" + "9" * 28, "cursor=x"])
def test_limits_and_cursors_are_bounded(caller, query):
    assert caller.get(f"/api/v1/logs?{query}").status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/api/v1/nothing", 404, "not_found"), ("GET", "/api/v1/logs/99", 404, "not_found"),
     ("GET", "/api/v1/logs/" + "9" * 28, 404, "not_found"),
     ("DELETE", "/api/v1/settings", 405, "method_not_allowed"),
     ("POST", "/api/v1/stats", 405, "method_not_allowed")],
)  # fmt: skip
def test_what_is_not_there_has_the_same_shape(caller, method, path, status, code):
    answer = caller.generic(method, path)
    assert (answer.status_code, json.loads(answer.content)["error"]) == (status, code)
    assert answer["Content-Type"].startswith("application/json")


def test_a_method_cannot_be_overridden(caller):
    answer = caller.get("/api/v1/stats", headers={"X-HTTP-Method-Override": "DELETE"})
    assert answer.status_code == 200


def test_a_failure_tells_its_id_and_nothing_else(caller, caplog):
    with mock.patch("mailflow.reports.api.stats", side_effect=RuntimeError("secret detail")):
        answer = caller.get("/api/v1/stats")
    assert answer.status_code == 500
    assert answer.json() == {"error": "internal_error", "detail": answer["X-Request-ID"]}
    assert answer["X-Request-ID"] in caplog.text


def test_a_database_that_is_away_is_503(caller):
    with mock.patch("mailflow.reports.api.stats", side_effect=OperationalError("gone")):
        answer = caller.get("/api/v1/stats")
    assert (answer.status_code, answer.json()["error"]) == (503, "database_unavailable")


def test_many_requests_at_once_against_a_limit(with_option):
    with_option(admin_api_key=KEY, api_requests_per_minute=30)

    def call(n: int) -> int:
        # No key: the answer needs no database, and the limit must hold for strangers too.
        return Client(headers={"CF-Connecting-IP": f"9.9.9.{n}"}).get("/api/v1/stats").status_code

    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(call, range(150)))
    assert (codes.count(401), codes.count(429)) == (30, 120)


def test_the_limit_is_told(caller, with_option):
    with_option(admin_api_key=KEY, api_requests_per_minute=1)
    first, second = caller.get("/api/v1/stats"), caller.get("/api/v1/stats")
    assert first["RateLimit-Policy"] == '"api";q=1;w=60'
    assert first["RateLimit"] == '"api";r=0;t=60'
    assert (second.status_code, second.json()["error"]) == (429, "rate_limited")
    assert 1 <= int(second["Retry-After"]) <= 60


def test_pages_and_monitors_are_not_limited(caller, with_option):
    with_option(api_requests_per_minute=1)
    for path in ("/api/v1/health", "/livez", "/login"):
        assert {caller.get(path).status_code for _ in range(3)} == {200}


def test_the_document_lists_every_operation(caller):
    document = caller.get("/api/v1/openapi.json").json()
    assert document["paths"]["/api/v1/stats"]["get"]["security"]
