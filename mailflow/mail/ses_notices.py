"""Notifications of Amazon SES that SNS sends by mail: JSON in the text. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["Bounce", "Complaint", "Delivery", "DeliveryDelay"]
_KINDS: Mapping[str, Kind] = {
    "Bounce": "Bounce",
    "Complaint": "Complaint",
    "Delivery": "Delivery",
    "DeliveryDelay": "DeliveryDelay",
}
# Where the recipients of each kind stand: the object, and the list in it.
_PLACES: Mapping[Kind, tuple[str, str]] = {
    "Bounce": ("bounce", "bouncedRecipients"),
    "Complaint": ("complaint", "complainedRecipients"),
    "Delivery": ("delivery", "recipients"),
    "DeliveryDelay": ("deliveryDelay", "delayedRecipients"),
}
_TEXT_CHARS = 300_000


@dataclass(frozen=True, slots=True)
class NoticeRecipient:
    """One recipient; `status` and `diagnostic` are "" where the notification has none."""

    address: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification. `message_id` is our own header's where Amazon was told to include it."""

    kind: Kind
    recipients: tuple[NoticeRecipient, ...]
    message_id: str
    reporting_mta: str
    feedback_type: str


def read_notice(text: str) -> Notice | None:
    """The notification in the text; None when there is none. Never raises."""
    start = text.find("{")
    if start < 0:
        return None
    # Sendmail breaks lines of 998 characters with "!", also inside of words (RFC 5322 2.1.1).
    whole = text[start : start + _TEXT_CHARS].replace("!\n ", "")
    try:
        found, _ = json.JSONDecoder(strict=False).raw_decode(whole)
    except (ValueError, RecursionError):
        return None
    notice = _object(found)
    kind = _KINDS.get(str(notice.get("notificationType") or notice.get("eventType")))
    return _read(kind, notice) if kind else None


def _read(kind: Kind, notice: Mapping[str, Any]) -> Notice:
    place, key = _PLACES[kind]
    event, mail = _object(notice.get(place)), _object(notice.get("mail"))
    listed = event.get(key)
    recipients = listed if isinstance(listed, list) else []
    common = _object(mail.get("commonHeaders"))
    return Notice(
        kind=kind,
        recipients=tuple(_recipient(one, event) for one in recipients[:200]),
        message_id=(_text(common.get("messageId")) or _text(mail.get("messageId"))).strip("<> "),
        reporting_mta=_text(event.get("reportingMTA")),
        feedback_type=_text(event.get("complaintFeedbackType")) or "abuse"
        if kind == "Complaint"
        else "",
    )


def _recipient(value: Any, event: Mapping[str, Any]) -> NoticeRecipient:
    if isinstance(value, str):
        return NoticeRecipient(value[:320], "", _text(event.get("smtpResponse")))
    fields = _object(value)
    return NoticeRecipient(
        address=_text(fields.get("emailAddress"))[:320],
        status=_text(fields.get("status")),
        diagnostic=_text(fields.get("diagnosticCode")),
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value[:1000] if isinstance(value, str) else ""
