"""What every request gets before anything looks at it: an id, its client's address, its limit."""

import logging
import uuid
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from mailflow.lib.api import error_response
from mailflow.lib.client_address import Network, client_address, network_of, parse_networks
from mailflow.lib.ratelimit import Allowed, Limit, Limiter, Refused

log = logging.getLogger(__name__)

API = "/api/"
# Mail that programs hand us is limited as SMTP is: by what one client may reasonably send.
INBOUND = "/api/v1/inbound/"
_OPEN_TO_MONITORS = frozenset({"/api/v1/health"})


@cache
def limiter() -> Limiter:
    """The one limiter of this process."""
    return Limiter(settings.CONFIGURATION.cache_url)


class RequestMiddleware:
    """`request.request_id` and `request.client_address`; API answers in JSON, within the limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        request.client_address = address_of(request)  # type: ignore[attr-defined]
        limit = limit_for(request.path)
        answer: Allowed | Refused | None = None
        if limit is not None:
            answer = limiter().hit(limit, network_of(request.client_address))  # type: ignore[attr-defined]
        response = too_many(answer) if isinstance(answer, Refused) else self.get_response(request)
        if limit is not None and answer is not None:
            add_limit_headers(response, limit, answer)
        response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return _in_json(request, response)


def address_of(request: HttpRequest) -> str:
    """The true client's address."""
    return client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        _proxies(),
    )


def limit_for(path: str) -> Limit | None:
    """The limit of an API path; pages have none, nor has what monitors ask."""
    if not path.startswith(API) or path in _OPEN_TO_MONITORS:
        return None
    options = settings.CONFIGURATION
    inbound = path.startswith(INBOUND)
    amount = options.smtp_messages_per_minute if inbound else options.api_requests_per_minute
    return Limit("inbound" if inbound else "api", amount, 60) if amount else None


def too_many(answer: Refused) -> HttpResponseBase:
    """429 with Retry-After."""
    detail = f"Too many requests. Try again in {answer.retry_after_s} seconds."
    response = error_response(429, detail)
    response.headers["Retry-After"] = str(answer.retry_after_s)
    return response


def add_limit_headers(response: HttpResponseBase, limit: Limit, answer: Allowed | Refused) -> None:
    """draft-ietf-httpapi-ratelimit-headers: how many are left, and for how long."""
    left, reset_s = 0, getattr(answer, "retry_after_s", 0)
    if isinstance(answer, Allowed):
        left, reset_s = answer.remaining, answer.reset_s
    response.headers["RateLimit"] = f'"{limit.name}";r={left};t={reset_s}'
    response.headers["RateLimit-Policy"] = limit.policy


def _in_json(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """An error that was answered before or beside the API's own handlers, in the API's shape."""
    kind = response.headers.get("Content-Type", "")
    if response.status_code < 400 or not request.path.startswith(API) or "json" in kind:
        return response
    replaced = error_response(response.status_code)
    for name, value in response.headers.items():
        if name not in ("Content-Type", "Content-Length"):
            replaced.headers[name] = value
    return replaced


@cache
def _proxies() -> tuple[Network, ...]:
    return parse_networks(settings.CONFIGURATION.trusted_proxies)
