"""No body over the limit comes through, whatever it says of its length."""

import io

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
