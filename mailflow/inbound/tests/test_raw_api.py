"""A raw message over HTTP that is not taken is refused with a sentence, and nothing is kept."""

import time
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from mailflow.inbound.api import _first_use
from mailflow.inbound.models import SeenSignature, SpoolEntry
from mailflow.inbound.signature import sign
from mailflow.inboxes import lookup
from mailflow.inboxes.models import Inbox, InboxAddress

pytestmark = pytest.mark.django_db
KEY, SECRET = "a-long-admin-key-of-this-test", "a-signing-secret-of-this-test"
RAW = b"From: Cy <cy@customer.example>\r\nMessage-ID: <1@c.example>\r\nSubject: Hi\r\n\r\nHello\r\n"


@pytest.fixture(autouse=True)
def _open(with_option):
    with_option(
        admin_api_key=KEY, inbound_signing_secret=SECRET, api_requests_per_minute=0,
        recipient_policy="inboxes",
    )  # fmt: skip
    lookup.forget()
    now = timezone.now()
    inbox = Inbox.objects.create(name="Support", created_at=now, updated_at=now)
    InboxAddress.objects.create(inbox=inbox, address="support@demo.example")


def post(raw: bytes = RAW, to=("support@demo.example",), sender="cy@customer.example", **headers):
    query = "&".join([f"from={quote(sender)}", *(f"to={quote(one)}" for one in to)])
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client(headers=names).post(f"/api/v1/inbound/raw?{query}", raw, "message/rfc822")


def signed(raw: bytes = RAW, secret: str = SECRET, at: int | None = None) -> str:
    return sign(raw, secret, int(time.time()) if at is None else at)


@pytest.mark.parametrize(
    "header",
    [
        lambda: "",
        lambda: "t=1",
        lambda: "nonsense",
        lambda: "t=1,v1=00",
        lambda: signed(at=1),
        lambda: signed(secret="another"),
        lambda: signed(b"other"),
    ],
    ids=["none", "half", "nonsense", "wrong", "old", "another secret", "another body"],
)
def test_a_signature_that_is_wrong_or_old_opens_nothing(header):
    answer = post(X_MailFlow_Signature=header())
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")
    assert not SpoolEntry.objects.exists()


def test_without_a_secret_no_signature_is_right(with_option):
    with_option(inbound_signing_secret="")
    assert post(X_MailFlow_Signature=signed(secret="")).status_code == 401


@pytest.mark.parametrize(
    ("to", "sender"),
    [([], "cy@customer.example"), (["nonsense"], "cy@customer.example"),
     (["a@b.example\r\nBcc: x@y.example"], "cy@customer.example"),
     (["stranger@elsewhere.example"], "cy@customer.example"),
     (["support@demo.example"], "x\r\ny@z.example")],
)  # fmt: skip
def test_an_envelope_that_cannot_be_used_keeps_nothing(to, sender):
    answer = post(to=to, sender=sender, x_api_key=KEY)
    assert answer.status_code == 422
    assert not SpoolEntry.objects.exists()


def test_an_empty_message_is_refused():
    assert post(b"", x_api_key=KEY).status_code == 422


def test_old_signatures_are_forgotten():
    SeenSignature.objects.create(mac="old", seen_at=timezone.now() - timedelta(hours=1))
    assert _first_use("new")
    assert not _first_use("new")
    assert [one.mac for one in SeenSignature.objects.all()] == ["new"]
