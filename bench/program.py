"""The program as an operator runs it, for measurements from outside."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

KEY = "bench-admin-key"
_RUN = (sys.executable, "-m", "mailflow.processes.cli")


@contextmanager
def up(data_dir: Path, *options: str) -> Iterator[tuple[subprocess.Popen, list[str], float]]:
    """(process, its lines up to the ready line, seconds until then)."""
    started_s = time.perf_counter()
    process = subprocess.Popen(
        [*_RUN, "up", "--web", "127.0.0.1:0", "--smtp", "127.0.0.1:0", *options],
        env=environment(data_dir),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            lines = _lines_until_ready(process)
            yield process, lines, time.perf_counter() - started_s
        finally:
            process.terminate()


def _lines_until_ready(process: subprocess.Popen) -> list[str]:
    lines: list[str] = []
    while not lines or not lines[-1].startswith("MailFlow Studio is ready:"):
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("mailflow up ended:\n" + "".join(lines))
        lines.append(line)
    return lines


def environment(data_dir: Path) -> dict[str, str]:
    """No DNS, no limit of requests, every recipient, a known admin key."""
    return os.environ | {
        "MAILFLOW_DATA_DIR": str(data_dir),
        "MAILFLOW_VERIFY_AUTHENTICATION": "false",
        "MAILFLOW_RECIPIENT_POLICY": "any",
        "MAILFLOW_API_REQUESTS_PER_MINUTE": "0",
        "ADMIN_API_KEY": KEY,
        "PYTHONUNBUFFERED": "1",
    }


def port_of(lines: list[str], label: str) -> int:
    """The port in the line that begins with the label, as "Web:"."""
    line = next(line for line in lines if line.startswith(label))
    return int(line.split()[-1].rstrip("/").rpartition(":")[2])


class Browser:
    """One connection that is kept, signed in with the admin key."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        page = self.get("/login").decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        form = urlencode({"csrfmiddlewaretoken": token, "key-key": KEY, "next": "/"})
        self.ask("POST", "/login", form)

    def get(self, path: str) -> bytes:
        """The page. Raises where it is not 200."""
        return self.ask("GET", path)

    def ask(self, method: str, path: str, body: str | None = None) -> bytes:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, text = value.partition(";")[0].partition("=")
                self.cookies[cookie] = text
        if answer.status != (200 if method == "GET" else 302):
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return content
