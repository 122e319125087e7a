"""The servers that tests start are real, and are gone afterwards."""

import psycopg
import pytest
import redis
from playwright.sync_api import Page


@pytest.mark.postgresql
def test_the_postgresql_server_answers(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


@pytest.mark.valkey
def test_the_valkey_server_answers(valkey_url: str) -> None:
    with redis.Redis.from_url(valkey_url) as client:
        assert client.ping()


@pytest.mark.browser
def test_the_browser_shows_a_page(page: Page) -> None:
    page.set_content("<h1>سلام</h1>")
    assert page.inner_text("h1") == "سلام"
