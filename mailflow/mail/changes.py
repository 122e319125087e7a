"""Storing messages: many at once, one statement a table, inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from mailflow.lib import blobs, bulk
from mailflow.mail.language import language_of
from mailflow.mail.models import Attachment, Message, Thread, ThreadReference
from mailflow.mail.subjects import read_subject
from mailflow.mail.understand import PARSER_VERSION, Understood, calendar_json

# Most ids that a message may tell us of its thread; a client that lists more is broken or hostile.
_MOST_REFERENCES = 50


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to store. `thread_id` None starts a thread."""

    content_key: str
    raw_sha256: str
    size_bytes: int
    understood: Understood
    received_at: datetime
    thread_id: int | None
    reused_id: bool = False


def keep_attachments(understood: Sequence[Understood], max_bytes: int) -> None:
    """Puts the attachments of at most `max_bytes` into the store, before any row names them."""
    contents = {
        attachment.sha256: attachment.content
        for one in understood
        for attachment in one.parsed.attachments
        if attachment.size_bytes <= max_bytes
    }
    for sha256, content in contents.items():
        blobs.put(sha256, content)


def store_messages(
    news: Sequence[NewMessage], preview_length: int, max_attachment_bytes: int
) -> dict[str, Message]:
    """Stores messages with their threads, references and attachments; by content key.

    A content key that another transaction stored meanwhile gives that message.
    """
    threads = _start_threads([new for new in news if new.thread_id is None])
    rows = [_row(new, new.thread_id or threads[new.content_key], preview_length) for new in news]
    bulk.insert(rows, ignore_conflicts=connection.vendor == "postgresql")
    if connection.vendor == "postgresql":  # rows that lost a race came back without an id
        rows = list(Message.objects.filter(content_key__in=[new.content_key for new in news]))
    stored = {row.content_key: row for row in rows}
    _index(rows)
    _remember_references(news, stored)
    bulk.insert(
        [
            row
            for new in news
            for row in attachment_rows(
                stored[new.content_key], new.understood, new.received_at, max_attachment_bytes
            )
        ],
        ignore_conflicts=True,
    )
    _touch_threads(news, stored)
    return stored


def _start_threads(news: Sequence[NewMessage]) -> dict[str, int]:
    threads = [
        Thread(
            subject=read_subject(new.understood.parsed.subject).base[:200],
            created_at=new.received_at,
            last_message_at=new.received_at,
        )
        for new in news
    ]
    bulk.insert(threads)
    return {new.content_key: thread.pk for new, thread in zip(news, threads, strict=True)}


def _row(new: NewMessage, thread_id: int, preview_length: int) -> Message:
    row = Message(
        content_key=new.content_key,
        raw_sha256=new.raw_sha256,
        size_bytes=new.size_bytes,
        thread_id=thread_id,
        received_at=new.received_at,
        authentication=new.understood.authentication,
        **message_fields(new.understood, preview_length),
    )
    if new.reused_id:
        row.flags.append("message_id_reused")
    return row


def message_fields(understood: Understood, preview_length: int) -> dict[str, Any]:
    """The columns of a message that say what was read from its raw bytes."""
    parsed, author = understood.parsed, understood.author
    return {
        "message_id": parsed.message_id[:255],
        "from_address": author.address,
        "from_name": author.name,
        "recipients": {
            "to": [[a.name, a.address] for a in parsed.to[:500]],
            "cc": [[a.name, a.address] for a in parsed.cc[:500]],
            "reply_to": [[a.name, a.address] for a in parsed.reply_to[:20]],
        },
        "subject": parsed.subject[:998],
        "date": parsed.date,
        "preview": preview_of(parsed.text, preview_length),
        "text": parsed.text,
        "language": language_of(parsed.text),
        "html": understood.html,
        "message_class": understood.classification.kind,
        "class_reason": understood.classification.reason[:200],
        "calendar": calendar_json(parsed.calendar),
        "flags": list(understood.flags),
        "parser_version": PARSER_VERSION,
    }


def preview_of(text: str, length: int) -> str:
    """The beginning of a text on one line, at most `length` characters."""
    return " ".join(text[: length * 3].split())[:length]


def _index(rows: Sequence[Message]) -> None:
    """Adds new rows to the full-text index of SQLite; PostgreSQL's is a generated column."""
    if connection.vendor != "sqlite" or not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mail_message_fts(rowid, subject, sender, text)"  # noqa: S608 (placeholders)
            " SELECT id, subject, sender, text FROM mail_message_words"
            f" WHERE id IN ({', '.join(['%s'] * len(rows))})",
            [row.pk for row in rows],
        )


def references_of(understood: Understood) -> tuple[str, ...]:
    """The ids that say which thread a message belongs to, nearest parent first, no repeats."""
    parsed = understood.parsed
    ids = dict.fromkeys((*parsed.in_reply_to, *reversed(parsed.references)))
    ids.pop(parsed.message_id, None)
    return tuple(id[:255] for id in ids if id)[:_MOST_REFERENCES]


def _remember_references(news: Sequence[NewMessage], stored: dict[str, Message]) -> None:
    rows = [
        ThreadReference(thread_id=stored[new.content_key].thread_id, message_id=id)
        for new in news
        for id in dict.fromkeys(
            (new.understood.parsed.message_id[:255], *references_of(new.understood))
        )
        if id
    ]
    bulk.insert(rows, ignore_conflicts=True)


def attachment_rows(
    message: Message, understood: Understood, at: datetime, max_bytes: int
) -> list[Attachment]:
    """A row for each attachment; one over `max_bytes` is a fact without content."""
    return [
        Attachment(
            message=message,
            position=one.position,
            filename=one.filename[:255],
            content_type=one.content_type[:127],
            size_bytes=one.size_bytes,
            sha256=one.sha256,
            content_id=one.content_id[:255],
            inline=one.disposition == "inline",
            kind=one.kind,
            stored=one.size_bytes <= max_bytes,
            created_at=at,
        )
        for one in understood.parsed.attachments
    ]


def _touch_threads(news: Sequence[NewMessage], stored: dict[str, Message]) -> None:
    for new in news:
        if new.thread_id is not None:
            Thread.objects.filter(id=new.thread_id, last_message_at__lt=new.received_at).update(
                last_message_at=new.received_at
            )
