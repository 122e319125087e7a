"""Puts the actor on every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from mailflow.accounts.permissions import ADMIN_KEY, ANONYMOUS, Actor

SESSION_FLAG = "admin_key"


class ActorMiddleware:
    """`request.actor`: who asks, by their session; `ANONYMOUS` where nobody signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the session names."""
    return ADMIN_KEY if request.session.get(SESSION_FLAG) else ANONYMOUS
