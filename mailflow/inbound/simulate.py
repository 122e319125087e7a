"""Simulated arrivals: a message made from its parts, taken in for real or only rehearsed."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any

from django.utils import timezone

from mailflow.inbound.case import Case
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.keeping import keep
from mailflow.inbound.models import SpoolEntry
from mailflow.inbound.process import prepare
from mailflow.inbound.worker import configured_checker, process_now
from mailflow.lib.addresses import address_of
from mailflow.lib.claims import State
from mailflow.lib.refusals import Refused
from mailflow.lib.storable import is_storable
from mailflow.mail.models import Email
from mailflow.rules.models import Effect, Rule

_WAIT_S = 20.0
_LONGEST_TEXT = 250_000
# What the parts say already; a second one would contradict them.
_OURS = {"from", "to", "subject", "message-id", "date", "in-reply-to", "references",
         "content-type", "content-transfer-encoding", "mime-version"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Simulated:
    """The parts of a simulated message."""

    sender: str
    to: str
    subject: str
    text: str
    html: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    has_attachments: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became, or would become, of a simulated message."""

    event: dict[str, Any]
    matched_rules: list[dict[str, Any]]
    action_results: list[dict[str, Any]]


def build(parts: Simulated, now: datetime) -> bytes:
    """The raw message. Raises Refused for what no header or body can hold."""
    _check(parts)
    message = EmailMessage()
    message["From"] = parts.sender
    message["To"] = parts.to
    message["Subject"] = parts.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = _angled(parts.message_id) or make_msgid(domain="simulated.invalid")
    for name, value in (("In-Reply-To", parts.in_reply_to), ("References", parts.references)):
        if value:
            message[name] = " ".join(_angled(one) for one in value.split())
    for name, value in parts.headers.items():
        message[name] = value
    message.set_content(parts.text)
    if parts.html:
        message.add_alternative(parts.html, subtype="html")
    if parts.has_attachments:
        message.add_attachment(b"sample\n", "text", "plain", filename="sample.txt")
    return message.as_bytes()


def _check(parts: Simulated) -> None:
    problems: dict[str, str] = {}
    for name, value in (("from", parts.sender), ("to", parts.to)):
        if address_of(value) is None:
            problems[name] = f"{name}: write one e-mail address, as user@example.com."
    lines = {"subject": parts.subject, "messageId": parts.message_id,
             "inReplyTo": parts.in_reply_to, "references": parts.references}  # fmt: skip
    for name, value in (lines | {f"headers.{n}": v for n, v in parts.headers.items()}).items():
        if not is_storable(value, 998) or any(c in value for c in "\r\n"):
            problems[name] = f"{name}: at most 998 characters on one line."
    for name in parts.headers:
        legal = name.isascii() and all(33 <= ord(c) <= 126 and c != ":" for c in name)
        if not legal or not name or name.lower() in _OURS:
            problems[f"headers.{name[:40]}"] = "This is no header that can be added."
    for name, value in (("body", parts.text), ("htmlBody", parts.html)):
        if not is_storable(value, _LONGEST_TEXT):
            problems[name] = f"{name}: at most {_LONGEST_TEXT:,} characters, and no NUL."
    if problems:
        raise Refused(problems)


def _angled(id: str) -> str:
    bare = id.strip().strip("<>")
    return f"<{bare}>" if bare else ""


def rehearse(parts: Simulated) -> Outcome:
    """What would become of the message now. Nothing is stored and nothing is sent."""
    now = timezone.now()
    raw = build(parts, now)
    entry = SpoolEntry(
        id=0, content_key="", envelope_from=parts.sender, recipient=parts.to.lower(), via="test",
        received_at=now, run_rules=True,
    )  # fmt: skip
    [case], storage = prepare([(entry, raw)], configured_checker())
    storage.rehearse([case])
    return _of_case(case)


def simulate(parts: Simulated) -> Outcome:
    """Takes the message in as if it had come by SMTP, and waits until it is processed."""
    raw = build(parts, timezone.now())
    [accepted] = keep(IncomingMail(raw, parts.sender, (parts.to,), "test"))
    if not accepted.duplicate:
        process_now(accepted.id)
    return _of_email(_wait_for(accepted.id), accepted.duplicate)


def _wait_for(id: int) -> Email:
    """The processed email; another worker may be busy with it. Raises TimeoutError."""
    deadline = time.monotonic() + _WAIT_S
    while True:
        email = Email.objects.select_related("message", "inbox").filter(pk=id).first()
        if email is not None:
            return email
        stuck = SpoolEntry.objects.filter(pk=id, state=State.STUCK).exists()
        if stuck or time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)


def _of_case(case: Case) -> Outcome:
    draft = case.draft
    status = draft.status if draft else ""
    return Outcome(
        event={
            "id": None,
            "from": case.understood.author.address,
            "to": case.envelope.recipient,
            "subject": case.understood.parsed.subject,
            "message_class": case.understood.classification.kind,
            "status": _event_status(status, bool(case.plan.matched)),
            "email_status": status,
            "inbox_id": draft.inbox_id if draft else None,
            "tags": draft.tags if draft else [],
            "opens_ticket": bool(draft and draft.ticket),
            "dry_run": True,
            "received_at": case.envelope.received_at,
        },
        matched_rules=[{"id": m.rule_id, "name": m.name} for m in case.plan.matched],
        action_results=[
            {"rule_id": p.rule_id, "type": p.kind, "status": p.status, "detail": p.detail}
            for p in case.performed
        ],
    )


def _of_email(email: Email, duplicate: bool) -> Outcome:
    effects = list(Effect.objects.filter(email=email).order_by("id"))
    decision = email.decision
    names = dict(Rule.objects.values_list("id", "name"))
    entry = getattr(email, "ticket_message", None)
    return Outcome(
        event={
            "id": email.pk,
            "from": email.message.from_address,
            "to": email.recipient,
            "subject": email.message.subject,
            "message_class": email.message.message_class,
            "status": _event_status(email.status, bool(decision.matched)),
            "email_status": email.status,
            "inbox_id": email.inbox_id,
            "tags": email.tags,
            "ticket_id": entry.ticket_id if entry else None,
            "duplicate": duplicate,
            "dry_run": False,
            "received_at": email.received_at,
        },
        matched_rules=[{"id": id, "name": names.get(id, "")} for id, _ in decision.matched],
        action_results=[
            {"rule_id": e.rule_id, "type": e.kind, "status": e.status, "detail": e.detail}
            for e in effects
        ],
    )


def _event_status(email_status: str, matched: bool) -> str:
    """The original's word for what became of an event."""
    if email_status == Email.Status.IGNORED:
        return "ignored"
    return "success" if matched else "no_match"
