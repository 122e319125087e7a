"""The whole program as a child process: `mailflow up` on free ports with its own data directory."""

import contextlib
import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from tests.ports import free_port

ADMIN_KEY = "test-admin-key"
MAILFLOW = str(Path(sys.executable).with_name("mailflow"))


class Program:
    """MailFlow Studio in a session of its own. `url` has no slash at its end."""

    def __init__(self, data_dir: Path, *arguments: str, **environment: str) -> None:
        """Starts it without waiting."""
        self.data_dir = data_dir
        self.web_port, self.smtp_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.web_port}"
        self.headers = {"x-api-key": ADMIN_KEY}
        self.printed: list[str] = []
        self._answered = Event()
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MAILFLOW_")}
        self.process = subprocess.Popen(
            [MAILFLOW, "up", "--data-dir", str(data_dir), "--web", f"127.0.0.1:{self.web_port}",
             "--smtp", f"127.0.0.1:{self.smtp_port}", *arguments],
            env={**inherited, "ADMIN_API_KEY": ADMIN_KEY, "PYTHONUNBUFFERED": "1", **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True,
        )  # fmt: skip
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.printed.append(line)
                if line.startswith("MailFlow Studio is ready:"):
                    self._answered.set()
        self._answered.set()

    def wait_until_ready(self, timeout_s: float = 60) -> None:
        """Returns once the ready line was printed. Raises AssertionError with what was printed."""
        self._answered.wait(timeout_s)
        if not any(line.startswith("MailFlow Studio is ready:") for line in self.printed):
            raise AssertionError("mailflow up is not ready. It printed:\n" + "".join(self.printed))

    def send(self, raw: bytes, sender: str, *recipients: str) -> None:
        """Sends one message over SMTP. Raises smtplib.SMTPException where it is refused."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=30) as client:
            client.sendmail(sender, list(recipients), raw, mail_options=["BODY=8BITMIME"])

    def kill(self) -> None:
        """Ends every process of it at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, timeout_s: float = 15) -> None:
        """Asks it to stop and waits; whatever is left after that is killed."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout_s)
        self.kill()


@contextmanager
def running(data_dir: Path, *arguments: str, **environment: str) -> Iterator[Program]:
    """A program that is ready; it has ended afterwards whatever happened."""
    program = Program(data_dir, *arguments, **environment)
    try:
        program.wait_until_ready()
        yield program
    finally:
        program.stop()
