"""Fixtures: real servers, a real browser, and the running program."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import needs, postgresql, valkey
from tests.program import Program, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Without the last five, a browser on a closed network looks for its maker's servers for ever.
CHROMIUM_ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real messages: `mime`, `bounces`, `replies`."""
    return needs.corpus()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A fresh PostgreSQL server with the empty database `mailflow`."""
    if postgresql.binaries() is None:
        needs.missing("the PostgreSQL server", postgresql.INSTALL)
    with postgresql.server() as url:
        yield url


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A fresh Valkey or Redis server."""
    binary = needs.program("valkey-server", "redis-server", package="redis-server")
    with valkey.server(binary) as url:
        yield url


@pytest.fixture(scope="session")
def running_mailflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The running program with an empty SQLite store and one worker; shared by a whole run."""
    with running(tmp_path_factory.mktemp("running") / "data", "--workers", "1") as program:
        yield program


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A headless Chromium. No longer than a module: it holds the thread's event loop."""
    from playwright.sync_api import sync_playwright

    path = needs.program("chromium", package="chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A page of a fresh browser profile. The test fails where the page's scripts failed."""
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == [], "the page's scripts failed"
