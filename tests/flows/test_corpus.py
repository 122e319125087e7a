"""Real messages through the SMTP port of the running program: none refused, lost or stuck."""

import re
import smtplib
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests import needs
from tests.flows.program import Program, clean_environment, wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.slow,
    pytest.mark.timeout(300),
]

TO = "support@demo.example"
_SET_UP = f"""
from mailflow.accounts.permissions import SYSTEM
from mailflow.web.starter_pack import apply
apply(SYSTEM, "{TO}")
"""
# No test asks the real DNS.
_NO_DNS = {"MAILFLOW_VERIFY_AUTHENTICATION": "false"}


def test_real_mail_is_taken_kept_and_understood(tmp_path, capsys):
    files = [p for name in ("mime", "bounces") for p in (needs.corpus() / name).glob("*.eml")]
    data_dir = tmp_path / "data"
    run = [sys.executable, "-m", "mailflow.processes.cli"]
    for command in (["migrate", "-v0"], ["shell", "-v0", "-c", _SET_UP]):
        subprocess.run(
            [*run, *command, "--data-dir", str(data_dir)], check=True, env=clean_environment()
        )
    with Program(data_dir, workers=2, **_NO_DNS) as program:
        program.wait_ready()
        ids = send(program.smtp, files)
        wait_until(lambda: not rows(data_dir, UNDONE, "intake"), 120, "an empty spool")
    classes = dict(rows(data_dir, CLASSES))
    assert {path.name for path, id in ids.items() if id not in classes} == set()
    wrong = {p.name: classes[id] for p, id in ids.items() if classes[id] not in expected(p)}
    table = Counter((path.parent.name, classes[id]) for path, id in ids.items())
    with capsys.disabled():
        show(table, len(ids))
    assert wrong == {}
    [(stored,)] = rows(data_dir, "SELECT count(*) FROM mail_email")
    assert stored == len(set(ids.values()))
    assert rows(data_dir, "SELECT content FROM mail_rawmessage LIMIT 1", "intake")


UNDONE = "SELECT id FROM inbound_spoolentry WHERE state <> 'done'"
CLASSES = """SELECT e.id, m.message_class FROM mail_email e JOIN mail_message m
             ON m.id = e.message_id WHERE e.status <> 'failed'"""


def send(address: tuple[str, int], files: list[Path]) -> dict[Path, int]:
    """Sends each as a real client does; the id that the receiver names. Raises if refused."""
    ids = {}
    with smtplib.SMTP(*address, timeout=60) as smtp:
        smtp.ehlo("client.example")
        for path in files:
            sender = "" if path.parent.name == "bounces" else "someone@sender.example"
            raw = re.sub(rb"\r\n|\r|\n", b"\r\n", path.read_bytes())
            assert smtp.mail(sender, ["BODY=8BITMIME"])[0] == 250, path.name
            assert smtp.rcpt(TO)[0] == 250
            code, text = smtp.data(raw)
            assert code == 250, (path.name, text)
            ids[path] = int(text.rpartition(b" ")[2])
    return ids


def expected(path: Path) -> set[str]:
    """The classes that are right for it, by the name its collectors gave it."""
    if path.parent.name != "bounces":
        return {"ordinary", "bounce", "complaint", "auto_reply", "list", "calendar"}
    if path.name.startswith("arf-"):
        return {"complaint"}
    if path.name.startswith("rfc3834-"):
        return {"auto_reply"}
    if path.name.startswith("lhost-amazonses-"):  # its notices are of both kinds
        return {"bounce", "complaint"}
    return {"bounce"}


def show(table: "Counter[tuple[str, str]]", total: int) -> None:
    print(f"\n{total} real messages by SMTP: none refused, none lost, none stuck")  # noqa: T201
    for (folder, kind), count in sorted(table.items()):
        print(f"  {folder:8} {kind:10} {count:4}")  # noqa: T201


def rows(data_dir: Path, query: str, name: str = "mailflow") -> list[tuple]:
    with closing(sqlite3.connect(data_dir / f"{name}.sqlite3", timeout=20)) as connection:
        return connection.execute(query).fetchall()
