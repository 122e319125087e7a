"""Request bodies: refused over a limit, counted while they are read, and never waited for by more
threads than can be spared (WSGI)."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from mailflow.lib.client_address import is_private, network_of

_CHUNK = 64 * 1024
_IN_MEMORY = 1024 * 1024
_WAIT_FOR_SLOT_S = 0.05
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class BodyLimit:
    """Wraps an application. `limit_for` gives the most bytes a path may be sent.

    The whole body is read before the application starts, so that it also sees one without
    Content-Length (chunked), which Django alone would take for empty. At most `slots` threads
    wait for bodies at a time, and two thirds of them for one client: however many senders
    dawdle, other threads go on serving. (The server's read cannot be given a time.)
    """

    def __init__(
        self, application: Application, limit_for: Callable[[str], int], slots: int = 12
    ) -> None:
        self._application = application
        self._limit_for = limit_for
        self._slots = _Slots(slots)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        announced = environ.get("CONTENT_LENGTH") or ""
        chunked = not announced and bool(environ.get("HTTP_TRANSFER_ENCODING"))
        if announced == "0" or not (announced or chunked):
            return self._application(environ, start_response)
        limit = self._limit_for(environ.get("PATH_INFO", ""))
        if announced and (not _is_number(announced) or int(announced) > limit):
            return _refuse(start_response, "413 Content Too Large", _too_large(limit))
        client = environ.get("REMOTE_ADDR", "")
        if not self._slots.take(client):
            return _refuse(start_response, "503 Service Unavailable", _BUSY)
        try:
            body = _read(environ["wsgi.input"], limit)
        finally:
            self._slots.give_back(client)
        if body is None:
            return _refuse(start_response, "413 Content Too Large", _too_large(limit))
        environ["CONTENT_LENGTH"] = str(body.tell())
        body.seek(0)
        environ["wsgi.input"] = body
        with body:
            return self._application(environ, start_response)


class _Slots:
    """So many may wait at once. One network may have two thirds; private ones (proxies) all."""

    def __init__(self, total: int) -> None:
        self._total, self._share = total, max(1, total * 2 // 3)
        self._taken: Counter[str] = Counter()
        self._changed = threading.Condition()

    def take(self, client: str) -> bool:
        """Whether there was a slot, now or a moment later."""
        network = network_of(client)
        share = self._total if is_private(client) else self._share
        with self._changed:
            free = self._changed.wait_for(
                lambda: self._taken.total() < self._total and self._taken[network] < share,
                _WAIT_FOR_SLOT_S,
            )
            if free:
                self._taken[network] += 1
            return free

    def give_back(self, client: str) -> None:
        network = network_of(client)
        with self._changed:
            self._taken[network] -= 1
            if not self._taken[network]:
                del self._taken[network]
            self._changed.notify()


def _read(source: IO[bytes], limit: int) -> IO[bytes] | None:
    """The whole body, or None as soon as it is longer than `limit`."""
    body = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed after the request
    while chunk := source.read(min(_CHUNK, limit + 1 - body.tell())):
        body.write(chunk)
        if body.tell() > limit:
            body.close()
            return None
    return body


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


_BUSY = {"error": "busy", "detail": "Too many requests are being sent at once. Try again."}


def _too_large(limit: int) -> dict[str, str]:
    return {
        "error": "request_body_too_large",
        "detail": f"The body may have {limit} bytes. An administrator can change that limit.",
    }


def _refuse(start_response: StartResponse, status: str, answer: dict[str, str]) -> Iterable[bytes]:
    content = json.dumps(answer).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(content))),
        ("Connection", "close"),
        ("Retry-After", "1"),
    ]
    start_response(status, headers)
    return [content]
