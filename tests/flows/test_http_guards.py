"""The web server's doors, tried over real sockets on the running program."""

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from mailflow.inbound.signature import sign
from tests.program import ADMIN_KEY, Program, running

pytestmark = pytest.mark.slow
MEBIBYTE = 1024 * 1024
SECRET = "a-signing-secret-of-this-test"
INBOUND = "/api/v1/inbound/raw?to=support@demo.example&from="


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    data_dir: Path = tmp_path_factory.mktemp("guards")
    with running(
        data_dir, "--workers", "1", MAILFLOW_API_REQUESTS_PER_MINUTE="0",
        MAILFLOW_INBOUND_SECRET=SECRET,
    ) as program:  # fmt: skip
        status, _, answer = ask(
            program, "POST", "/api/v1/inboxes",
            json.dumps({"name": "Support", "email_addresses": ["support@demo.example"]}),
            x_api_key=ADMIN_KEY,
        )  # fmt: skip
        assert status == 201, answer
        yield program


@pytest.fixture(scope="module")
def keyless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    data_dir: Path = tmp_path_factory.mktemp("keyless")
    with running(
        data_dir, "--workers", "1", ADMIN_API_KEY="", MAILFLOW_API_REQUESTS_PER_MINUTE="0"
    ) as program:
        yield program


def ask(program: Program, method: str, path: str, body: object = None, **headers: str):
    """The status, the headers and the JSON of an answer."""
    connection = HTTPConnection("127.0.0.1", program.web_port, timeout=30)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, names, encode_chunked=hasattr(body, "__next__"))
        answer = connection.getresponse()
        return answer.status, answer.headers, _json(answer)
    finally:
        connection.close()


def _json(answer: HTTPResponse) -> dict[str, object]:
    content = answer.read()
    return json.loads(content) if "json" in (answer.headers["Content-Type"] or "") else {}


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 16_384):
        yield b" " * 16_384


def test_a_chunked_body_within_the_cap_is_read(program: Program) -> None:
    body = iter([b'{"log_retention_', b'days": 31}'])
    status, _, answer = ask(
        program, "PUT", "/api/v1/settings", body, x_api_key=ADMIN_KEY, Transfer_Encoding="chunked"
    )
    assert status == 200
    settings = {one["key"]: one["value"] for one in answer["settings"]}  # type: ignore
    assert settings["log_retention_days"] == "31"


@pytest.mark.parametrize("path", ["/api/v1/settings", "/login"])
def test_a_chunked_body_over_the_cap_is_cut_off(program: Program, path: str) -> None:
    """The server may close while we still send; what counts is that it answers 413 and lives."""
    with socket.create_connection(("127.0.0.1", program.web_port), timeout=30) as peer:
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        peer.sendall(head.encode())
        sent = 0
        try:
            while sent < 64 * MEBIBYTE:
                peer.sendall(b"10000\r\n" + b" " * 65_536 + b"\r\n")
                sent += 65_536
        except OSError:
            pass
        assert sent < 64 * MEBIBYTE
    assert ask(program, "GET", "/livez")[0] == 200


def test_an_announced_body_over_the_cap_is_refused_unsent(program: Program) -> None:
    with socket.create_connection(("127.0.0.1", program.web_port), timeout=30) as peer:
        peer.sendall(
            b"PUT /api/v1/settings HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Length: 99999999999\r\n\r\n"
        )
        answer = peer.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_whole_message_is_kept_and_comes_twice_as_a_duplicate(program: Program) -> None:
    raw = (
        b"From: a@b.example\r\nMessage-ID: <large@b.example>\r\nSubject: large\r\n\r\n"
        + b"x" * 70 * 40_000
    )
    for duplicate in (False, True):
        status, _, answer = ask(program, "POST", INBOUND + "a@b.example", raw, x_api_key=ADMIN_KEY)
        assert (status, answer["duplicate"]) == (202, duplicate)


def test_a_signed_message_needs_no_key_and_its_signature_works_once(program: Program) -> None:
    raw = b"From: a@b.example\r\nMessage-ID: <signed@b.example>\r\n\r\nHello\r\n"
    signature = sign(raw, SECRET, int(time.time()))
    codes = [ask(program, "POST", INBOUND, raw, X_MailFlow_Signature=signature)[0] for _ in "ab"]
    assert codes == [202, 401]


@pytest.mark.parametrize(
    "head",
    ["PUT /api/v1/settings HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{",
     "PUT /api/v1/settings HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
     "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nkey-key="],
)  # fmt: skip
def test_bodies_that_never_end_hold_up_no_reader(program: Program, head: str) -> None:
    slow = [socket.create_connection(("127.0.0.1", program.web_port)) for _ in range(40)]
    try:
        for peer in slow:
            peer.sendall(head.encode())
        for path in ("/livez", "/login", "/api/v1/health"):
            assert ask(program, "GET", path)[0] == 200
    finally:
        for peer in slow:
            peer.close()


@pytest.mark.parametrize(
    "request_line",
    [b"GET /api/v1/../../etc/passwd", b"GET //evil.example/", b"GET /static/../config/settings.py",
     b"GET /static/%2e%2e/%2e%2e/etc/passwd", b"GET http://evil.example/api/v1/stats",
     b"GET /api/v1/stats%00", b"TRACE /", b"OPTIONS *"],
)  # fmt: skip
def test_odd_paths_open_nothing(program: Program, request_line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", program.web_port), timeout=30) as peer:
        peer.sendall(request_line + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: peer.recv(65_536), b""))
    assert answer.split(b" ")[1] in (b"302", b"400", b"401", b"403", b"404", b"405")
    assert b"root:" not in answer
    assert b"evil.example" not in answer.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.example"]
)
def test_a_foreign_host_name_is_refused(program: Program, host: str) -> None:
    status, _, answer = ask(program, "GET", "/api/v1/stats", Host=host, x_api_key=ADMIN_KEY)
    assert status == 400
    assert host not in json.dumps(answer)


def test_the_dev_key_works_here_and_not_through_a_proxy(keyless: Program) -> None:
    path, key = "/api/v1/stats", "dev-admin-key"
    assert ask(keyless, "GET", path, x_api_key=key)[0] == 200
    for header in ("X_Forwarded_For", "Forwarded", "X_Real_IP", "CF_Connecting_IP"):
        assert ask(keyless, "GET", path, x_api_key=key, **{header: "127.0.0.1"})[0] == 401
    assert ask(keyless, "GET", path, x_api_key=key, Host="evil.example")[0] in (400, 401)


def test_600_requests_at_once_with_spoofed_addresses_against_the_limit(tmp_path: Path) -> None:
    with running(tmp_path, "--workers", "1") as program, ThreadPoolExecutor(32) as pool:

        def call(n: int) -> int:
            spoofed = f"9.9.{n % 250}.{n // 250}"
            return ask(
                program, "GET", "/api/v1/logs", x_api_key=ADMIN_KEY,
                CF_Connecting_IP=spoofed, X_Forwarded_For=spoofed,
            )[0]  # fmt: skip

        codes = list(pool.map(call, range(600)))
    # Should the minute end during the test, a few more come through; never twice as many.
    assert 120 <= codes.count(200) < 240
    assert codes.count(200) + codes.count(429) == 600


def test_every_page_says_what_browsers_may_not_do(program: Program) -> None:
    headers = ask(program, "GET", "/login")[1]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Access-Control-Allow-Origin"] is None
