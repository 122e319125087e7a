"""What delivery reports say to people: recipients, codes and reasons from free text. Pure.

qmail, Exim, sendmail before 8.8, Exchange, Notes, mail gateways and web mailers write no fields
(RFC 3464), but all of them name an address at the start of a line or after a few words, and what
a server said stands near it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.mail.delivery_codes import codes_start, reply_code_in, status_in


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient, and what is said of it; codes are "" where none is named."""

    address: str
    status: str
    reply_code: str
    diagnostic: str
    remote_mta: str


_TEXT_CHARS = 30_000
_MAX_RECIPIENTS = 200
_LOCAL = r"[A-Za-z0-9\u0080-\U0010ffff.!#$%&*+/=?^_`{|}~-]{1,128}"
_LETTER = r"[A-Za-z0-9\u0080-\U0010ffff]"
_DOMAIN = rf"{_LETTER}(?:[A-Za-z0-9\u0080-\U0010ffff.-]{{0,252}}{_LETTER})?"
_MAILBOX = rf"({_LOCAL}@{_DOMAIN})"

# Where the report ends and what came back begins.
_RETURNED = re.compile(
    r"^[ \t#>*=-]{0,80}(?:(?:below|this|included|enclosed|following|here)\b[^\n]{0,30}\bcopy\s+of"
    r"|(?:the\s+)?headers?\s+of\s+the\s+original|message\s+headers?\s+follow"
    r"|(?:the\s+)?(?:original|unsent|returned|undelivered)\s+(?:e?-?mail|message)\b[^\n]{0,20}$"
    r"|(?:return-path|received|x-received|dkim-signature)\s*:)",
    re.IGNORECASE | re.MULTILINE,
)
# A recipient at the start of a line: qmail, Exim, Postfix, Gmail, Exchange, OpenSMTPD and others.
_LISTED = re.compile(rf"^[ \t>*•-]{{0,12}}[<\"'(\[]{{0,2}}{_MAILBOX}", re.MULTILINE)
# Named to a server or by it: RCPT TO:<a@b>, 550 <a@b>... User unknown
_IN_SESSION = re.compile(
    rf"(?:\brcpt\s*(?:to)?\s*:\s*|^[ \t<>]{{0,8}}[45]\d\d[ -](?:[45]\.\d+\.\d+ )?)<?{_MAILBOX}",
    re.IGNORECASE | re.MULTILINE,
)
# Named in a sentence: "Unable to deliver message to <a@b>", "mailbox is full: a@b"
_IN_SENTENCE = re.compile(
    r"(?:\b(?:to|recipient|address|user|mailbox|account|for|full|size|quota|attempts|failed)"
    rf"|宛先|受信者|:)\s{{0,4}}:?\s{{0,8}}[<\"'(\[]{{0,2}}{_MAILBOX}",
    re.IGNORECASE,
)
_ANY = re.compile(_MAILBOX)
_NOT_FAILED = re.compile(r"mail\s+from|from\s*:|sent\s+by|contact|\bsender\b", re.IGNORECASE)
_HELPERS = re.compile(r"(?:post_?master|mailer-daemon|support|help|helpdesk|abuse|noc)@", re.I)
_REMOTE = re.compile(
    r"(?:while\s+talking\s+to|\bhost:?|\bserver|\bby)\s+<?([a-z0-9-]+(?:\.[a-z0-9-]+)+)\.?>?"
    r"|^([a-z0-9-]+(?:\.[a-z0-9-]+)+)\s?\[[0-9a-f.:]+\]",
    re.IGNORECASE | re.MULTILINE,
)
_SPACE = re.compile(r"\s+")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")


def split_report(text: str) -> tuple[str, str]:
    """The report itself, and the message that came back in the same text ("" when it did not)."""
    found = _RETURNED.search(text, 1)
    return (text[: found.start()], text[found.start() :]) if found else (text, "")


def read_failures(report: str, senders: Sequence[str], known: Sequence[str]) -> list[Failure]:
    """What the report says of each recipient, in the order of the text.

    `known` are recipients that are named elsewhere; when there are any, no others are looked
    for. `senders` are addresses of the one who wrote, which the report names as well.
    """
    report = report[:_TEXT_CHARS]
    addresses = list(known) or _recipients(report, {one.lower() for one in senders})
    contexts = _contexts(report, addresses)
    return [_failure(address, contexts[address]) for address in addresses]


def _recipients(report: str, senders: set[str]) -> list[str]:
    """The strongest kind of place that names any recipient decides."""
    for pattern in (_LISTED, _IN_SESSION, _IN_SENTENCE):
        found = [
            match[1]
            for match in pattern.finditer(report)
            if not _NOT_FAILED.search(_line_before(report, match.start(1)))
        ]
        others = [one for one in found if one.lower() not in senders]
        failed = [one for one in others if not _HELPERS.match(one)] or others
        if failed:
            return _unique(failed)
    return []


def _line_before(text: str, position: int) -> str:
    return text[max(text.rfind("\n", 0, position), position - 60, 0) : position]


def _unique(addresses: Sequence[str]) -> list[str]:
    """Each once, however it is written, the first spelling kept; full stops of sentences off."""
    spelled: dict[str, str] = {}
    for one in addresses:
        spelled.setdefault(one.strip(".").lower(), one.strip("."))
    return list(spelled.values())[:_MAX_RECIPIENTS]


def _contexts(report: str, addresses: Sequence[str]) -> dict[str, str]:
    """What is said of each address: from each line that names it to the one that names another.

    Where nothing there has a code, what is said of all: the whole report.
    """
    by_name = {address.lower(): address for address in addresses}
    parts: dict[str, list[str]] = {address: [] for address in addresses}
    current = ""
    for line in report.split("\n"):
        named = (match[1].strip(".").lower() for match in _ANY.finditer(line))
        current = next((by_name[one] for one in named if one in by_name), current)
        if current:
            parts[current].append(line)
    contexts = {address: "\n".join(lines) for address, lines in parts.items()}
    return {
        address: context
        if codes_start(context) >= 0 or not report.strip()
        else context + "\n\n" + report
        for address, context in contexts.items()
    }


def _failure(address: str, context: str) -> Failure:
    remote = _REMOTE.search(context)
    return Failure(
        address=address,
        status=status_in(context),
        reply_code=reply_code_in(context),
        diagnostic=_diagnostic(address, context),
        remote_mta=(remote[1] or remote[2]) if remote else "",
    )


def _diagnostic(address: str, context: str) -> str:
    """The paragraph around the first code, from the code on; else what follows the address."""
    start = codes_start(context)
    if start < 0:
        listed = [one for one in _LISTED.finditer(context) if one[1].lower() == address.lower()]
        at = context.lower().find(address.lower())
        start = listed[0].end() if listed else at + len(address) if at >= 0 else 0
    said = _PARAGRAPH.split(context[start:].lstrip(">)]\"':., \t\n"), maxsplit=2)
    # "For the following reason:" is no reason yet.
    words = " ".join(said[:2]) if said[0].rstrip().endswith(":") else said[0]
    return _SPACE.sub(" ", words)[:500].strip()
