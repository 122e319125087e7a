"""Bo works on another inbox than Ada: no page, route, list or search shows him Ada's mail, and
nothing he sends changes it. A viewer reads and changes nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client

from config.api import api
from mailflow.accounts.models import User
from mailflow.accounts.permissions import SYSTEM
from mailflow.accounts.sessions import USER_MARK
from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.worker import configured_checker, run_once
from mailflow.inboxes import lookup
from mailflow.mail.models import Attachment, Email
from mailflow.rules.changes import save_rule
from mailflow.tickets.models import HeldMessage, Ticket
from tests.flows.test_closed_to_strangers import ADDRESSES

pytestmark = pytest.mark.django_db
CANARY = "kanarienvogel"
RAW = f"""\
From: Cy <cy@customer.example>
To: support@demo.example
Subject: {CANARY} subject
Message-ID: <{CANARY}@customer.example>
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain

{CANARY} text
--x
Content-Type: text/plain; name={CANARY}.txt
Content-Disposition: attachment; filename={CANARY}.txt

{CANARY} file
--x--
""".replace("\n", "\r\n").encode()
REPLY = f"""\
From: Eve <eve@elsewhere.example>
To: support@demo.example
Subject: Re: {CANARY}
Message-ID: <2@elsewhere.example>
References: <{CANARY}@customer.example>

{CANARY} again
""".replace("\n", "\r\n").encode()


@pytest.fixture
def ids(ada: Any, bo: Any, with_option: Any) -> dict[str, int]:
    """Ada has an email with an attachment, a ticket of it, and a held message."""
    with_option(api_requests_per_minute=0)
    lookup.forget()
    save_rule({"name": "Intake", "actions": [{"type": "create_ticket"}]}, SYSTEM)
    for raw in (RAW, REPLY):
        accept_batch([IncomingMail(raw, "cy@customer.example", ("support@demo.example",), "test")])
        while run_once(configured_checker(), "tester"):
            pass
    email = Email.objects.earliest("id")
    return {
        "email": email.pk,
        "attachment": Attachment.objects.get().pk,
        "ticket": Ticket.objects.get().pk,
        "held": HeldMessage.objects.get().pk,
        "inbox": ada.inbox.pk,
    }


def signed_in(user: User) -> Client:
    client = Client()
    session = client.session
    session[USER_MARK] = [user.pk, user.get_session_auth_hash()]
    session.save()
    client.cookies["mf_session"] = session.session_key
    return client


def filled(path: str, ids: dict[str, int]) -> str:
    """The address with Ada's ids in it."""
    for noun in ("emails", "tickets", "attachments", "held", "inboxes"):
        singular = {"inboxes": "inbox"}.get(noun, noun.removesuffix("s"))
        path = re.sub(rf"(/{noun}/)(1|\{{\w+\}})", rf"\g<1>{ids[singular]}", path)
    return re.sub(r"\{\w+\}", "1", path)


def everything() -> str:
    """The whole database but sessions, as text."""
    return "\n".join(
        serializers.serialize("json", model._default_manager.order_by("pk"))
        for model in apps.get_models()
        if model._meta.label not in ("sessions.Session", "history.Event")
    )


def requests() -> Iterator[tuple[str, str]]:
    for path in ADDRESSES:
        yield "POST", path
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            if method != "get":
                yield method.upper(), path


def test_ada_sees_it(ids: dict[str, int], ada: Any) -> None:
    client = signed_in(ada.user)
    for path in (
        "/emails",
        f"/emails/{ids['email']}",
        f"/tickets/{ids['ticket']}",
        "/api/v1/emails",
    ):
        assert CANARY in client.get(path).content.decode(), path


def test_bo_reads_nothing_of_it(ids: dict[str, int], bo: Any) -> None:
    client = signed_in(bo.user)
    for path in ADDRESSES:
        for query in ("", f"?q={CANARY}&keyword={CANARY}&limit=50"):
            answer = client.get(filled(path, ids) + query)
            content = b"".join(answer) if answer.streaming else answer.content
            shown = content.decode("utf-8", "replace").replace(f"={CANARY}", "")
            # His own words in the search field and in what it answers.
            for own in (f'value="{CANARY}"', f'"query":"{CANARY}"'):
                shown = shown.replace(own, "")
            assert CANARY not in shown, path
            assert answer.status_code < 500, path


def send_everything(client: Client, ids: dict[str, int]) -> None:
    """Every request that could change something, with Ada's ids; none may fail on our side."""
    form = {
        "status": "closed",
        "body": "x",
        "text": "x",
        "name": "x",
        "tags": "x",
        "action": "join",
    }
    for method, path in requests():
        if path in ("/login", "/logout", "/theme", "/lang/toggle"):
            continue
        here = filled(path, ids)
        if path.startswith("/api/"):
            answer = client.generic(method, here, b'{"status": "closed"}', "application/json")
        else:
            answer = client.post(here, form)
        assert answer.status_code < 500, (method, path, answer.status_code)


def test_ada_can_change_it(ids: dict[str, int], ada: Any) -> None:
    before = everything()
    send_everything(signed_in(ada.user), ids)
    assert everything() != before


def test_bo_changes_nothing_of_it(ids: dict[str, int], bo: Any) -> None:
    before = everything()
    send_everything(signed_in(bo.user), ids)
    assert everything() == before


def test_a_viewer_changes_nothing(ids: dict[str, int], ada: Any) -> None:
    User.objects.filter(pk=ada.user.pk).update(role="viewer")
    client = signed_in(User.objects.get(pk=ada.user.pk))
    assert client.get(f"/emails/{ids['email']}").status_code == 200
    before = everything()
    send_everything(client, ids)
    assert everything() == before
