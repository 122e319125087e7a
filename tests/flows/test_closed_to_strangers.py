"""Every address there is, asked by somebody whom nobody knows: only what is listed is open."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = pytest.mark.django_db
OPEN = {"/login", "/logout", "/theme", "/lang/toggle", "/livez", "/readyz"}
OPEN_API = {"/api/v1/health", "/api/v1/openapi.json"}


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every pattern as a path with a 1 for each of its variables."""
    for entry in resolver.url_patterns:
        path = before + re.sub(r"<[^>]+>", "1", str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield path
        else:
            yield from addresses(entry, path)


ADDRESSES = sorted(set(addresses(get_resolver())))


def test_there_is_something_to_ask():
    assert {"/settings", "/emails", "/api/v1/stats"} <= set(ADDRESSES)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", [path for path in ADDRESSES if path not in OPEN | OPEN_API])
def test_a_stranger_gets_in_nowhere(path, method, with_option):
    with_option(admin_api_key="a-long-admin-key-of-this-test", api_requests_per_minute=0)
    answer = Client().generic(method, path, b"{}", "application/json")
    if path.startswith("/api/"):
        assert answer.status_code in (401, 404, 405), path
    else:
        assert answer.status_code in (302, 405), path
        assert answer.status_code == 405 or answer["Location"].startswith("/login"), path


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", [path for path in ADDRESSES if not path.startswith("/api/")])
def test_no_page_changes_anything_without_the_csrf_token(path, method):
    client = Client(enforce_csrf_checks=True)
    answer = client.generic(method, path, b"x=1", "application/x-www-form-urlencoded")
    assert answer.status_code in (403, 405)
