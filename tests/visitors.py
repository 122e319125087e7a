"""Browsers that have signed in already, as whoever a test says."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponseBase
from django.test import Client

from mailflow.accounts.permissions import ADMIN_KEY, ANONYMOUS, Actor

_ACTOR = "mailflow.test.actor"
_REAL = "mailflow.accounts.middleware.ActorMiddleware"


class ActorOfTheTest:
    """Stands where `ActorMiddleware` stands: the request comes from whom the client says."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = request.META.get(_ACTOR, ANONYMOUS)  # type: ignore[attr-defined]
        return self.get_response(request)


@pytest.fixture
def as_actor(db: None, settings: pytest.FixtureRequest) -> Callable[[Actor], Client]:
    """A browser of this actor."""
    middleware: list[str] = settings.MIDDLEWARE  # type: ignore[attr-defined]
    settings.MIDDLEWARE = [  # type: ignore[attr-defined]
        f"{__name__}.ActorOfTheTest" if one == _REAL else one for one in middleware
    ]
    return lambda actor: Client(**{_ACTOR: actor})


@pytest.fixture
def as_admin(as_actor: Callable[[Actor], Client]) -> Client:
    """A browser signed in with the admin key."""
    return as_actor(ADMIN_KEY)


@pytest.fixture
def with_option(settings: Any) -> Callable[..., None]:
    """Sets options of the configuration for one test: `with_option(admin_api_key="…")`."""

    def change(**options: Any) -> None:
        configuration = settings.CONFIGURATION
        settings.CONFIGURATION = replace(configuration, values={**configuration.values, **options})

    return change


@pytest.fixture
def api_client(db: None, with_option: Callable[..., None]) -> Client:
    """A program that calls the API with the admin key."""
    key = "a-long-admin-key-of-this-test"
    with_option(admin_api_key=key, api_requests_per_minute=0)
    return Client(headers={"x-api-key": key}, raise_request_exception=False)
