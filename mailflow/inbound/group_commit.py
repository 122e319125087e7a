"""Waiting messages share one commit: the cost of syncing the disk is paid once for all of them."""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

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
    """

    def __init__(
        self,
        accept_batch: AcceptBatch,
        *,
        max_waiting_bytes: int = 256 * 1024 * 1024,
        max_batch: int = 256,
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
        waiting = _Waiting(mail)
        with self._changed:
            if self._closed or self._waiting_bytes + len(mail.raw) > self._max_waiting_bytes:
                raise Overloaded
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
                self._thread.start()
            self._waiting.append(waiting)
            self._waiting_bytes += len(mail.raw)
            self._changed.notify()
        return waiting.result

    async def accept(self, mail: IncomingMail) -> list[Accepted]:
        """Keep `mail`. A cancelled wait may still end in a kept message; it is never half kept."""
        return await asyncio.wrap_future(self.submit(mail))

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
        size = 0
        while self._waiting and len(batch) < self._max_batch and size < self._max_batch_bytes:
            waiting = self._waiting.popleft()
            size += len(waiting.mail.raw)
            if waiting.result.set_running_or_notify_cancel():
                batch.append(waiting)
        self._waiting_bytes -= size
        return batch

    def _keep(self, batch: "list[_Waiting]") -> None:
        try:
            results = self._accept_batch([waiting.mail for waiting in batch])
            for waiting, accepted in zip(batch, results, strict=True):
                waiting.result.set_result(accepted)
        except Exception as error:
            log.warning("A batch of %d messages failed", len(batch), exc_info=error)
            self._keep_each(batch, error)

    def _keep_each(self, batch: "list[_Waiting]", error: Exception) -> None:
        deadline_s = time.monotonic() + self._max_retry_s
        for waiting in batch:
            if waiting.result.done():
                continue
            if len(batch) == 1 or time.monotonic() > deadline_s:
                waiting.result.set_exception(error)
                continue
            try:
                waiting.result.set_result(self._accept_batch([waiting.mail])[0])
            except Exception as own_error:
                waiting.result.set_exception(own_error)


class _Waiting:
    __slots__ = ("mail", "result")

    def __init__(self, mail: IncomingMail) -> None:
        self.mail = mail
        self.result: Future[list[Accepted]] = Future()
