"""What a delivery report or complaint says: of whom, what happened, and to which message. Pure.

Read from the fields of RFC 3464 and RFC 5965 where there are any, from Amazon's notifications,
and otherwise from what the report says to people (`bounce_prose`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mailflow.mail.addresses import addresses_of
from mailflow.mail.bounce_prose import Failure, read_failures, split_report
from mailflow.mail.delivery_codes import is_general, reply_code_in, status_in, status_of
from mailflow.mail.headers import decode_words, split_block
from mailflow.mail.identity import bare_id
from mailflow.mail.parsed import Limits, ParsedMessage
from mailflow.mail.report_fields import (
    Group,
    address_of,
    diagnostic_of,
    field_in,
    final_recipient,
    host_of,
    read_groups,
    recipient_groups,
)
from mailflow.mail.ses_notices import Notice, read_notice

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded", "unknown"]
Severity = Literal["hard", "soft", "undetermined"]


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    """One recipient of the report. `status` is an enhanced code ("5.1.1", RFC 3463) and
    `reply_code` an SMTP reply ("550"); "" where the report names none."""

    final_recipient: str
    action: Action
    status: str
    reply_code: str
    diagnostic: str
    remote_mta: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported. `feedback_type` is of complaints (RFC 5965 3.1, "abuse" or another);
    `original_message_id` is without brackets; "" is what the report does not say."""

    kind: Literal["bounce", "delayed", "complaint"]
    recipients: tuple[BouncedRecipient, ...]
    original_message_id: str
    original_recipient: str
    original_envelope_id: str
    reporting_mta: str
    feedback_type: str


_ACTIONS: Mapping[str, Action] = {
    "failed": "failed",
    "failure": "failed",
    "expired": "failed",
    "undeliverable": "failed",
    "delayed": "delayed",
    "deferred": "delayed",
    "delivered": "delivered",
    "relayed": "relayed",
    "expanded": "expanded",
}
_FIELD_PARTS = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/feedback-report",
        "message/x-delivery-status",
    }
)
_HEADER_PARTS = ("text/rfc822-header", "message/global-headers")
_HAS_FIELDS = re.compile(
    r"^[> ]{0,4}(?:final-recipient|original-recipient|feedback-type)\s*:", re.I | re.M
)
_MESSAGE_ID = re.compile(r"^[>\s]{0,8}message-id\s*:\s*<?([^\s<>]{1,900})", re.I | re.M)
_TO = re.compile(r"^[>\s]{0,8}to\s*:\s*([^\n]{1,2000})", re.I | re.M)
_RECEIVED_FOR = re.compile(r"\bfor\s+<?([^\s<>;]{1,64}@[^\s<>;]{1,255})")
_DELAY = re.compile(
    r"\bdelay|warning only|still being retried|will be retried|could not send message for past"
    r"|not need to re-?send|temporary failure report",
    re.IGNORECASE,
)
_FIELD_CHARS = 500_000


def read_report(parsed: ParsedMessage) -> Report:
    """Reads a message of the class bounce or complaint. Never raises; what is absent is ""."""
    notice = read_notice(parsed.text) if parsed.header("x-amz-sns-message-id") else None
    if notice:
        return _from_notice(notice)
    groups = _field_groups(parsed)
    returned = _returned_message(parsed)
    if field_in(groups, "feedback-type") or not (groups or _is_failure(parsed)):
        return _complaint(groups, returned)
    return _bounce(parsed, groups, returned)


def judge(recipient: BouncedRecipient) -> Severity:
    """How lasting the failure is: hard is that this address will never take mail.

    RFC 3463: the class 4 passes; of the class 5 only what is said of the address and its host
    is final. A full mailbox, a size or a policy says nothing against the address itself, so it
    is soft. A refusal without a reason is undetermined, as is a delivery that did not fail.
    """
    if recipient.action in ("delivered", "relayed", "expanded"):
        return "undetermined"
    # sendmail writes Status 5.1.1 also where the server said 550 5.7.1.
    codes = (recipient.status, status_in(recipient.diagnostic))
    if recipient.action == "delayed" or any(code.startswith(_SOFT_STATUS) for code in codes):
        return "soft"
    # Servers choose wrong codes, seldom wrong words: 550 5.1.1 … mailbox is over quota.
    if _SOFT_WORDS.search(recipient.diagnostic):
        return "soft"
    if not _HARD_STATUS.isdisjoint(codes) or _HARD_WORDS.search(recipient.diagnostic):
        return "hard"
    return "soft" if recipient.reply_code.startswith("4") else "undetermined"


# RFC 3463: X.1.1 to X.1.3 and X.1.6, no such mailbox or host; X.1.10 (RFC 7505), a host that
# takes no mail; X.2.1, given up for good; X.4.4, no host to send to.
_HARD_STATUS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
# X.1.7 and X.1.8 blame the sender, X.7 a policy; the others a size or a time.
_SOFT_STATUS = ("4.", "5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.3.1", "5.3.4", "5.4.7", "5.7.")
_SOFT_WORDS = re.compile(
    r"\bfull\b|quota|too\s+(?:large|big|many)|exceed|insufficient|spam|block(?:ed|list)|black\s?list"
    r"|policy|reputation|dmarc|\bspf\b|dkim|grey\s?list|rate\s+limit|at\s+a\s+rate|temporar|relay"
    r"|timed?\s*out|timeout|connection\s+refused|no\s+route|size\s+limit|\bPTR\b|reverse\s+dns|rdns",
    re.IGNORECASE,
)
_HARD_WORDS = re.compile(
    r"(?:user|recipient|mailbox|account|address|name|domain)\b[^.\n]{0,60}(?:unknown|not\s+found|invalid"
    r"|not\s+exist|n.t\s+exist|n.t\s+be\s+found|disabled|suspended|not\s+recogni[sz]ed|no\s+longer"
    r"|inactive|unavailable)"
    r"|(?:unknown|invalid|no\s+such)\s+(?:local\s+)?(?:user|recipient|mailbox|address|person)"
    r"|no\s+such\s+domain|n.t\s+have\s+an?\s[^\n]{0,60}account|no\s+mailbox\s+here|unknown\s+host"
    r"|host\s+(?:unknown|not\s+found)|indicated\s+no\s+smtp|recip(?:ient)?notfound",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Returned:
    """What is known of the message that the report is about."""

    message_id: str = ""
    to: tuple[str, ...] = ()
    delivered_for: str = ""


def _field_groups(parsed: ParsedMessage) -> list[Group]:
    """The fields of the report's own part, or where they were written into the text."""
    for part in parsed.attachments:
        if part.content_type in _FIELD_PARTS:
            text = part.content[:_FIELD_CHARS].decode("utf-8", "replace")
            if groups := read_groups(text):
                return groups
    report = parsed.text[:_FIELD_CHARS]
    first = _HAS_FIELDS.search(report)
    if not first:
        return []
    # Fields of the message stand in the paragraph before those of its first recipient.
    start = max(report.rfind("reporting-mta", 0, first.start()), 0)
    start = start or max(report.rfind("Reporting-MTA", 0, first.start()), 0)
    return read_groups(report[start or first.start() :])


def _is_failure(parsed: ParsedMessage) -> bool:
    """Whether a report without fields is one of delivery: complaints have no words of their own."""
    return bool(parsed.text.strip()) or bool(parsed.header("x-failed-recipients"))


def _bounce(parsed: ParsedMessage, groups: Sequence[Group], returned: _Returned) -> Report:
    in_fields = [_from_group(group) for group in recipient_groups(groups)]
    in_fields = _without_repeats([one for one in in_fields if one.final_recipient])
    if len(in_fields) == 1 and "@" not in in_fields[0].final_recipient:
        in_fields = [_addressed(in_fields[0], _failed_header(parsed) or _guessed(returned))]
    known = [one.final_recipient for one in in_fields] or _failed_header(parsed)
    said = _said(parsed, known, returned)
    recipients = [_completed(one, said) for one in in_fields] or _from_prose(parsed, said, returned)
    is_late = bool(recipients) and all(one.action == "delayed" for one in recipients)
    return Report(
        kind="delayed" if is_late else "bounce",
        recipients=tuple(recipients),
        original_message_id=returned.message_id,
        original_recipient=_original_recipient(groups, returned),
        original_envelope_id=field_in(groups, "original-envelope-id")[:200],
        reporting_mta=host_of(field_in(groups, "reporting-mta")),
        feedback_type="",
    )


def _from_group(group: Group) -> BouncedRecipient:
    diagnostic = diagnostic_of(group.get("diagnostic-code", ""))
    status = status_of(group.get("status", ""))
    said = status_in(diagnostic)
    # RFC 3463 3.1: x.0.0 says nothing; what the server said is more.
    if is_general(status) and said and (not status or said[0] == status[0]):
        status = said
    action = _ACTIONS.get(group.get("action", "").strip().lower().split(" ")[0], "unknown")
    if action == "unknown" and "action" not in group:
        action = "failed" if status[:1] in ("5", "4") or diagnostic else "unknown"
    return BouncedRecipient(
        final_recipient=decode_words(final_recipient(group)),
        action=action,
        status=status,
        reply_code=reply_code_in(diagnostic),
        diagnostic=diagnostic,
        remote_mta=host_of(group.get("remote-mta", "")),
    )


def _addressed(recipient: BouncedRecipient, addresses: Sequence[str]) -> BouncedRecipient:
    """The one recipient by his address, where the fields name a pipe, a file or a user."""
    return replace(recipient, final_recipient=addresses[0]) if len(addresses) == 1 else recipient


def _without_repeats(recipients: Sequence[BouncedRecipient]) -> list[BouncedRecipient]:
    return list({one.final_recipient.lower(): one for one in reversed(recipients)}.values())[::-1]


def _failed_header(parsed: ParsedMessage) -> list[str]:
    """The recipients that Exim and Gmail name in a header."""
    value = ", ".join(parsed.header_all("x-failed-recipients"))
    return [one.address for one in addresses_of(value, 200, set()) if "@" in one.address]


def _said(parsed: ParsedMessage, known: Sequence[str], returned: _Returned) -> dict[str, Failure]:
    """What the text says of each recipient, by address in lower case."""
    senders = [one.address for one in (*parsed.from_, *parsed.to)]
    report, _ = split_report(parsed.text)
    found = read_failures(report, senders, known)
    if not found and (guessed := _guessed(returned)):
        found = read_failures(report, (), guessed)
    if not found:
        # Someone wrote to himself, or the report names nobody but the sender.
        found = read_failures(report, (), ())
    return {one.address.lower(): one for one in found}


def _guessed(returned: _Returned) -> list[str]:
    """Whom the message was for, where the report does not say: only when it was for one."""
    if len(returned.to) == 1:
        return list(returned.to)
    return [returned.delivered_for] if returned.delivered_for else []


def _completed(recipient: BouncedRecipient, said: Mapping[str, Failure]) -> BouncedRecipient:
    """The recipient with what only the text says of him."""
    failure = said.get(recipient.final_recipient.lower())
    if failure is None:
        return recipient
    if not recipient.diagnostic:
        recipient = replace(recipient, diagnostic=failure.diagnostic)
    status = recipient.status
    agrees = not status or failure.status[:1] == status[0]
    if is_general(status) and failure.status and agrees:
        status = failure.status
    return replace(
        recipient,
        status=status,
        reply_code=recipient.reply_code or failure.reply_code,
        # Of a program's exit code (X-Unix; 255) people can make nothing.
        diagnostic=failure.diagnostic if recipient.diagnostic.isdigit() else recipient.diagnostic,
        remote_mta=recipient.remote_mta or failure.remote_mta,
    )


def _from_prose(
    parsed: ParsedMessage, said: Mapping[str, Failure], returned: _Returned
) -> list[BouncedRecipient]:
    is_late = bool(_DELAY.search(parsed.subject) or _DELAY.search(split_report(parsed.text)[0]))
    return [
        BouncedRecipient(
            final_recipient=one.address,
            action="delayed" if is_late else "failed",
            status=one.status,
            reply_code=one.reply_code,
            diagnostic=one.diagnostic,
            remote_mta=one.remote_mta,
        )
        for one in said.values()
    ]


def _original_recipient(groups: Sequence[Group], returned: _Returned) -> str:
    named = address_of(field_in(groups, "original-recipient"))
    return named or (returned.to[0] if len(returned.to) == 1 else returned.delivered_for)


def _complaint(groups: Sequence[Group], returned: _Returned) -> Report:
    """RFC 5965 3.2: Original-Rcpt-To, which many feedback loops leave out or make unreadable."""
    fields = ("original-rcpt-to", "removal-recipient", "final-recipient")
    named = [address_of(group[name]) for group in groups for name in fields if name in group]
    named = [one for one in dict.fromkeys(named) if "@" in one] or _guessed(returned)
    return Report(
        kind="complaint",
        recipients=tuple(BouncedRecipient(one, "unknown", "", "", "", "") for one in named),
        original_message_id=returned.message_id,
        original_recipient=named[0] if named else "",
        original_envelope_id=field_in(groups, "original-envelope-id")[:200],
        reporting_mta=host_of(field_in(groups, "reporting-mta")),
        feedback_type=field_in(groups, "feedback-type").lower()[:40] or "abuse",
    )


def _from_notice(notice: Notice) -> Report:
    is_late = notice.kind == "DeliveryDelay"
    action: Action = "delivered" if notice.kind == "Delivery" else "failed"
    recipients = tuple(
        BouncedRecipient(
            final_recipient=one.address,
            action="unknown" if notice.kind == "Complaint" else "delayed" if is_late else action,
            status=one.status or status_in(one.diagnostic),
            reply_code=reply_code_in(diagnostic_of(one.diagnostic)),
            diagnostic=diagnostic_of(one.diagnostic),
            remote_mta="",
        )
        for one in notice.recipients
    )
    return Report(
        kind="complaint" if notice.kind == "Complaint" else "delayed" if is_late else "bounce",
        recipients=recipients,
        original_message_id=notice.message_id,
        original_recipient=recipients[0].final_recipient if len(recipients) == 1 else "",
        original_envelope_id="",
        reporting_mta=host_of(notice.reporting_mta),
        feedback_type=notice.feedback_type,
    )


def _returned_message(parsed: ParsedMessage) -> _Returned:
    """The headers that came back: in a part of their own, or at the end of the text."""
    for part in parsed.attachments:
        if part.kind == "message" or part.content_type.startswith(_HEADER_PARTS):
            pairs, _ = split_block(part.content, 0, len(part.content), Limits(), set())
            values = {name.lower(): value for name, value in reversed(pairs)}
            if values:
                return _returned(
                    values.get("message-id", ""),
                    values.get("x-hmxmroriginalrecipient", "") or values.get("to", ""),
                    " ".join(value for name, value in pairs if name.lower() == "received"),
                )
    _, text = split_report(parsed.text)
    text = text[:_FIELD_CHARS]
    message_id, to = _MESSAGE_ID.search(text), _TO.search(text)
    return _returned(message_id[1] if message_id else "", to[1] if to else "", text)


def _returned(message_id: str, to: str, trace: str) -> _Returned:
    found = _RECEIVED_FOR.search(trace)
    addresses = (one.address for one in addresses_of(decode_words(to), 50, set()))
    return _Returned(
        message_id=bare_id(message_id)[:900],
        to=tuple(one for one in addresses if "@" in one),
        delivered_for=found[1] if found else "",
    )
