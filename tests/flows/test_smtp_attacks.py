"""Attacks on the SMTP port that must come to nothing. After each, the server still serves."""

import smtplib
import socket
import ssl
import subprocess
import time

import pytest

from mailflow.inbound.limits import Limits
from mailflow.inbound.smtp_server import tls_context
from tests.flows.smtp_peer import Talk, listening

MIB = 1024 * 1024


@pytest.fixture
def post():
    with listening() as post:
        yield post


def assert_serves(post):
    with Talk(post.port) as talk:
        assert talk.message(b"Subject: well\r\n\r\nwell\r\n.\r\n")[0] == 250
    assert post.kept[-1].raw == b"Subject: well\r\n\r\nwell\r\n"


@pytest.mark.parametrize(
    "end",
    [
        b"\n.\n",
        b"\r.\r",
        b"\n.\r\n",
        b"\r.\r\n",
        b"\r\n.\n",
        b"\r\n.\r",
        b"\r\n.\r\r\n",
        b"\r\r\n.\r\r\n",
        b"\n\r.\n\r",
        b"\r\n\x00.\r\n\n",
        b"\r\n.\x00\r\n\r",
    ],
    ids=repr,
)
def test_smuggling_ends_nothing_and_is_refused(post, end):
    smuggled = b"MAIL FROM:<evil@a.test>\r\nRCPT TO:<bo@x.test>\r\nDATA\r\nevil\r\n"
    with Talk(post.port) as talk:
        assert talk.message(b"a" + end + smuggled + b".\r\n")[0] == 554
        assert talk.ask("NOOP")[0] == 250
    assert post.kept == []
    assert_serves(post)


@pytest.mark.parametrize(
    "command", [b"NOOP\n", b"NO\rOP\r\n", b"NOOP\x00\r\n", b"MAIL FROM:<a@b.test>\nRSET\r\n"]
)
def test_a_command_with_a_lone_line_end_is_refused(post, command):
    with Talk(post.port) as talk:
        talk.send(command)
        assert talk.reply()[0] == 500


def test_pipelined_garbage_ends_the_connection(post):
    with Talk(post.port) as talk:
        talk.send(b"".join(bytes([n % 256]) * 50 + b"\r\n" for n in range(200)))
        codes = set()
        while code := talk.reply()[0]:
            codes.add(code)
        assert codes == {500, 421}
    assert_serves(post)


def test_ten_thousand_recipients_are_cut_off(post):
    with Talk(post.port) as talk:
        talk.ask("MAIL FROM:<>")
        codes = []
        try:
            talk.send(b"".join(b"RCPT TO:<a%d@x.test>\r\n" % n for n in range(10_000)))
            while code := talk.reply()[0]:
                codes.append(code)
        except ConnectionError:
            pass
        assert codes.count(250) <= 100
        assert len(codes) < 1100
    assert_serves(post)


def test_an_endless_command_line_is_cut_off(post):
    with Talk(post.port) as talk:
        try:
            for _ in range(1000):
                talk.send(b"A" * 65536)
        except ConnectionError:
            pass
        else:
            pytest.fail("64 MB in one line were taken")
    assert_serves(post)


def test_a_long_command_is_refused_and_the_next_is_answered(post):
    with Talk(post.port) as talk:
        assert talk.ask("NOOP " + "x" * 5000)[0] == 500
        assert talk.ask("NOOP")[0] == 250


def test_an_endless_line_of_data_is_refused(post):
    with Talk(post.port) as talk:
        talk.begin()
        for _ in range(200):
            talk.send(b"A" * 65536)
        talk.send(b"\r\n.\r\n")
        assert talk.reply()[0] == 554
        assert talk.ask("NOOP")[0] == 250
    assert_serves(post)


def test_a_size_that_lies_is_found_out():
    with listening(Limits(message_bytes=MIB)) as post, Talk(post.port) as talk:
        assert talk.ask("MAIL FROM:<a@a.test> SIZE=10")[0] == 250
        talk.ask("RCPT TO:<bo@x.test>")
        talk.ask("DATA")
        talk.send(b"x" * 78 + b"\r\n")
        talk.send((b"x" * 78 + b"\r\n") * (2 * MIB // 80) + b".\r\n")
        assert talk.reply() == (552, "552 5.3.4 Message over the size limit")
        assert talk.message(b"fine\r\n.\r\n")[0] == 250
        assert len(post.kept) == 1


def test_data_without_end_is_cut_off_and_not_held():
    with listening(Limits(message_bytes=MIB)) as post:
        with Talk(post.port) as talk:
            talk.begin()
            with pytest.raises(ConnectionError):
                for _ in range(1000):
                    talk.send((b"x" * 78 + b"\r\n") * 1000)
        assert_serves(post)


def test_more_mail_at_once_than_there_is_room_for_waits():
    limits = Limits(message_bytes=MIB, memory_bytes=MIB)
    with listening(limits) as post, Talk(post.port) as one, Talk(post.port) as two:
        block = (b"x" * 78 + b"\r\n") * (600_000 // 80)
        one.begin()
        two.begin()
        one.send(block)
        two.send(block)
        one.send(b".\r\n")
        two.send(b".\r\n")
        codes = sorted([one.reply()[0], two.reply()[0]])
        assert codes in ([250, 452], [250, 250], [452, 452])
        assert one.message(b"fine\r\n.\r\n")[0] == 250
        assert_serves(post)


def test_slow_loris_is_cut_off_in_commands_and_in_data():
    limits = Limits(command_timeout_s=0.5, data_timeout_s=0.5)
    with listening(limits) as post, Talk(post.port) as silent, Talk(post.port) as slow:
        started = time.monotonic()
        slow.begin()
        with pytest.raises(ConnectionError):
            while True:
                slow.send(b"x")
                select_wait(slow.socket, 0.05)
        assert silent.reply()[0] == 421
        assert silent.reply()[0] == 0
        assert time.monotonic() - started < 5
        assert_serves(post)


def select_wait(sock: socket.socket, seconds: float) -> None:
    """Wait for the server to say something; raise when it has closed."""
    sock.settimeout(seconds)
    try:
        if b"421" in sock.recv(100):
            raise ConnectionError
    except TimeoutError:
        pass


def test_garbage_does_not_restart_the_clock():
    with listening(Limits(command_timeout_s=0.5)) as post, Talk(post.port) as talk:
        with pytest.raises(ConnectionError):
            while True:
                talk.send(b"?\r\n")
                select_wait(talk.socket, 0.1)
        assert_serves(post)


def test_five_hundred_connections_at_once_leave_room_for_mail(post):
    talks = [Talk(post.port, greet=False) for _ in range(500)]
    try:
        assert {talk.reply()[0] for talk in talks} == {220}
        for talk in talks:
            talk.send(b"EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<bo@x.test>\r\nDATA\r\nhello\r\n.\r\n")
        for talk in talks:
            assert [talk.reply()[0] for _ in range(5)] == [250, 250, 250, 354, 250]
        assert_serves(post)
    finally:
        for talk in talks:
            talk.__exit__()
    assert len(post.kept) == 501


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -keyout {folder}/key.pem -out {folder}/c.pem "
        "-days 2 -subj /CN=localhost",
        shell=True,
        check=True,
        capture_output=True,
    )
    return tls_context(folder / "c.pem", folder / "key.pem")


def test_starttls_carries_mail_and_says_so(certificate):
    with listening(tls=certificate) as post:
        with smtplib.SMTP("127.0.0.1", post.port) as client:
            client.starttls(context=untrusting())
            assert "starttls" not in client.ehlo()[1].decode().lower()
            client.sendmail("a@a.test", ["bo@x.test"], (b"x" * 98 + b"\r\n") * 3000)
            assert client.docmd("STARTTLS")[0] == 454
        assert post.kept[0].tls
        assert len(post.kept[0].raw) == 300_000


def test_commands_injected_before_tls_are_forgotten(certificate):
    with listening(tls=certificate) as post:
        with Talk(post.port) as talk:
            talk.ask("MAIL FROM:<before@a.test>")
            talk.send(b"STARTTLS\r\nMAIL FROM:<evil@a.test>\r\nRCPT TO:<bo@x.test>\r\n")
            assert talk.reply()[0] == 220
            inside = untrusting().wrap_socket(talk.socket)
            inside.sendall(b"RCPT TO:<bo@x.test>\r\n")
            assert inside.recv(100).startswith(b"503")
            inside.sendall(b"MAIL FROM:<a@a.test>\r\n")
            assert inside.recv(100) == b"503 5.5.1 Send EHLO first\r\n"
            inside.close()
        assert_serves(post)


def test_a_failed_handshake_hurts_nobody(certificate):
    with listening(tls=certificate) as post:
        with Talk(post.port) as talk:
            assert talk.ask("STARTTLS")[0] == 220
            talk.send(b"this is no TLS at all\r\n" * 10)
            while talk.socket.recv(1000):
                pass
        assert_serves(post)


def untrusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
