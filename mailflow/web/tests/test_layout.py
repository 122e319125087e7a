"""What every page has: theme, language, policy, and errors that say what to do."""

import pytest
from django.test import Client

from mailflow.web import appearance

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cookie", [None, "", "neon", 'light"><script>'])
def test_an_unknown_theme_follows_the_device(cookie: str | None) -> None:
    assert appearance.theme(cookie) == "auto"


def test_the_chosen_theme_comes_with_the_page(as_admin: Client) -> None:
    answer = as_admin.post("/theme", {"theme": "dark", "next": "/emails"})
    assert answer["Location"] == "/emails"
    assert 'data-bs-theme="dark"' in as_admin.get("/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_the_theme_form_leads_nowhere_else(as_admin: Client, target: str) -> None:
    assert as_admin.post("/theme", {"theme": "dark", "next": target})["Location"] == "/"


def test_arabic_is_written_from_the_right_with_its_own_sheet(as_admin: Client) -> None:
    as_admin.post("/lang/toggle", {"language": "ar", "next": "/"})
    page = as_admin.get("/").content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert "tabler.rtl.min.css" in page
    assert "لوحة المتابعة" in page


def test_the_language_of_the_browser_is_the_first_choice(as_admin: Client) -> None:
    page = as_admin.get("/", headers={"accept-language": "ar-EG,ar;q=0.9"}).content.decode()
    assert 'dir="rtl"' in page
    assert 'dir="ltr"' in as_admin.get("/", headers={"accept-language": "fr"}).content.decode()


def test_every_page_carries_the_headers_that_close_it(as_admin: Client) -> None:
    answer = as_admin.get("/emails")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "'unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "'nonce-" in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cache-Control"] == "no-store"


def test_a_page_that_is_not_there_says_so_in_the_readers_language(as_admin: Client) -> None:
    answer = as_admin.get("/nowhere", headers={"accept-language": "ar"})
    assert answer.status_code == 404
    assert "لا شيء هنا" in answer.content.decode()
    assert answer["X-Frame-Options"] == "DENY"


def test_a_form_from_elsewhere_changes_nothing(as_admin: Client) -> None:
    strict = Client(enforce_csrf_checks=True, **as_admin.defaults)
    answer = strict.post("/theme", {"theme": "dark"})
    assert answer.status_code == 403
    assert "mf_theme" not in answer.cookies
    assert "Nothing was changed" in answer.content.decode()


def test_static_addresses_change_with_their_content(as_admin: Client) -> None:
    page = as_admin.get("/").content.decode()
    assert "/static/web/mailflow.css?v=" in page
