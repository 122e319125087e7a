"""500 messages while the whole process tree is killed ten times: nothing lost, twice or half."""

import random
import smtplib
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.flows.program import Program, clean_environment, wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.slow,
    pytest.mark.timeout(600),
]

MESSAGES = 500
KILLS = 10
SENDERS = 8
TO = "support@demo.example"

_SET_UP = f"""
from mailflow.accounts.permissions import SYSTEM
from mailflow.web.starter_pack import apply
apply(SYSTEM, "{TO}")
"""


class Senders:
    """Clients that repeat a message until it is acknowledged, as mail servers do.

    One in ten gives up when its connection breaks: that message may be there or not, but whole.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.acknowledged: set[str] = set()
        self.given_up: set[str] = set()
        self._waiting = [f"m{n}@sender.example" for n in range(MESSAGES)]
        self._random = random.Random(7)
        self._threads = [threading.Thread(target=self._send) for _ in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    @property
    def done(self) -> int:
        return len(self.acknowledged) + len(self.given_up)

    def join(self, timeout_s: float) -> None:
        for thread in self._threads:
            thread.join(timeout_s)

    def _send(self) -> None:
        while self._waiting:
            try:
                message_id = self._waiting.pop()
            except IndexError:
                return
            self._send_one(message_id)

    def _send_one(self, message_id: str) -> None:
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as smtp:
                    smtp.sendmail("ada@sender.example", [TO], content(message_id))
                    self.acknowledged.add(message_id)
                    return
            except (smtplib.SMTPException, OSError) as error:
                if message_id in self.acknowledged:  # it broke at QUIT
                    return
                # A refused connection says that the server is down, not that sending broke.
                down = isinstance(error, ConnectionRefusedError)
                if not down and self._random.random() < 0.1:
                    self.given_up.add(message_id)
                    return
                threading.Event().wait(0.1)


def content(message_id: str) -> str:
    name = message_id.partition("@")[0]
    return (
        f"From: {name} <{name}@sender.example>\r\nTo: {TO}\r\nSubject: Question {name}\r\n"
        f"Date: Mon, 5 Jan 2026 08:00:00 +0000\r\nMessage-ID: <{message_id}>\r\n\r\n"
        f"Where is my order {name}?\r\n" + "It is important to me.\r\n" * 40
    )


@pytest.fixture
def data_dir(tmp_path) -> Path:
    """A data directory with the starter pack: its rule opens a ticket for each message."""
    run = [sys.executable, "-m", "mailflow.processes.cli"]
    options = ["--data-dir", str(tmp_path / "data")]
    for command in (["migrate", "-v0"], ["shell", "-v0", "-c", _SET_UP]):
        subprocess.run([*run, *command, *options], check=True, env=clean_environment())
    return tmp_path / "data"


def test_ten_kills_lose_nothing_and_do_nothing_twice(data_dir):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    moments = random.Random(11)
    senders = Senders(port)
    for at in sorted(moments.sample(range(10, MESSAGES - 10), KILLS)):
        with Program(data_dir, "--smtp", f"127.0.0.1:{port}", workers=2) as program:
            wait_until(lambda: senders.done >= at, 120, f"message {at}")  # noqa: B023
            time.sleep(moments.random() * 0.05)
            program.kill()
    with Program(data_dir, "--smtp", f"127.0.0.1:{port}", workers=2):
        senders.join(120)
        assert senders.done == MESSAGES
        wait_until(lambda: not waiting(data_dir), 150, "an empty spool")
    print(f"\nacknowledged {len(senders.acknowledged)}, given up {len(senders.given_up)}")  # noqa: T201
    check(data_dir, senders)


def check(data_dir: Path, senders: Senders) -> None:
    arrived = column(data_dir, "SELECT message_id FROM mail_message")
    assert len(arrived) == len(set(arrived))
    assert senders.acknowledged <= set(arrived)
    assert set(arrived) <= senders.acknowledged | senders.given_up

    emails = column(data_dir, "SELECT id FROM mail_email")
    assert len(emails) == len(arrived)
    spool = column(data_dir, "SELECT id FROM inbound_spoolentry WHERE state = 'done'", "intake")
    assert sorted(spool) == sorted(emails)
    raw = column(data_dir, "SELECT sha256 FROM mail_rawmessage", "intake")
    assert sorted(raw) == sorted(column(data_dir, "SELECT raw_sha256 FROM mail_message"))

    once = {
        "one ticket": "SELECT email_id FROM tickets_ticketmessage WHERE kind = 'inbound'",
        "one decision": "SELECT email_id FROM rules_decision",
        "told once": "SELECT email_id FROM history_event WHERE kind = 'email_processed'",
    }
    for what, query in once.items():
        assert sorted(column(data_dir, query)) == sorted(emails), what
    assert len(column(data_dir, "SELECT id FROM tickets_ticket")) == len(emails)
    keys = column(data_dir, "SELECT key FROM rules_effect")
    assert len(keys) == len(set(keys)) == 2 * len(emails)
    for name in ("mailflow", "intake"):
        assert column(data_dir, "PRAGMA integrity_check", name) == ["ok"]
        assert column(data_dir, "PRAGMA foreign_key_check", name) == []


def waiting(data_dir: Path) -> list[int]:
    return column(data_dir, "SELECT id FROM inbound_spoolentry WHERE state <> 'done'", "intake")


def column(data_dir: Path, query: str, name: str = "mailflow") -> list:
    with closing(sqlite3.connect(data_dir / f"{name}.sqlite3", timeout=20)) as connection:
        return [row[0] for row in connection.execute(query)]
