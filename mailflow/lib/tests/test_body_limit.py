"""No body over the limit comes through, whatever it says of its length."""

import io
from threading import Event, Semaphore, Thread

import pytest

from mailflow.lib.body_limit import BodyLimit


def echo(environ, start_response):
    """Reads as Django does: as many bytes as Content-Length says."""
    start_response("200 OK", [])
    with environ["wsgi.input"] as body:
        return [body.read(int(environ.get("CONTENT_LENGTH") or 0))]


def send(body: bytes, limit: int = 10, **environ: str) -> tuple[str, bytes, io.BytesIO]:
    answers = []
    source = io.BytesIO(body)
    application = BodyLimit(echo, lambda path: limit if path == "/x" else 0)
    content = application(
        {"PATH_INFO": "/x", "wsgi.input": source, **environ}, lambda *args: answers.append(args)
    )
    return answers[0][0], b"".join(content), source


def test_a_body_within_the_limit_comes_through():
    assert send(b"0123456789", CONTENT_LENGTH="10")[:2] == ("200 OK", b"0123456789")


def test_a_chunked_body_within_the_limit_comes_through_whole():
    assert send(b"0123456789", HTTP_TRANSFER_ENCODING="chunked")[:2] == ("200 OK", b"0123456789")


def test_a_request_without_a_body_is_left_alone():
    assert send(b"")[:2] == ("200 OK", b"")


@pytest.mark.parametrize("length", ["11", "99999999999999999999", "-1", "x", "1e3", "٣"])
def test_a_length_over_the_limit_or_no_number_is_refused_unread(length):
    status, content, source = send(b"0123456789a", CONTENT_LENGTH=length)
    assert status.startswith("413")
    assert b"request_body_too_large" in content
    assert source.tell() == 0


def test_a_chunked_body_is_refused_as_soon_as_it_is_too_long():
    status, content, source = send(b"x" * 1_000_000, HTTP_TRANSFER_ENCODING="chunked")
    assert status.startswith("413")
    assert b"request_body_too_large" in content
    assert source.tell() == 11


class Dawdler:
    """A body that waits until it is told to go on."""

    def __init__(self, reading: Semaphore, go: Event) -> None:
        self.reading, self.go = reading, go

    def read(self, size: int) -> bytes:
        self.reading.release()
        self.go.wait(30)
        return b""


def test_dawdlers_take_only_the_slots_and_two_thirds_for_one_client():
    application = BodyLimit(echo, lambda path: 10, slots=3)
    reading, go = Semaphore(0), Event()

    def ask(peer: str, source=None) -> str:
        answers = []
        environ = {"PATH_INFO": "/x", "wsgi.input": source or io.BytesIO(b"x"), "REMOTE_ADDR": peer}
        application({**environ, "CONTENT_LENGTH": "1"}, lambda *args: answers.append(args))
        return answers[0][0]

    slow = [
        Thread(target=ask, args=("203.0.113.9", Dawdler(reading, go)), daemon=True)
        for _ in range(2)
    ]
    for thread in slow:
        thread.start()
        reading.acquire(timeout=10)
    assert ask("203.0.113.9").startswith("503")
    assert ask("203.0.113.10") == "200 OK"
    assert ask("127.0.0.1") == "200 OK"
    go.set()
    for thread in slow:
        thread.join(10)
    assert ask("203.0.113.9") == "200 OK"
