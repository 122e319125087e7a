"""`mailflow up` as one process tree."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mailflow.processes.sockets import answers
from tests.flows.program import Program, clean_environment, end, lives, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    with Program(tmp_path_factory.mktemp("program") / "data") as program:
        yield program.wait_ready()


@pytest.fixture
def mortal(tmp_path):
    """One that the test ends."""
    with Program(tmp_path / "data") as program:
        yield program.wait_ready()


def smtp_greets(program):
    try:
        with socket.create_connection(program.smtp, 5) as peer:
            return peer.recv(100).startswith(b"220 ")
    except OSError:
        return False


@pytest.mark.slow
def test_ready_means_web_and_smtp_answer_and_the_data_is_private(program):
    assert smtp_greets(program)
    ask = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert answers(*program.web, ask, b"HTTP/1.1 200 ")
    assert any(line.startswith("MailFlow Studio is ready: http://") for line in program.output)
    assert (program.data_dir.stat().st_mode & 0o777) == 0o700


@pytest.mark.slow
def test_a_child_that_dies_is_restarted(program):
    killed = [pid for pid, command in program.tree().items() if command.strip().endswith("smtp")]
    assert len(killed) == 1
    end(killed[0], signal.SIGKILL)
    wait_until(lambda: not lives(killed[0]))
    wait_until(lambda: smtp_greets(program), 20, "SMTP")


@pytest.mark.slow
def test_a_web_worker_that_dies_is_replaced(program):
    def web():
        return [pid for pid, command in program.tree().items() if command.strip().endswith("web")]

    before = set(web())
    assert len(before) >= 2
    end(max(before), signal.SIGKILL)
    wait_until(lambda: len(set(web()) & before) < len(before) and len(web()) >= len(before), 20)


@pytest.mark.slow
def test_sigterm_stops_all_within_ten_seconds_also_with_a_client_connected(mortal):
    family = mortal.tree()
    with socket.create_connection(mortal.smtp, 5) as idle:
        idle.recv(100)
        started = time.monotonic()
        mortal.process.send_signal(signal.SIGTERM)
        assert mortal.process.wait(10) == 0
        assert time.monotonic() - started < 10
        assert idle.recv(100).startswith(b"421 ")
    assert not [command for pid, command in family.items() if lives(pid)]


@pytest.mark.slow
def test_killing_the_parent_leaves_nothing_behind(mortal):
    family = mortal.tree()
    assert len(family) >= 4  # web and its worker, SMTP, one worker
    end(mortal.process.pid, signal.SIGKILL)
    wait_until(lambda: not any(lives(pid) for pid in family), 5, "the end of all")


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "mailflow.processes.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=clean_environment() | environment,
        cwd=Path(__file__).parents[2],
    )


@pytest.mark.parametrize("option", ["--web", "--smtp"])
def test_a_taken_port_is_one_clear_sentence(tmp_path, option):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        others = {"--web": "127.0.0.1:0", "--smtp": "127.0.0.1:0"} | {option: address}
        options = [part for pair in others.items() for part in pair]
        result = run("up", "--data-dir", str(tmp_path), *options)
    assert result.returncode == 1
    assert result.stderr.strip() == (
        f"CommandError: Cannot listen on {address} (address already in use): "
        f"stop what uses it, or choose another with {option} HOST:PORT."
    )


def test_a_wrong_option_names_itself_and_the_mend(tmp_path):
    result = run("up", "--data-dir", str(tmp_path), "--web", "nonsense")
    assert result.returncode == 1
    assert "nonsense" in result.stderr
    assert "HOST:PORT" in result.stderr


def test_the_command_alone_says_what_there_is():
    result = run()
    assert result.returncode == 0
    for name in ("up", "web", "smtp", "work", "migrate", "receive", "reparse", "user"):
        assert f"  {name} " in result.stdout
