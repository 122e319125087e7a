"""Reading stored messages again, with today's parser: nothing is decided, nothing is sent."""

from dataclasses import dataclass

from django.db import transaction

from mailflow.history.changes import record
from mailflow.lib import bulk
from mailflow.mail.changes import attachment_rows, keep_attachments, message_fields
from mailflow.mail.models import Attachment, Email, Message, RawMessage
from mailflow.mail.parse import parse
from mailflow.mail.understand import read
from mailflow.preferences.values import current


@dataclass(frozen=True, slots=True)
class Reparsed:
    """Which fields of a message read differently now; empty when none does."""

    message_id: int
    changed: tuple[str, ...]


def reparse(message: Message, actor: str) -> Reparsed:
    """Reads the message's raw bytes again and stores what is read now, in one transaction.

    Thread, arrivals, tickets, authentication results and the decision stay as they are. Raises
    RawMessage.DoesNotExist when the raw message is not kept any more.
    """
    raw = RawMessage.objects.get(pk=message.raw_sha256)
    arrival = Email.objects.filter(message=message).order_by("id").first()
    sender = arrival.envelope_from if arrival else ""
    understood = read(parse(bytes(raw.content)), sender, message.authentication)
    preferences = current()
    keep_attachments([understood], preferences.max_attachment_bytes)
    fresh = message_fields(understood, preferences.max_stored_body_preview_length)
    if "message_id_reused" in message.flags:
        fresh["flags"] = [*fresh["flags"], "message_id_reused"]
    changed = tuple(name for name, value in fresh.items() if getattr(message, name) != value)
    with transaction.atomic():
        for name in changed:
            setattr(message, name, fresh[name])
        if changed:
            message.save(update_fields=changed)
        Attachment.objects.filter(message=message).delete()
        bulk.insert(
            attachment_rows(
                message, understood, message.received_at, preferences.max_attachment_bytes
            )
        )
        record(
            "email_reparsed",
            ", ".join(changed) or "nothing reads differently",
            actor=actor,
            subject=("message", message.pk),
            email_id=arrival.pk if arrival else None,
        )
    return Reparsed(message.pk, changed)
