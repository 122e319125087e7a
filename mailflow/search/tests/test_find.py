"""A search finds the same emails on SQLite and PostgreSQL, and only those the actor may see."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailflow.mail.models import Attachment, Email, Message, Thread
from mailflow.search import find
from mailflow.search.query import parse
from tests.cast import NOW, Agent

pytestmark = pytest.mark.django_db


def arrival(
    number: int, text: str = "", subject: str = "", sender: str = "cy@customer.example", **more: Any
) -> Email:
    """A stored email with its index entry, as processing leaves it."""
    thread = Thread.objects.create(created_at=NOW, last_message_at=NOW)
    message = Message.objects.create(
        id=number, content_key=f"k{number}", raw_sha256=f"r{number}", size_bytes=1, thread=thread,
        from_address=sender, from_name="Cy", subject=subject, text=text, received_at=NOW,
        message_class=more.pop("message_class", "ordinary"),
    )  # fmt: skip
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO mail_message_fts(rowid, subject, sender, text)"
                " SELECT id, subject, sender, text FROM mail_message_words WHERE id = %s",
                [message.pk],
            )
    more.setdefault("recipient", "support@demo.example")
    when = NOW + timedelta(minutes=number)
    return Email.objects.create(
        id=number, message=message, received_at=when, processed_at=when, **more
    )


def found(text: str) -> list[int]:
    emails = find.matching(Email.objects.all(), parse(text)).order_by("-id")
    return list(emails.values_list("id", flat=True))


@pytest.fixture
def _mail() -> None:
    arrival(1, "Where is my late parcel?", "A question", tags=["VIP", "عاجل"])
    arrival(2, "The parcel came late, thanks", "Re: A question", status="spam")
    arrival(3, "Invoice INV-2041 attached", "Invoice", "billing@shop.example")
    arrival(4, "أين الطرد؟ شكرا", "Café résumé", message_class="list", recipient="x@demo.example")
    Attachment.objects.create(
        message_id=3, position=0, filename="a.pdf", size_bytes=1, sha256="s", created_at=NOW
    )


@pytest.mark.parametrize("few", [find.FEW, 0], ids=["few hits", "many hits"])
@pytest.mark.usefixtures("_mail")
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("parcel", [2, 1]),
        ("PARCEL late", [2, 1]),
        ('"late parcel"', [1]),
        ("parcel -thanks", [1]),
        ("-parcel", [4, 3]),
        ("parc*", [2, 1]),
        ("parc", []),
        ("from:shop.example", [3]),
        ("from:billing@shop.example", [3]),
        ("shop.example", [3]),
        ("subject:question", [2, 1]),
        ("subject:parcel", []),
        ("subject:quest* -subject:re", [1]),
        ("INV-2041", [3]),
        ("الطرد", [4]),
        ("café", [4]),
        ("has:attachment", [3]),
        ("-has:attachment parcel", [2, 1]),
        ("has:wings", []),
        ("class:list", [4]),
        ("status:spam", [2]),
        ("tag:vip", [1]),
        ("tag:عاجل", [1]),
        ("to:x@demo", [4]),
        ("parcel status:spam", [2]),
        ("", [4, 3, 2, 1]),
        ("parcel AND late OR", []),
    ],
)
def test_a_search_finds(
    text: str, ids: list[int], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "FEW", few)
    assert found(text) == ids


def test_bo_finds_none_of_adas_mail(ada: Agent, bo: Agent) -> None:
    arrival(1, "secret parcel", inbox=ada.inbox)
    seen_by = {
        agent.inbox.name: find.matching(
            Email.objects.visible_to(agent.actor), parse("parcel")
        ).count()
        for agent in (ada, bo)
    }
    assert seen_by == {"Support": 1, "Billing": 0}


def test_a_search_by_inbox(ada: Agent) -> None:
    arrival(1, "parcel", inbox=ada.inbox)
    assert found("inbox:support") == [1]
    assert found("-inbox:support") == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("ab\"'*:-()^\\%&|!<>@ AND\0؟é̀")))
def test_no_text_is_an_error(text: str) -> None:
    found(text)
