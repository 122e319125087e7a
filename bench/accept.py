"""Messages accepted per second over SMTP, and how long each waits, beside the floor."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.report import machine, percentile, show
from bench.smtp_load import RECIPIENT

CONNECTIONS = (1, 8, 32)
ROUNDS = 3
MESSAGES = {1: 1000, 8: 3000, 32: 3000}


def main() -> None:
    """Each server in turn, three rounds, the median shown."""
    rows = []
    for connections in CONNECTIONS:
        runs = _runs(connections)
        floor_rate = _rate(runs["floor"])
        for name, measured in runs.items():
            took_ms = sorted(ms for run in measured for ms in run["took_ms"])
            figures = [f"{percentile(took_ms, share):.1f}" for share in (0.50, 0.95, 0.99)]
            rate = _rate(measured)
            ratio = f"{rate / floor_rate:.2f}"
            processor_ms = sum(r["processor_s"] for r in measured) / len(took_ms) * 1000
            figures.append(f"{processor_ms:.2f}")
            rows.append([name, connections, f"{rate:,.0f}", ratio, *figures])
    show(
        "Accepted over SMTP (kept and synced before 250)",
        ["server", "connections", "messages/s", "× floor", "p50 ms", "p95 ms", "p99 ms", "CPU ms"],
        rows,
        f"floor: bare aiosmtpd, raw bytes into SQLite, same group commit, synchronous=FULL. "
        f"CPU ms: processor time of the server for each message. "
        f"Client on the same {machine()}; median of {ROUNDS} rounds.",
    )


def _runs(connections: int) -> dict[str, list[dict]]:
    """Each server's runs; the servers take turns, so that a slow moment of the machine hits all."""
    runs = {name: [] for name in SERVERS}
    for number in range(ROUNDS):
        for name, server in SERVERS.items():
            with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (pid, port):
                before_s = _processor_s(pid)
                run = _load(port, connections, seed=number)
                run["processor_s"] = _processor_s(pid) - before_s
                runs[name].append(run)
    return runs


def _processor_s(pid: int) -> float:
    """Processor time of a process so far (Linux): no neighbour's work is in it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rate(runs: list[dict]) -> float:
    return median(len(run["took_ms"]) / run["seconds"] for run in runs)


def _load(port: int, connections: int, seed: int) -> dict[str, list[float]]:
    command = [sys.executable, "-m", "bench.smtp_load"]
    arguments = [str(n) for n in (port, connections, MESSAGES[connections], seed)]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@contextmanager
def floor(folder: Path) -> Iterator[tuple[int, int]]:
    command = [sys.executable, "-m", "bench.floor", str(folder / "floor.sqlite3")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.pid, int(process.stdout.readline())
        finally:
            process.terminate()


@contextmanager
def ours(folder: Path) -> Iterator[tuple[int, int]]:
    """The real receiver in a new data directory that has one inbox."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = os.environ | {
        "MAILFLOW_DATA_DIR": str(folder / "data"),
        "MAILFLOW_SMTP": f"127.0.0.1:{port}",
    }
    run = [sys.executable, "-m", "mailflow.processes.cli"]
    subprocess.run([*run, "migrate", "-v0"], env=environment, check=True)
    subprocess.run([*run, "shell", "-v0", "-c", _INBOX], env=environment, check=True)
    process = subprocess.Popen([*run, "smtp"], env=environment, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            process.stdout.readline()
            yield process.pid, port
        finally:
            process.terminate()


_INBOX = f"""
from django.utils import timezone
from mailflow.inboxes.models import Inbox, InboxAddress
now = timezone.now()
inbox = Inbox.objects.create(name="Support", created_at=now, updated_at=now)
InboxAddress.objects.create(inbox=inbox, address="{RECIPIENT}")
"""

SERVERS = {"floor": floor, "ours": ours}


if __name__ == "__main__":
    main()
