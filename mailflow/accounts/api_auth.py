"""Who calls the API: a key in `x-api-key` or `Authorization: Bearer`, or the pages' session."""

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, APIKeyHeader, HttpBearer
from ninja.utils import check_csrf

from mailflow.accounts.keys import is_admin_key
from mailflow.accounts.permissions import ADMIN_KEY, Actor
from mailflow.accounts.sessions import actor_of
from mailflow.history.changes import record
from mailflow.lib.api import ApiError
from mailflow.lib.client_address import network_of
from mailflow.lib.ratelimit import Allowed, Limit
from mailflow.lib.request_middleware import limiter

# Wrong keys that are written into the history; the API's own limit bounds how many are tried.
_NOTED = Limit("wrong-key-noted", 10, 60)
_NOTED_OVERALL = Limit("wrong-key-noted-overall", 100, 60)
_NO_CSRF_TOKEN = (
    "A change by session needs the header X-CSRFToken with the value of the cookie "
    f"{settings.CSRF_COOKIE_NAME}."
)


class KeyHeader(APIKeyHeader):
    """`x-api-key: <key>`."""

    param_name = "x-api-key"

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        return _by_key(request, key) if key else None


class BearerKey(HttpBearer):
    """`Authorization: Bearer <key>`; the same keys."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return _by_key(request, token.strip()) if token.strip() else None


class Session(APIKeyCookie):
    """The session of the pages; what changes something also needs the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)  # asked below, once somebody is known

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        actor = actor_of(request)
        if not actor.is_known:
            return None
        if check_csrf(request) is not None:
            raise ApiError(403, _NO_CSRF_TOKEN)
        request.actor = actor  # type: ignore[attr-defined]
        return actor


API_AUTH = [KeyHeader(), BearerKey(), Session()]


def _by_key(request: HttpRequest, key: str) -> Actor | None:
    if not is_admin_key(request, key):
        _note(request)
        return None
    request.actor = ADMIN_KEY  # type: ignore[attr-defined]
    return ADMIN_KEY


def _note(request: HttpRequest) -> None:
    address = str(getattr(request, "client_address", ""))
    client = network_of(address)
    noted = (limiter().hit(_NOTED, client), limiter().hit(_NOTED_OVERALL, ""))
    if all(isinstance(answer, Allowed) for answer in noted):
        record(
            "sign_in_refused",
            "An API call with a wrong key was refused.",
            actor="",
            status="failed",
            client_address=address,
        )
