"""Refuses request bodies over a limit, counted while they are read (WSGI)."""

import json
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

_CHUNK = 64 * 1024
_IN_MEMORY = 1024 * 1024
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class BodyLimit:
    """Wraps an application. `limit_for` gives the most bytes a path may be sent.

    A body without Content-Length (chunked) is read up to the limit first, so that the application
    sees it whole and with its length; Django alone would take it for empty.
    """

    def __init__(self, application: Application, limit_for: Callable[[str], int]) -> None:
        self._application = application
        self._limit_for = limit_for

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        announced = environ.get("CONTENT_LENGTH") or ""
        chunked = not announced and bool(environ.get("HTTP_TRANSFER_ENCODING"))
        if not announced and not chunked:
            return self._application(environ, start_response)
        limit = self._limit_for(environ.get("PATH_INFO", ""))
        if announced:
            if not (announced.isascii() and announced.isdigit()) or int(announced) > limit:
                return _refuse(start_response, limit)
            return self._application(environ, start_response)
        body = _read(environ["wsgi.input"], limit)
        if body is None:
            return _refuse(start_response, limit)
        environ["CONTENT_LENGTH"] = str(body.tell())
        body.seek(0)
        environ["wsgi.input"] = body
        return self._application(environ, start_response)


def _read(source: IO[bytes], limit: int) -> IO[bytes] | None:
    """The whole body, or None as soon as it is longer than `limit`."""
    body = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed with the request
    while chunk := source.read(min(_CHUNK, limit + 1 - body.tell())):
        body.write(chunk)
        if body.tell() > limit:
            body.close()
            return None
    return body


def _refuse(start_response: StartResponse, limit: int) -> Iterable[bytes]:
    answer = {
        "error": "request_body_too_large",
        "detail": f"The body may have {limit} bytes. An administrator can change that limit.",
    }
    content = json.dumps(answer).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(content))),
        ("Connection", "close"),
    ]
    start_response("413 Content Too Large", headers)
    return [content]
