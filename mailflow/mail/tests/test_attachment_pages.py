"""Attachments: only downloads, only of mail one may see, told to the history."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from mailflow.accounts.permissions import Actor
from mailflow.history.models import Event
from mailflow.inboxes.models import Inbox
from mailflow.lib import blobs
from mailflow.mail.models import Attachment, Email, Message, Thread

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HTML = b"<script>alert(1)</script>"


def attach(name: str, content: bytes = HTML, inbox: Inbox | None = None, **more: Any) -> Attachment:
    n = Message.objects.count() + 1
    message = Message.objects.create(
        content_key=str(n),
        raw_sha256=str(n),
        size_bytes=1,
        thread=Thread.objects.create(created_at=NOW, last_message_at=NOW),
        received_at=NOW,
        subject=f"Subject {n}",
    )
    Email.objects.create(
        id=n, message=message, recipient=f"{n}@b.example", inbox=inbox, received_at=NOW,
        processed_at=NOW,
    )  # fmt: skip
    digest = sha256(content).hexdigest()
    blobs.put(digest, content)
    facts = {"content_type": "text/html", "created_at": NOW, "size_bytes": len(content), **more}
    return Attachment.objects.create(
        message=message, position=0, filename=name, sha256=digest, **facts
    )


def test_a_file_is_downloaded_and_never_shown(as_admin: Client) -> None:
    row = attach("page.html")
    response = as_admin.get(f"/attachments/{row.pk}/download")
    assert b"".join(response.streaming_content) == HTML  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="page.html"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert Event.objects.get(kind="attachment_downloaded").email_id == 1


@pytest.mark.parametrize("name", ["تقرير.pdf", 'a"b\\c.txt', "", "x" * 255])
def test_a_name_of_any_kind_makes_one_sound_header(as_admin: Client, name: str) -> None:
    response = as_admin.get(f"/attachments/{attach(name).pk}/download")
    assert response["Content-Disposition"].startswith("attachment; filename")
    response.close()


def test_what_is_not_kept_is_listed_and_cannot_be_downloaded(as_admin: Client) -> None:
    row = attach("big.iso", stored=False)
    assert "content not kept" in as_admin.get("/attachments").content.decode()
    assert as_admin.get(f"/attachments/{row.pk}/download").status_code == 404


def test_bo_finds_nothing_of_adas(ada: Any, bo: Any, as_actor: Callable[[Actor], Client]) -> None:
    row = attach("secret.pdf", inbox=ada.inbox)
    browser = as_actor(bo.actor)
    assert "secret.pdf" not in browser.get("/attachments").content.decode()
    assert browser.get(f"/attachments/{row.pk}/download").status_code == 404
    own = as_actor(ada.actor).get(f"/attachments/{row.pk}/download")
    assert own.status_code == 200
    own.close()


def test_files_are_found_by_name_and_type(as_admin: Client) -> None:
    attach("photo.png", content_type="image/png")
    attach("report.pdf", content_type="application/pdf")
    page = as_admin.get("/attachments?q=PHOTO&type=image").content.decode()
    assert "photo.png" in page
    assert "report.pdf" not in page
    assert "No attachment has such" in as_admin.get("/attachments?q=none").content.decode()


def test_the_list_takes_two_queries_however_many_files(
    as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(8):
        attach(f"{n}.txt")
    with django_assert_max_num_queries(2):
        as_admin.get("/attachments")


@pytest.mark.parametrize("pk", ["99", str(2**63), "9" * 40])
def test_a_file_that_is_not_there_is_not_found(as_admin: Client, pk: str) -> None:
    assert as_admin.get(f"/attachments/{pk}/download").status_code == 404


def test_the_api_lists_and_serves_files(api_client: Client) -> None:
    kept, gone = attach("a.txt", b"text"), attach("b.txt", stored=False)
    rows = api_client.get("/api/v1/attachments").json()["attachments"]
    assert [(row["id"], row["stored"]) for row in rows] == [(gone.pk, False), (kept.pk, True)]
    assert rows[1]["email_id"] == 1
    file = api_client.get(f"/api/v1/attachments/{kept.pk}/download")
    assert b"".join(file.streaming_content) == b"text"  # type: ignore[attr-defined]
    assert "sandbox" in file["Content-Security-Policy"]
    missing = api_client.get(f"/api/v1/attachments/{gone.pk}/download")
    assert (missing.status_code, missing.json()["error"]) == (404, "not_found")
