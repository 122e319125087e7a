"""What every answer of the JSON API has in common: one error shape, strict JSON in, fast JSON out.

Errors are `{"error": code, "detail": sentence, "field": path}`; a code is never renamed.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from mailflow.lib.json_body import BadJson, read_json
from mailflow.lib.refusals import Refused

log = logging.getLogger(__name__)

CODES = {
    400: "invalid_json",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "request_body_too_large",
    422: "invalid_field",
    429: "rate_limited",
    500: "internal_error",
    503: "database_unavailable",
}
_DETAILS = {
    401: "Send the header x-api-key with a valid key, or sign in.",
    403: "The key or role does not allow this.",
    404: "There is nothing here, or nothing that this key may see.",
    405: "The path exists, but not for this method. See /api/v1/openapi.json.",
}


class ApiError(Exception):
    """An answer other than success, with the words it is given in."""

    def __init__(self, status: int, detail: str, code: str = "", field: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.code = code or CODES[status]
        self.detail = detail
        self.field = field


class JsonParser(Parser):
    """Bodies by `read_json`."""

    def parse_body(self, request: HttpRequest) -> Any:
        return read_json(request.body)


class JsonRenderer(BaseRenderer):
    """Answers by orjson: datetimes in ISO 8601 with Z."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


class Api(NinjaAPI):
    """A ninja API whose document also tells how each operation fails."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        components = document.setdefault("components", {}).setdefault("schemas", {})
        components["Error"] = _ERROR_SCHEMA
        for path in document["paths"].values():
            for operation in path.values():
                for status, code in CODES.items():
                    operation["responses"].setdefault(status, _documented(code))
        return document


_ERROR_SCHEMA = {
    "type": "object",
    "description": "What went wrong: a code that is never renamed, a sentence, a JSON path.",
    "required": ["error"],
    "properties": {
        "error": {"type": "string"},
        "detail": {"type": "string"},
        "field": {"type": "string"},
    },
}


def _documented(code: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": code, "content": {"application/json": {"schema": schema}}}


def error_response(status: int, detail: str = "", code: str = "", field: str = "") -> HttpResponse:
    """The one error shape."""
    body: dict[str, str] = {"error": code or CODES.get(status, "error")}
    if detail := detail or _DETAILS.get(status, ""):
        body["detail"] = detail
    if field:
        body["field"] = field
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")


def server_error_response(request: HttpRequest, status: int = 500) -> HttpResponse:
    """5xx: the request's id, and nothing else about the failure."""
    return error_response(status, getattr(request, "request_id", ""))


def install_handlers(api: NinjaAPI) -> None:
    """Makes every failure of the API answer in the one shape."""
    handlers: tuple[tuple[type[Exception], Callable[..., HttpResponse]], ...] = (
        (ApiError, _on_api_error),
        (Refused, _on_refused),
        (AuthenticationError, _on_unauthorized),
        (PermissionDenied, lambda request, error: error_response(403)),
        (Http404, lambda request, error: error_response(404)),
        (HttpError, _on_http_error),
        (ValidationError, _on_validation_error),
        (DatabaseError, _on_database_error),
        (InterfaceError, _on_database_error),
        (Exception, _on_surprise),
    )
    for kind, handler in handlers:
        api.add_exception_handler(kind, handler)


def _on_api_error(request: HttpRequest, error: ApiError) -> HttpResponse:
    return error_response(error.status, error.detail, error.code, error.field)


def _on_refused(request: HttpRequest, error: Refused) -> HttpResponse:
    detail = error.problems.get(error.field, str(error))
    return error_response(error.status, detail, error.code, error.field)


def _on_unauthorized(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return error_response(401)


def _on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, BadJson):
        return error_response(400, f"The body is not JSON that can be read. {error.__cause__}")
    return error_response(error.status_code, str(error) if error.status_code < 500 else "")


def _on_validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The first problem; its path without the name that our function gave to the body."""
    first = error.errors[0]
    where, *path = (str(part) for part in first.get("loc", ()))
    if where == "body" and len(path) > 1:
        path = path[1:]
    field = ".".join(path)
    return error_response(422, f"{field}: {first.get('msg', 'it cannot be used')}.", field=field)


def _on_database_error(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("The database failed (request %s).", getattr(request, "request_id", ""))
    return server_error_response(request, HTTPStatus.SERVICE_UNAVAILABLE)


def _on_surprise(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("A request failed (request %s).", getattr(request, "request_id", ""))
    return server_error_response(request)
