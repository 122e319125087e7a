"""Children that end with their parent, also when it is killed with -9 (Linux)."""

import contextlib
import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int | None = None) -> None:
    """From now on this process is killed when its parent ends; at once if it has ended already.

    `parent` is the process id the caller knows its parent by.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != (parent or os.getppid()):
            os._exit(1)


@contextlib.contextmanager
def stop_signals(stop: "signal._HANDLER"):  # type: ignore[no-untyped-def]
    """Calls `stop` for SIGTERM and SIGINT inside the block."""
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
