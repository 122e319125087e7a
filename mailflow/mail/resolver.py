"""The way to the DNS: one small interface, with time limits and a rest when it does not answer."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import dns.exception
import dns.name
import dns.resolver

RecordType = Literal["A", "AAAA", "MX", "PTR", "TXT"]


class DnsTrouble(Exception):
    """No answer could be had: a temporary error of ours, never a fact about the domain."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`exists` is false for NXDOMAIN. TXT values are whole (their strings joined), MX values are
    `preference host`, names have no final dot."""

    values: tuple[str, ...] = ()
    exists: bool = True


class Resolver(Protocol):
    """Whoever can look names up. Tests have a table; the program has `DnsResolver`."""

    def look_up(self, name: str, kind: RecordType, timeout_s: float) -> Answer:
        """The records of `name`, CNAMEs followed. Raises DnsTrouble."""
        ...


class DnsResolver:
    """Asks the system's name servers, and remembers answers for as long as they allow.

    When three questions in a row fail, and one for the root does too, it rests for thirty seconds
    and raises DnsTrouble at once: mail is not held up by name servers that are gone, and nobody
    can bring us there by sending mail from domains whose own servers are broken.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._resting_until = 0.0
        self._resolver: dns.resolver.Resolver | None = None

    def look_up(self, name: str, kind: RecordType, timeout_s: float) -> Answer:
        """As in `Resolver`."""
        if self._clock() < self._resting_until:
            raise DnsTrouble("the name servers do not answer")
        try:
            answer = self._ask(name, kind, timeout_s)
        except DnsTrouble:
            self._note(failed=True)
            raise
        self._note(failed=False)
        return answer

    def _ask(self, name: str, kind: RecordType, timeout_s: float) -> Answer:
        try:
            found = self._open().resolve(
                dns.name.from_text(name), kind, lifetime=timeout_s, search=False
            )
        except dns.resolver.NXDOMAIN:
            return Answer(exists=False)
        except (dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return Answer()
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise DnsTrouble(type(error).__name__) from error
        return Answer(tuple(_text(record, kind) for record in found))

    def _open(self) -> dns.resolver.Resolver:
        with self._lock:
            if self._resolver is None:
                self._resolver = dns.resolver.Resolver()
                self._resolver.cache = dns.resolver.LRUCache(10_000)
                self._resolver.timeout = 2.0
            return self._resolver

    def _note(self, *, failed: bool) -> None:
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            if self._failures < 3:
                return
            self._failures = 0
        if not self._root_answers():
            self._resting_until = self._clock() + 30.0

    def _root_answers(self) -> bool:
        try:
            dns.resolver.Resolver().resolve(dns.name.root, "NS", lifetime=1.0)
        except (dns.exception.DNSException, OSError):
            return False
        return True


def _text(record: object, kind: RecordType) -> str:
    """The record's value as `Answer` promises it."""
    if kind == "TXT":
        strings: tuple[bytes, ...] = record.strings  # type: ignore[attr-defined]
        return b"".join(strings).decode("utf-8", "replace")
    if kind == "MX":
        host = record.exchange.to_text(omit_final_dot=True)  # type: ignore[attr-defined]
        return f"{record.preference} {host}"  # type: ignore[attr-defined]
    return str(record).removesuffix(".")
