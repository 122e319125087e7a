"""How much work a call may be: processor time, which a busy machine stretches little."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cpu_seconds_under(most: float) -> Iterator[None]:
    """Fails when the block takes this much processor time or more."""
    started = time.process_time()
    yield
    assert time.process_time() - started < most
