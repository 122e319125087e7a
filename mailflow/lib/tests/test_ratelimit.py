"""Exactly so many and no more, however many at once, and a dead cache opens nothing."""

import shutil
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from mailflow.lib.ratelimit import Allowed, Limit, Limiter, Refused

LIMIT = Limit("api", 120, 60)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_600_at_once_against_a_limit_of_120_lets_120_through():
    limiter = Limiter()
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: limiter.hit(LIMIT, "203.0.113.9"), range(600)))
    assert sum(isinstance(answer, Allowed) for answer in answers) == 120


def test_the_window_moves():
    clock = Clock()
    limiter = Limiter(clock=clock)
    two = Limit("two", 2, 60)
    assert limiter.hit(two, "a") == Allowed(1, 60)
    clock.now += 40
    assert limiter.hit(two, "a") == Allowed(0, 20)
    assert limiter.hit(two, "a") == Refused(20)
    clock.now += 20
    assert limiter.hit(two, "a") == Allowed(0, 40)
    assert limiter.hit(two, "a") == Refused(40)


def test_keys_and_limits_are_counted_apart():
    limiter = Limiter()
    one, other = Limit("one", 1, 60), Limit("other", 1, 60)
    assert isinstance(limiter.hit(one, "a"), Allowed)
    assert isinstance(limiter.hit(one, "b"), Allowed)
    assert isinstance(limiter.hit(other, "a"), Allowed)
    assert isinstance(limiter.hit(one, "a"), Refused)


def test_a_limit_of_nothing_refuses():
    assert Limiter(clock=Clock()).hit(Limit("none", 0, 60), "a") == Refused(60)


def test_forgetting_starts_again():
    limiter = Limiter()
    one = Limit("one", 1, 60)
    limiter.hit(one, "a")
    limiter.forget(one, "a")
    assert isinstance(limiter.hit(one, "a"), Allowed)


def test_a_million_addresses_do_not_stay_in_memory():
    clock = Clock()
    limiter = Limiter(clock=clock)
    for batch in range(10):
        clock.now += 61
        for n in range(5_000):
            limiter.hit(LIMIT, f"{batch}-{n}")
    assert len(limiter._local._times) <= 15_001


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_dead_cache_is_noticed_once_and_limits_go_on(caplog):
    limiter = Limiter(f"redis://127.0.0.1:{_free_port()}/0")
    two = Limit("two", 2, 60)
    answers = [limiter.hit(two, "a") for _ in range(3)]
    assert [type(answer) for answer in answers] == [Allowed, Allowed, Refused]
    assert limiter.state == "cache unreachable"
    assert len(caplog.records) == 1


def test_a_cache_that_accepts_and_never_answers_costs_half_a_second_once():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        limiter = Limiter(f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        assert isinstance(limiter.hit(LIMIT, "a"), Allowed)
        assert limiter.state == "cache unreachable"


SERVER = shutil.which("valkey-server") or shutil.which("redis-server")


@pytest.fixture
def cache_url(tmp_path):
    """A real server on a free port."""
    if SERVER is None:
        pytest.skip("needs valkey-server or redis-server: apt-get install redis-server")
    port = _free_port()
    command = [SERVER, "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        for line in server.stdout:
            if "eady to accept connections" in line:
                break
        yield f"redis://127.0.0.1:{port}/0", server
        server.kill()


@pytest.mark.valkey
def test_with_a_cache_several_processes_share_one_exact_count(cache_url):
    url, _ = cache_url
    limiters = [Limiter(url) for _ in range(4)]
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda n: limiters[n % 4].hit(LIMIT, "a"), range(600)))
    assert sum(isinstance(answer, Allowed) for answer in answers) == 120
    assert {limiter.state for limiter in limiters} == {"shared"}


@pytest.mark.valkey
def test_a_cache_that_dies_is_replaced_and_one_that_returns_is_used(cache_url, caplog):
    url, server = cache_url
    clock = Clock()
    limiter = Limiter(url, clock)
    limiter.hit(LIMIT, "a")
    limiter.forget(LIMIT, "a")
    server.kill()
    server.wait()
    assert isinstance(limiter.hit(LIMIT, "a"), Allowed)
    assert limiter.state == "cache unreachable"
    port = url.rpartition(":")[2].removesuffix("/0")
    again = subprocess.Popen(
        [SERVER, "--port", port, "--save", ""], stdout=subprocess.PIPE, text=True
    )
    with again:
        assert again.stdout is not None
        next(line for line in again.stdout if "eady to accept connections" in line)
        clock.now += 11
        assert limiter.hit(LIMIT, "a") == Allowed(119, 60)
        assert limiter.state == "shared"
        again.kill()
    assert len(caplog.records) == 2
