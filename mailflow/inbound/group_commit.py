"""Waiting messages share one commit: the cost of syncing the disk is paid once for all of them."""

import asyncio
import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from typing import Any

from mailflow.inbound.incoming import Accepted, IncomingMail

log = logging.getLogger("mailflow.accept")

Results = list[list[Accepted]]
AcceptBatch = Callable[[Sequence[IncomingMail]], Results]


class Overloaded(Exception):
    """Too much mail waits for its commit: the sender must try again."""


class GroupCommit:
    """Keeps messages by `accept_batch`, in a thread of its own that starts with the first message.

    A result is set only after `accept_batch` has returned: committed and synced. When a batch
    fails, each of its messages is tried alone, so that one cannot keep the others out.
    `max_batch` counts recipients: each is a row.
    """

    def __init__(
        self,
        accept_batch: AcceptBatch,
        *,
        max_waiting_bytes: int = 256 * 1024 * 1024,
        max_batch: int = 500,
        max_batch_bytes: int = 16 * 1024 * 1024,
        max_retry_s: float = 20.0,
        on_thread_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._accept_batch = accept_batch
        self._max_waiting_bytes = max_waiting_bytes
        self._max_batch = max_batch
        self._max_batch_bytes = max_batch_bytes
        self._max_retry_s = max_retry_s
        self._on_thread_end = on_thread_end
        self._changed = threading.Condition()
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._closed = False
        self._thread: threading.Thread | None = None

    def submit(self, mail: IncomingMail) -> "Future[list[Accepted]]":
        """The future result of keeping `mail`. Raises Overloaded instead of waiting for room."""
        result: Future[list[Accepted]] = Future()
        self._enqueue(_Waiting(mail, result))
        return result

    async def accept(self, mail: IncomingMail) -> list[Accepted]:
        """Keep `mail`. A cancelled wait may still end in a kept message; it is never half kept."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(mail, loop.create_future(), loop)
        self._enqueue(waiting)
        accepted: list[Accepted] = await waiting.result
        return accepted

    def _enqueue(self, waiting: "_Waiting") -> None:
        size = len(waiting.mail.raw)
        with self._changed:
            if self._closed or self._waiting_bytes + size > self._max_waiting_bytes:
                raise Overloaded
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
                self._thread.start()
            self._waiting.append(waiting)
            self._waiting_bytes += size
            self._changed.notify()

    def close(self) -> None:
        """Refuse new messages and return when the waiting ones are kept."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while batch := self._next_batch():
                self._keep(batch)
        finally:
            self._on_thread_end()

    def _next_batch(self) -> "list[_Waiting]":
        """The messages that wait, oldest first; blocks until there is one, empty when closed."""
        with self._changed:
            while not (batch := self._take_batch()) and not self._closed:
                self._changed.wait()
        return batch

    def _take_batch(self) -> "list[_Waiting]":
        batch: list[_Waiting] = []
        size = deliveries = 0
        while self._waiting and deliveries < self._max_batch and size < self._max_batch_bytes:
            waiting = self._waiting.popleft()
            size += len(waiting.mail.raw)
            deliveries += len(waiting.mail.recipients)
            if not waiting.result.cancelled():
                batch.append(waiting)
        self._waiting_bytes -= size
        return batch

    def _keep(self, batch: "list[_Waiting]") -> None:
        try:
            results = self._accept_batch([waiting.mail for waiting in batch])
        except Exception as error:
            log.warning("A batch of %d messages failed", len(batch), exc_info=error)
            _tell(batch, self._keep_each(batch, error))
        else:
            _tell(batch, results)

    def _keep_each(self, batch: "list[_Waiting]", error: Exception) -> "list[_Outcome]":
        """The outcome of each alone; when the time is over, the rest share the batch's error."""
        if len(batch) == 1:
            return [error]
        deadline_s = time.monotonic() + self._max_retry_s
        return [
            self._keep_alone(waiting.mail) if time.monotonic() < deadline_s else error
            for waiting in batch
        ]

    def _keep_alone(self, mail: IncomingMail) -> "_Outcome":
        try:
            return self._accept_batch([mail])[0]
        except Exception as error:
            return error


_Outcome = list[Accepted] | Exception


@dataclass(slots=True, eq=False)
class _Waiting:
    """A message and who waits for it: a thread, or a coroutine of `loop`."""

    mail: IncomingMail
    result: Any  # concurrent.futures.Future, or asyncio.Future where there is a loop
    loop: asyncio.AbstractEventLoop | None = None


def _tell(batch: Sequence[_Waiting], outcomes: Sequence[_Outcome]) -> None:
    """Gives each its outcome; an event loop is woken once for all of its own."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[tuple[_Waiting, _Outcome]]] = {}
    for waiting, outcome in zip(batch, outcomes, strict=True):
        by_loop.setdefault(waiting.loop, []).append((waiting, outcome))
    for loop, told in by_loop.items():
        if loop is None:
            _settle(told)
        else:
            with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
                loop.call_soon_threadsafe(_settle, told)


def _settle(told: Sequence[tuple[_Waiting, _Outcome]]) -> None:
    for waiting, outcome in told:
        with contextlib.suppress(InvalidStateError, asyncio.InvalidStateError):  # given up
            if isinstance(outcome, Exception):
                waiting.result.set_exception(outcome)
            else:
                waiting.result.set_result(outcome)
