"""In a real browser nothing of a stranger's HTML runs, fetches, submits or covers."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from mailflow.lib.html import sanitise, show
from mailflow.lib.tests.html_attacks import ATTACKS
from tests import needs

pytestmark = pytest.mark.browser

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LIST = needs.PROJECT.parent / "shared" / "spec" / "attacks.json"
# Runs once all has settled: clicks what can be clicked and reports what is left of the attack.
PROBE = """() => {
  for (const one of document.querySelectorAll("a, area, button, input, summary, [id]")) one.click();
  return {
    calls: window.canaryCalls,
    elements: [...document.body.querySelectorAll("*")].map((one) => one.localName),
    handlers: [...document.body.querySelectorAll("*")].flatMap((one) =>
      [...one.attributes].map((a) => a.name).filter((name) => name.startsWith("on"))),
    covers: [...document.body.querySelectorAll("*")].filter((one) =>
      !["static", ""].includes(getComputedStyle(one).position)).length,
    named: [...document.body.querySelectorAll("[id], [name]")].length,
  };
}"""
PAGE = """<!doctype html><meta charset=utf-8><script>
window.canaryCalls = 0; window.__x = () => { window.canaryCalls += 1; };
document.addEventListener("click", (event) => event.preventDefault());
</script><body>%s"""
FORBIDDEN = {
    "script", "style", "link", "meta", "base", "iframe", "frame", "object", "embed", "applet",
    "form", "input", "button", "select", "textarea", "dialog", "svg", "math", "video", "audio",
    "template", "noscript", "title", "map", "area", "source", "picture",
}  # fmt: skip


def _payloads() -> list[str]:
    listed = json.loads(LIST.read_text())["html"] if LIST.is_file() else []
    return [one["payload"] for one in listed] + ATTACKS


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = needs.program("chromium", "chromium-browser", package="chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    page = browser.new_page()
    page.set_default_timeout(10_000)
    return page


def _run(page: Page, html: str) -> tuple[dict[str, Any], list[str]]:
    """What the page reports, and every URL it asked for besides its own."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url == "http://mail.test/":
            route.fulfill(body=PAGE % html, content_type="text/html; charset=utf-8")
        else:
            asked.append(route.request.url)
            route.abort()

    page.unroute_all()
    page.route("**/*", answer)
    page.goto("http://mail.test/", wait_until="load")
    page.wait_for_function("document.readyState === 'complete'")
    return page.evaluate(PROBE), asked


def test_the_canary_sees_an_attack_that_is_let_through(page: Page) -> None:
    found, asked = _run(page, "<img src=http://canary.test:9/p.gif onerror=__x()>")
    assert asked == ["http://canary.test:9/p.gif"]
    page.wait_for_function("window.canaryCalls > 0")
    assert found["elements"] == ["img"]


@pytest.mark.parametrize("payload", _payloads(), ids=lambda payload: ascii(payload)[1:60])
def test_nothing_runs_fetches_submits_or_covers(page: Page, payload: str) -> None:
    cleaned = sanitise(payload).html
    found, asked = _run(page, show(cleaned))
    assert found["calls"] == 0
    assert asked == []
    assert not FORBIDDEN & set(found["elements"])
    assert (found["handlers"], found["covers"], found["named"]) == ([], 0, 0)
    assert page.evaluate("window.canaryCalls") == 0


def test_remote_pictures_are_fetched_only_when_asked_for(page: Page) -> None:
    cleaned = sanitise("<p>Hi<img src=http://canary.test:9/p.gif>").html
    assert _run(page, show(cleaned))[1] == []
    assert _run(page, show(cleaned, remote=True))[1] == ["http://canary.test:9/p.gif"]
