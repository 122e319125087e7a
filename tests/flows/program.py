"""The whole program as an operator runs it: `mailflow up` in a data directory of its own."""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

READY = "MailFlow Studio is ready:"


class Program:
    """A process tree on free ports; `output` is every line it has printed."""

    def __init__(self, data_dir: Path, *options: str, workers: int = 1, **environment: str) -> None:
        self.data_dir = data_dir
        self.output: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "mailflow.processes.cli", "up"),
                *("--data-dir", str(data_dir), "--web", "127.0.0.1:0", "--smtp", "127.0.0.1:0"),
                *("--workers", str(workers), *options),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=clean_environment() | environment,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def wait_ready(self, timeout_s: float = 60) -> "Program":
        """Until the ready line; fails with the output if the program ends before."""
        self.wait_line(READY, timeout_s)
        return self

    def wait_line(self, start: str, timeout_s: float = 60) -> str:
        deadline_s = time.monotonic() + timeout_s
        while time.monotonic() < deadline_s:
            try:
                line = self._lines.get(timeout=0.1)
            except queue.Empty:
                assert self.process.poll() is None, "\n".join(self.output)
                continue
            if line.startswith(start):
                return line
        raise AssertionError(f"no line {start!r} in:\n" + "\n".join(self.output))

    @property
    def web(self) -> tuple[str, int]:
        return self._address("Web:")

    @property
    def smtp(self) -> tuple[str, int]:
        return self._address("SMTP:")

    def tree(self) -> dict[int, str]:
        """Every living descendant, by process id, with its command line."""
        return descendants(self.process.pid)

    def kill(self) -> None:
        """SIGKILL for the whole tree at once, as a power cut would."""
        for pid in [self.process.pid, *self.tree()]:
            end(pid, signal.SIGKILL)
        self.process.wait(10)
        self._reader.join(10)
        self.process.stdout.close()

    def _address(self, label: str) -> tuple[str, int]:
        line = next(line for line in self.output if line.startswith(label))
        host, _, port = line.split()[-1].removeprefix("http://").strip("/").rpartition(":")
        return host, int(port)

    def _read(self) -> None:
        for line in self.process.stdout:
            self.output.append(line.rstrip("\n"))
            self._lines.put(line)


def clean_environment() -> dict[str, str]:
    """The environment without any setting of ours, so that a test says all it needs."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("MAILFLOW_", "ADMIN_"))}


def descendants(root: int) -> dict[int, str]:
    """Linux: the living processes below `root` by /proc."""
    parents: dict[int, int] = {}
    commands: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                command = (entry / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            if state != "Z":
                parents[int(entry.name)] = int(parent)
                commands[int(entry.name)] = command
    found: dict[int, str] = {}
    fresh = {root}
    while fresh:
        fresh = {pid for pid, parent in parents.items() if parent in fresh and pid not in found}
        found |= {pid: commands[pid] for pid in fresh}
    return found


def end(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def lives(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(true, timeout_s: float = 10, what: str = "it") -> None:
    """Until `true()`; asks often, and fails when the time is over."""
    deadline_s = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline_s, f"{what} did not come true in {timeout_s} s"
        threading.Event().wait(0.05)
