"""Waiting messages share one commit."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from mailflow.inbound.group_commit import GroupCommit, Overloaded
from mailflow.inbound.incoming import Accepted, IncomingMail


def mail(raw: bytes) -> IncomingMail:
    return IncomingMail(raw=raw, envelope_from="", recipients=("a@x.test",), via="smtp")


class Sink:
    """A table that a batch enters whole or not at all; `poison` cannot enter."""

    def __init__(self, poison: bytes = b"") -> None:
        self.kept: list[bytes] = []
        self.batches: list[int] = []
        self.poison = poison
        self.entered = threading.Event()
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, mails):
        self.entered.set()
        self.gate.wait(10)
        if any(one.raw == self.poison for one in mails):
            raise ValueError("poison")
        self.batches.append(len(mails))
        first = len(self.kept)
        self.kept += [one.raw for one in mails]
        return [[Accepted(first + n, "a@x.test", False)] for n in range(len(mails))]


@pytest.fixture
def sink():
    return Sink(poison=b"poison")


@pytest.fixture
def commits(sink):
    commits = GroupCommit(sink, max_waiting_bytes=1000)
    yield commits
    sink.gate.set()
    commits.close()


def test_each_waiter_gets_its_own_result_and_commits_are_shared(sink, commits):
    sink.gate.clear()
    futures = [commits.submit(mail(b"%d" % n)) for n in range(100)]
    sink.gate.set()
    for n, future in enumerate(futures):
        [accepted] = future.result(10)
        assert sink.kept[accepted.id] == b"%d" % n
    assert len(sink.batches) <= 2


def test_one_poison_message_does_not_refuse_the_others(sink, commits):
    sink.gate.clear()
    futures = [commits.submit(mail(raw)) for raw in (b"first", b"a", b"poison", b"b")]
    sink.gate.set()
    wait(futures, 10)
    assert sink.kept == [b"first", b"a", b"b"]
    assert isinstance(futures[2].exception(), ValueError)


def test_when_too_much_waits_it_says_so(sink, commits):
    sink.gate.clear()
    commits.submit(mail(b"x"))
    assert sink.entered.wait(10)
    waiting = commits.submit(mail(b"x" * 990))
    with pytest.raises(Overloaded):
        commits.submit(mail(b"x" * 1000))
    sink.gate.set()
    waiting.result(10)
    commits.submit(mail(b"x" * 1000)).result(10)


def test_closing_keeps_what_waits_and_refuses_the_rest(sink, commits):
    sink.gate.clear()
    futures = [commits.submit(mail(b"%d" % n)) for n in range(10)]
    threading.Timer(0.05, sink.gate.set).start()
    commits.close()
    assert all(future.done() and not future.exception() for future in futures)
    with pytest.raises(Overloaded):
        commits.submit(mail(b"late"))


def test_a_wait_given_up_does_not_stop_the_rest(sink, commits):
    sink.gate.clear()
    first = commits.submit(mail(b"first"))
    given_up = [commits.submit(mail(b"gone")) for _ in range(3)]
    for future in given_up:
        future.cancel()
    sink.gate.set()
    first.result(10)
    commits.submit(mail(b"last")).result(10)
    assert sink.kept[0] == b"first"
    assert sink.kept[-1] == b"last"


def test_many_threads_and_an_event_loop_share_it(sink, commits):
    async def gather():
        return await asyncio.gather(*(commits.accept(mail(b"a%d" % n)) for n in range(50)))

    with ThreadPoolExecutor(8) as pool:
        sync = list(pool.map(lambda n: commits.submit(mail(b"s%d" % n)).result(10), range(50)))
        concurrent = asyncio.run(gather())
    assert len({accepted.id for [accepted] in [*sync, *concurrent]}) == 100
