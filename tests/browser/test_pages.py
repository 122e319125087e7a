"""The pages in a real browser, in both directions of writing: one whole story, and every page's
accessibility, width and content policy."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.program import ADMIN_KEY, Program

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "ar")
DIRECTION = {"en": "ltr", "ar": "rtl"}
# In the running program a worker has a second to take a message, the page four to ask again.
LIVE_MS = 20_000
Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, running_mailflow: Program) -> Iterator[Open]:
    """Opens a signed-in page; afterwards its console must be free of errors."""
    complaints: list[str] = []
    contexts = []

    def opened(language: str = "en", theme: str = "light", width: int = 1280, **more: bool) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **more)  # type: ignore[arg-type]
        contexts.append(context)
        for name, value in (("mf_lang", language), ("mf_theme", theme)):
            context.add_cookies([{"name": name, "value": value, "url": running_mailflow.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.goto(f"{running_mailflow.url}/login")
        page.fill("input[type=password]", ADMIN_KEY)
        page.press("input[type=password]", "Enter")
        expect(page.locator("#figures")).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def support(running_mailflow: Program, browser: Browser) -> str:
    """The address of the starter pack's inbox."""
    context = browser.new_context(extra_http_headers=running_mailflow.headers)
    answer = context.request.post(f"{running_mailflow.url}/api/v1/starter-pack/apply", data={})
    address: str = answer.json()["starterPack"]["supportEmail"]
    context.close()
    return address


def letter(
    subject: str, to: str, body: str = "Hello", sender: str = "cy@customer.example"
) -> bytes:
    lines = [
        f"From: Cy <{sender}>", f"To: {to}", f"Subject: {subject}",
        f"Message-ID: <{uuid4()}@customer.example>", "Date: Mon, 02 Mar 2026 09:30:00 +0000",
        "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", body, "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize(
    "language", [LANGUAGES[0], pytest.param(LANGUAGES[1], marks=pytest.mark.slow)]
)
def test_mail_arrives_is_explained_and_a_rule_made_from_it_works(
    running_mailflow: Program, support: str, open_page: Open, language: str
) -> None:
    sender, subject = f"{uuid4().hex[:8]}@customer.example", f"Parcel {uuid4().hex[:8]}"
    page = open_page(language)
    expect(page.locator("html")).to_have_attribute("dir", DIRECTION[language])
    page.goto(f"{running_mailflow.url}/emails")
    page.evaluate("window.sameVisit = true")

    running_mailflow.send(letter(subject, support, sender=sender), sender, support)
    row = page.locator("[data-row-link]", has_text=subject)
    expect(row).to_be_visible(timeout=LIVE_MS)
    assert page.evaluate("window.sameVisit") is True, "the page was loaded again"

    row.click()
    page.click("a[href='#why']")
    page.click("a[href$='/why']")
    expect(page.locator(".rule-passed").first).to_be_visible()

    tag = f"tag{uuid4().hex[:8]}"
    page.click("a[href^='/rules/new']")
    page.click("#new-action")
    page.click("button[value='act:tag_email']")
    page.fill("[name$='.tags']", tag)
    page.click("button[value=test]")
    expect(page.locator("#result")).to_contain_text(subject)
    page.click("button.btn-primary[value=save]")
    page.wait_for_url("**/rules**")

    page.goto(f"{running_mailflow.url}/emails?tag={tag}")
    expect(page.locator("[data-row-link]")).to_have_count(0)
    running_mailflow.send(letter(subject, support, "Again", sender), sender, support)
    expect(page.locator("[data-row-link]", has_text=subject)).to_be_visible(timeout=LIVE_MS)


@pytest.mark.slow
def test_a_stranger_in_a_thread_is_held_and_joined_with_one_click(
    running_mailflow: Program, support: str, open_page: Open
) -> None:
    subject = f"Order {uuid4().hex[:8]}"
    first = letter(subject, support)
    message_id = first.split(b"Message-ID: ")[1].split(b"\r\n")[0]
    answer = letter(f"Re: {subject}", support, "I know!", "eve@other.example")
    answer = answer.replace(b"MIME-Version", b"In-Reply-To: " + message_id + b"\r\nMIME-Version")
    page = open_page()
    page.goto(f"{running_mailflow.url}/tickets")
    running_mailflow.send(first, "cy@customer.example", support)
    ticket = page.locator("[data-row-link]", has_text=subject)
    expect(ticket).to_be_visible(timeout=LIVE_MS)
    running_mailflow.send(answer, "eve@other.example", support)
    row = page.locator("tr", has=ticket)
    expect(row.locator(".mf-badge", has_text="held")).to_be_visible(timeout=LIVE_MS)
    ticket.click()
    expect(page.locator(".mf-timeline")).not_to_contain_text("I know!")
    page.click("button[value=joined]")
    expect(page.locator(".mf-timeline")).to_contain_text("I know!")
    page.fill("#note", "Eve is his wife.")
    page.click("form[action$='/notes'] button")
    expect(page.locator(".mf-note")).to_contain_text("Eve is his wife.")
    page.click(".mf-actions button[value=resolved]")
    expect(page.locator(".mf-under-title")).to_contain_text("Resolved")


PATHS = (
    "/", "/emails", "/emails?q=nothing-has-this-word", "/tickets", "/tickets?status=all",
    "/inboxes", "/inboxes/new", "/contacts", "/attachments", "/rules", "/rules/new", "/test",
    "/logs", "/settings",
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [
        pytest.param("en", "light", 1280, marks=pytest.mark.slow),
        ("ar", "dark", 1280),
        pytest.param("en", "dark", 390, marks=pytest.mark.slow),
        pytest.param("ar", "light", 390, marks=pytest.mark.slow),
    ],
)
def test_every_page_is_accessible_and_fits(
    running_mailflow: Program,
    support: str,
    open_page: Open,
    language: str,
    theme: str,
    width: int,
) -> None:
    subject = f"Look {uuid4().hex[:8]}"
    running_mailflow.send(letter(subject, support), "cy@customer.example", support)
    page = open_page(language, theme, width)
    page.goto(f"{running_mailflow.url}/emails")
    row = page.locator("[data-row-link]", has_text=subject)
    expect(row).to_be_visible(timeout=LIVE_MS)
    email = row.get_attribute("href")
    problems: list[str] = []
    for path in (*PATHS, f"{email}", f"{email}?view=headers", f"{email}/why"):
        page.goto(f"{running_mailflow.url}{path}")
        problems += [f"{path}: {one}" for one in _problems(page)]
    assert problems == []


def _problems(page: Page) -> list[str]:
    found = [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['target']}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    wider = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [*found, f"{wider} px too wide"] if wider > 0 else found


def test_the_keyboard_reaches_everything(
    running_mailflow: Program, support: str, open_page: Open
) -> None:
    running_mailflow.send(letter("Keys", support), "cy@customer.example", support)
    page = open_page()
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.wait_for_url("**/emails")
    expect(page.locator("[data-row-link]").first).to_be_visible(timeout=LIVE_MS)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.locator("#search").blur()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/emails/*")


def test_reading_and_deciding_need_no_javascript(
    running_mailflow: Program, support: str, open_page: Open
) -> None:
    subject = f"Plain {uuid4().hex[:8]}"
    running_mailflow.send(letter(subject, support), "cy@customer.example", support)
    live = open_page()
    live.goto(f"{running_mailflow.url}/emails")
    expect(live.locator("[data-row-link]", has_text=subject)).to_be_visible(timeout=LIVE_MS)
    page = open_page(java_script_enabled=False)
    page.goto(f"{running_mailflow.url}/emails?q={subject.replace(' ', '+')}")
    page.locator("[data-row-link]", has_text=subject).click()
    expect(page.locator(".mf-letter")).to_contain_text("Hello")
    page.select_option("#status", "spam")
    page.click("form[action$='/handling'] button")
    expect(page.locator(".mf-under-title")).to_contain_text("Spam")
    page.locator("details.mf-menu summary").first.click()
    page.click("button[value=dark]")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
