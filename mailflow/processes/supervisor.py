"""Keeps child processes running, and ends them all together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from mailflow.processes.parent import die_with

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
_STEADY_S = 30.0  # who ran so long begins again with the first pause
_STOP_S = 8.0  # of the ten seconds that stopping may take
_LOOK_S = 0.1


class ChildEnded(Exception):
    """A child ended before all were ready: there is no point in trying again."""


@dataclass(slots=True)
class _Child:
    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_s: float = 0.0
    start_at_s: float = 0.0
    pause_s: float = _FIRST_PAUSE_S


@dataclass(slots=True)
class Supervisor:
    """Starts the commands, restarts what dies with growing pauses, and stops all at SIGTERM.

    On Linux no child outlives this process, however it ends.
    """

    commands: Mapping[str, Sequence[str]]
    say: Callable[[str], None]
    stopping: bool = False
    _children: list[_Child] = field(default_factory=list)

    def start(self) -> None:
        """Start every command; from now on SIGTERM and SIGINT stop them all."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        self._children = [_Child(name, command) for name, command in self.commands.items()]
        for child in self._children:
            self._launch(child)

    def wait_until(self, ready: Callable[[], bool], timeout_s: float) -> bool:
        """Whether it became ready in time; a stop signal ends the wait. Raises ChildEnded."""
        deadline_s = time.monotonic() + timeout_s
        while not self.stopping and time.monotonic() < deadline_s:
            for child in self._children:
                if child.process and child.process.poll() is not None:
                    raise ChildEnded(f"{child.name} ended with status {child.process.returncode}.")
            if ready():
                return True
            time.sleep(_LOOK_S)
        return False

    def run(self) -> None:
        """Restart what dies until a stop signal comes, then stop all."""
        while not self.stopping:
            for child in self._children:
                self._look_after(child)
            time.sleep(_LOOK_S)
        self.stop()

    def stop(self) -> None:
        """SIGTERM to all; who has not ended in eight seconds is killed."""
        running = [c.process for c in self._children if c.process and c.process.poll() is None]
        for process in running:
            process.terminate()
        deadline_s = time.monotonic() + _STOP_S
        for process in running:
            try:
                process.wait(max(0.0, deadline_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _look_after(self, child: _Child) -> None:
        now_s = time.monotonic()
        if child.process is None:
            if now_s >= child.start_at_s:
                self._launch(child)
            return
        if child.process.poll() is None:
            return
        if now_s - child.started_s > _STEADY_S:
            child.pause_s = _FIRST_PAUSE_S
        self.say(
            f"{child.name} ended with status {child.process.returncode}; "
            f"it starts again in {child.pause_s:g} s."
        )
        child.process = None
        child.start_at_s = now_s + child.pause_s
        child.pause_s = min(child.pause_s * 2, _LONGEST_PAUSE_S)

    def _launch(self, child: _Child) -> None:
        child.started_s = time.monotonic()
        child.process = subprocess.Popen(  # in a session of its own: ^C reaches only us
            child.command, preexec_fn=_bind_to(os.getpid()), start_new_session=True
        )

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True


def _bind_to(parent: int) -> Callable[[], None]:
    return lambda: die_with(parent)


def command(*arguments: str) -> list[str]:
    """The command line of one of our own commands, in this Python."""
    return [sys.executable, "-m", "mailflow.processes.cli", *arguments]
