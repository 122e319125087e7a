"""Reads Authentication-Results headers (RFC 8601), from those who may write them. Pure.

authres, the library for this, refuses what Microsoft 365 writes (no authserv-id at all), so the
reading is ours: one pass, linear, and it never raises.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

# What to configure as the authserv-id for servers that write none (Microsoft 365).
NO_AUTHSERV_ID = "-"
_LONGEST = 16_384
_PAIR = re.compile(r'(?:^|(?<=\s))([^\s=";]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s";]*)')
_RESULTS = frozenset(
    {"none", "pass", "fail", "softfail", "neutral", "policy", "temperror", "permerror"}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One method's result with its properties: `smtp.mailfrom`, `header.d`, `header.from`, …"""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)


def trusted_findings(headers: Iterable[str], trusted: Collection[str]) -> tuple[Finding, ...]:
    """What the configured servers found, topmost header first; headers of others are ignored.

    `headers` are the values in their order in the message. Of several headers of a trusted server
    the topmost decides each method: that server wrote it last, and RFC 8601 5 has it remove what
    strangers wrote under its name.
    """
    ids = {name.lower() for name in trusted}
    findings: list[Finding] = []
    for header in headers:
        authserv_id, found = parse(header)
        if authserv_id in ids:
            decided = {finding.method for finding in findings}
            findings.extend(finding for finding in found if finding.method not in decided)
    return tuple(findings)


def parse(header: str) -> tuple[str, tuple[Finding, ...]]:
    """The authserv-id in lower case (`-` where there is none), and the findings."""
    parts = _flatten(header[:_LONGEST]).split(";")
    first = parts[0].split()
    if not first or "=" in first[0]:
        authserv_id = NO_AUTHSERV_ID
    else:
        authserv_id, parts = first[0].strip('"').lower(), parts[1:]
    return authserv_id, tuple(_findings(parts))


def _findings(parts: Iterable[str]) -> Iterator[Finding]:
    for part in parts:
        pairs = list(_pairs(part))
        if pairs and pairs[0][1].lower() in _RESULTS:
            method = pairs[0][0].partition("/")[0]
            yield Finding(method, pairs[0][1].lower(), dict(reversed(pairs[1:])))


def _pairs(part: str) -> Iterator[tuple[str, str]]:
    """`name=value` words; blanks around the sign and quotes around the value are allowed."""
    for name, value in _PAIR.findall(part):
        yield name.lower(), value.strip('"')


def _flatten(text: str) -> str:
    """Without comments, which nest (RFC 5322 3.2.2), and without semicolons inside quotes."""
    kept: list[str] = []
    depth, quoted, skip = 0, False, False
    for character in text:
        if skip:
            skip = False
        elif character == "\\":
            skip = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and depth and not quoted:
            depth -= 1
            continue
        if not depth:
            kept.append(" " if quoted and character == ";" else character)
    return "".join(kept)
