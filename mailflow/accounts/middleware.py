"""Puts the actor on every request, and sends strangers to the sign-in page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject

from mailflow.accounts.sessions import actor_of

SIGN_IN = "/login"


class ActorMiddleware:
    """`request.actor`: who asks, by their session; `ANONYMOUS` where nobody signed in.

    Every page is closed to strangers unless its view says `login_not_required`. The API asks for
    itself (`accounts.api_auth`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """None lets the view answer."""
        is_open = not getattr(view, "login_required", True) or request.path.startswith("/api/")
        if is_open or request.actor.is_known:  # type: ignore[attr-defined]
            return None
        return _to_sign_in(request)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Back to the page afterwards, if it was one that can be opened again."""
    if request.headers.get("HX-Request"):
        # A part of a page must not become the sign-in page: htmx is told to leave the whole page.
        return HttpResponse(status=204, headers={"HX-Redirect": SIGN_IN})
    if request.method != "GET":
        return HttpResponseRedirect(SIGN_IN)
    return HttpResponseRedirect(f"{SIGN_IN}?{urlencode({'next': request.get_full_path()})}")
