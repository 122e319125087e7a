"""Codes by which servers say what became of a delivery: RFC 5321 4.2 and RFC 3463. Pure."""

import re

# Not a part of an IP address or a version: 4.4.1 but not 192.4.4.1 or 5.5.2657.72.
_STATUS = re.compile(r"(?:(?<=[45]\d\d-)|(?<![\d.\-/]))([245]\.\d{1,3}\.\d{1,3})(?!\d|\.\d|-\d)")
_FAILURE = re.compile(_STATUS.pattern.replace("([245]", "([45]"))
# A reply stands at the start of a line, or after what introduces what a server said.
# The second digit is at most 5 (RFC 5321 4.2.1); Exchange says 571 all the same.
_REPLY = re.compile(
    r"(?:^[\s>]*|[:;#('\"\[<]\s*|(?:said|responded|reply|response|error|code|with|returned)\s+)"
    r"([45][0-7]\d)(?=$|[\s\-:;,.)'\"\]])(?!\.\d)",
    re.IGNORECASE | re.MULTILINE,
)


def status_in(text: str) -> str:
    """The first enhanced status code of a failure, such as "5.1.1"; "" when there is none.

    A general code (x.0.0) gives way to a particular one of the same class.
    """
    codes = [match[1] for match in _FAILURE.finditer(text)]
    return next((code for code in codes if not is_general(code)), codes[0] if codes else "")


def status_of(value: str) -> str:
    """The code of a Status field, which may have a comment behind it; "" when it has none."""
    found = _STATUS.search(value)
    return found[1] if found else ""


def reply_code_in(text: str) -> str:
    """The first SMTP reply of a failure, such as "550"; "" when there is none."""
    found = _REPLY.search(text)
    return found[1] if found else ""


def is_general(status: str) -> bool:
    """Whether the code says no more than that it failed (RFC 3463 3.1), or is not there."""
    return not status or status.endswith(".0.0")


def codes_start(text: str) -> int:
    """Where the first code stands; -1 when there is none."""
    starts = [found.start(1) for found in (_FAILURE.search(text), _REPLY.search(text)) if found]
    return min(starts, default=-1)
