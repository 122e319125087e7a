"""The door: opened by the right key alone, closed again for good, and every try is written down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from mailflow.accounts.models import User
from mailflow.accounts.sessions import remove_expired
from mailflow.history.models import Event
from mailflow.preferences.changes import save

pytestmark = pytest.mark.django_db
KEY = "a-long-admin-key-of-this-test"


@pytest.fixture(autouse=True)
def _key(with_option):
    with_option(admin_api_key=KEY)


def sign_in(client: Client, key: str = KEY, **more):
    return client.post("/login", {"key-key": key, **more})


def test_a_stranger_is_sent_to_the_sign_in_page_and_back(client):
    away = client.get("/settings?x=1")
    assert (away.status_code, away["Location"]) == (302, "/login?next=%2Fsettings%3Fx%3D1")
    assert sign_in(client, next="/settings?x=1")["Location"] == "/settings?x=1"
    assert client.get("/settings").status_code == 200


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client):
    answer = client.get("/settings", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/login")


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
     "http:evil.example", "\thttps://evil.example", "/login", "///evil.example"],
)  # fmt: skip
def test_sign_in_leads_to_no_foreign_place(client, target):
    assert sign_in(client, next=target)["Location"] == "/"
    client.post("/logout")
    assert sign_in(client, next="")["Location"] == "/"


@pytest.mark.parametrize("key", ["wrong", "", KEY[:-1], KEY + "x", "dev-admin-key", "\0", "é"])
def test_a_wrong_key_opens_nothing(client, key):
    assert sign_in(client, key).status_code in (400, 401)
    assert client.get("/settings").status_code == 302


def test_every_sign_in_and_refusal_is_in_the_audit_log(client):
    sign_in(client, "wrong")
    sign_in(client)
    client.post("/logout")
    events = Event.objects.filter(audit=True).order_by("id")
    assert [event.kind for event in events] == ["sign_in_refused", "signed_in", "signed_out"]
    assert {event.client_address for event in events} == {"127.0.0.1"}
    assert "wrong" not in "".join(event.summary for event in events)


def test_guessing_is_stopped(client):
    answers = [sign_in(client, f"guess {n}").status_code for n in range(30)]
    assert answers == [401] * 10 + [429] * 20
    assert sign_in(client).status_code == 429
    assert Event.objects.filter(kind="sign_in_refused").count() == 10


def test_a_forwarded_address_does_not_get_more_guesses(client):
    answers = [
        client.post("/login", {"key-key": "x"}, headers={"X-Forwarded-For": f"9.9.9.{n}"})
        for n in range(12)
    ]
    assert answers[-1].status_code == 429


def test_signing_in_gives_a_new_session_and_a_new_csrf_token(client):
    client.get("/login")
    client.cookies["mf_session"] = "fixed-by-an-attacker"
    before = client.cookies["mf_csrf"].value
    sign_in(client)
    assert client.cookies["mf_session"].value != "fixed-by-an-attacker"
    assert client.cookies["mf_csrf"].value != before


def test_the_cookie_is_worth_nothing_after_sign_out(client):
    sign_in(client)
    stolen = client.cookies["mf_session"].value
    client.post("/logout")
    thief = Client()
    thief.cookies["mf_session"] = stolen
    assert thief.get("/settings").status_code == 302
    assert thief.get("/api/v1/stats").status_code == 401


def test_a_new_admin_key_ends_the_sessions_of_the_old_one(client, with_option):
    sign_in(client)
    with_option(admin_api_key="another-key-of-this-test")
    assert client.get("/settings").status_code == 302


def test_a_key_saved_in_the_settings_works_where_the_operator_gave_none(client, with_option):
    with_option(admin_api_key="")
    save({"admin_api_key": "saved-in-the-settings"}, "Ada")
    assert sign_in(client, "dev-admin-key").status_code == 401
    assert sign_in(client, "saved-in-the-settings").status_code == 302


def test_sessions_that_are_over_are_removed(client):
    sign_in(client)
    Session.objects.create(session_key="old", expire_date=timezone.now() - timedelta(days=1))
    remove_expired(timezone.now())
    assert Session.objects.count() == 1
    assert client.get("/settings").status_code == 200


def test_forms_from_foreign_pages_are_refused():
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403
    assert client.post("/logout").status_code == 403


def test_signing_out_needs_a_post(client):
    sign_in(client)
    assert client.get("/logout").status_code == 405
    assert client.get("/settings").status_code == 200


@pytest.fixture
def dora() -> User:
    return User.objects.create_user("dora@demo.example", password="correct horse", role="admin")


def by_password(client: Client, password: str = "correct horse", email="Dora@demo.example"):
    return client.post("/login", {"person-email": email, "person-password": password})


def test_a_person_signs_in_with_address_and_password(client, dora):
    assert by_password(client).status_code == 302
    assert client.get("/settings").status_code == 200


def test_a_persons_session_ends_with_the_password_or_the_account(client, dora):
    by_password(client)
    dora.set_password("another")
    dora.save()
    assert client.get("/settings").status_code == 302
    by_password(client, "another")
    User.objects.update(is_active=False)
    assert client.get("/settings").status_code == 302
    assert by_password(client, "another").status_code == 401


def test_an_unknown_person_is_told_the_same_as_one_with_a_wrong_password(client, dora):
    unknown, wrong = by_password(client, email="x@y.example"), by_password(client, "wrong")
    assert unknown.status_code == wrong.status_code == 401
    assert "do not belong together" in unknown.content.decode()
    assert "do not belong together" in wrong.content.decode()


def test_one_account_cannot_be_guessed_from_many_addresses(dora, with_option):
    with_option(trusted_proxies=("127.0.0.1",))
    from mailflow.lib import request_middleware

    request_middleware._proxies.cache_clear()
    try:
        answers = [Client(headers={"X-Forwarded-For": f"9.9.{n}.1"}) for n in range(22)]
        codes = [by_password(client, "guess").status_code for client in answers]
    finally:
        request_middleware._proxies.cache_clear()
    assert codes == [401] * 20 + [429] * 2


def test_an_agent_may_not_open_the_settings(client, ada):
    ada.user.set_password("correct horse")
    ada.user.save()
    by_password(client, email=ada.user.username)
    assert client.get("/settings").status_code == 403
    assert client.get("/inboxes").content.decode().count("support@demo.example") > 0


def test_the_page_is_in_arabic_too(client):
    client.cookies["mf_lang"] = "ar"
    page = client.get("/login").content.decode()
    assert 'dir="rtl"' in page
    assert "Sign in" not in page


def test_pages_are_not_kept_by_caches(client):
    assert "no-store" in client.get("/login")["Cache-Control"]


def test_guesses_at_once_are_counted_exactly(with_option):
    from mailflow.accounts.sessions import TRIES_PER_CLIENT
    from mailflow.lib.ratelimit import Allowed
    from mailflow.lib.request_middleware import limiter

    with ThreadPoolExecutor(16) as pool:
        answers = pool.map(lambda _: limiter().hit(TRIES_PER_CLIENT, "x"), range(200))
    assert sum(isinstance(answer, Allowed) for answer in answers) == 10
