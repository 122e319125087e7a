"""How often something may happen: shared through Valkey or Redis, else in this process."""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

log = logging.getLogger(__name__)

_RETRY_CACHE_AFTER_S = 10.0
_CACHE_TIMEOUT_S = 0.5
_SWEEP_ABOVE_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` times in any `window_s` seconds, counted for each key apart."""

    name: str
    amount: int
    window_s: int

    @property
    def policy(self) -> str:
        """The RateLimit-Policy header (draft-ietf-httpapi-ratelimit-headers)."""
        return f'"{self.name}";q={self.amount};w={self.window_s}'


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may happen, and `remaining` times more; `reset_s` from now the first is forgotten."""

    remaining: int
    reset_s: int


@dataclass(frozen=True, slots=True)
class Refused:
    """It may not happen; a try after `retry_after_s` seconds has a chance."""

    retry_after_s: int


class Limiter:
    """Counts exactly, also with many threads at once; with a cache, also over many processes.

    A cache that does not answer is replaced by this process's own count for ten seconds at a
    time: requests go on being limited, each process for itself, and `state` says so.
    """

    def __init__(self, cache_url: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        self._cache_url = cache_url
        self._clock = clock
        self._local = _Windows(clock)
        self._cache_down_until = -math.inf

    @property
    def state(self) -> str:
        """`in process`, `shared`, or `cache unreachable` (then counted in process)."""
        if not self._cache_url:
            return "in process"
        return "cache unreachable" if self._cache_is_down else "shared"

    def hit(self, limit: Limit, key: str) -> Allowed | Refused:
        """Counts one more, if the limit allows it; a refused one is not counted."""
        if self._cache_url and self._clock() >= self._cache_down_until:
            try:
                answer = self._hit_shared(limit, key)
            except Exception as error:
                # Whatever a broken cache does, a request must not fail by it.
                self._note_failure(error)
            else:
                self._note_success()
                return answer
        return self._local.hit(limit, key)

    def forget(self, limit: Limit, key: str) -> None:
        """Starts the count of this key again, as after a right password."""
        self._local.forget(limit, key)
        if self._cache_url and not self._cache_is_down:
            try:
                self._shared.clear(*self._item(limit, key))
            except Exception as error:
                self._note_failure(error)

    @property
    def _cache_is_down(self) -> bool:
        return self._cache_down_until > -math.inf

    @cached_property
    def _shared(self) -> Any:
        from limits.storage import storage_from_string
        from limits.strategies import MovingWindowRateLimiter

        url = self._cache_url.replace("valkey", "redis", 1)
        storage = storage_from_string(
            url, socket_timeout=_CACHE_TIMEOUT_S, socket_connect_timeout=_CACHE_TIMEOUT_S
        )
        return MovingWindowRateLimiter(storage)

    def _item(self, limit: Limit, key: str) -> tuple[Any, str, str]:
        from limits import RateLimitItemPerSecond

        return RateLimitItemPerSecond(limit.amount, limit.window_s, "mailflow"), limit.name, key

    def _hit_shared(self, limit: Limit, key: str) -> Allowed | Refused:
        item = self._item(limit, key)
        taken = self._shared.hit(*item)
        window = self._shared.get_window_stats(*item)
        left_s = max(1, math.ceil(window.reset_time - time.time()))
        return Allowed(max(0, window.remaining), left_s) if taken else Refused(left_s)

    def _note_failure(self, error: Exception) -> None:
        if not self._cache_is_down:
            log.warning(
                "The cache for rate limits does not answer (%s); counting in this process until "
                "it does.",
                type(error).__name__,
            )
        self._cache_down_until = self._clock() + _RETRY_CACHE_AFTER_S

    def _note_success(self) -> None:
        if self._cache_is_down:
            log.warning("The cache for rate limits answers again.")
            self._cache_down_until = -math.inf


class _Windows:
    """Moving windows in memory behind one lock. `limits` has such a store too, but it keeps every
    key it ever saw, which a client with an IPv6 network can use to fill the memory."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._times: dict[tuple[Limit, str], deque[float]] = {}
        self._sweep_above = _SWEEP_ABOVE_KEYS

    def hit(self, limit: Limit, key: str) -> Allowed | Refused:
        with self._lock:
            now = self._clock()
            if len(self._times) > self._sweep_above:
                self._sweep(now)
            times = self._times.setdefault((limit, key), deque())
            while times and times[0] <= now - limit.window_s:
                times.popleft()
            if len(times) < limit.amount:
                times.append(now)
                left = limit.amount - len(times)
                return Allowed(left, _left_s(times[0], limit, now))
            return Refused(_left_s(times[0] if times else now, limit, now))

    def forget(self, limit: Limit, key: str) -> None:
        with self._lock:
            self._times.pop((limit, key), None)

    def _sweep(self, now: float) -> None:
        """Drops what no longer counts; the next sweep waits until the rest has doubled."""
        self._times = {
            (limit, key): times
            for (limit, key), times in self._times.items()
            if times and times[-1] > now - limit.window_s
        }
        self._sweep_above = max(_SWEEP_ABOVE_KEYS, 2 * len(self._times))


def _left_s(oldest: float, limit: Limit, now: float) -> int:
    return max(1, math.ceil(oldest + limit.window_s - now))
