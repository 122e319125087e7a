"""The fields of machine-readable reports: RFC 3464 2, RFC 6533 and RFC 5965 3. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence

Group = Mapping[str, str]

_FIELDS = frozenset(
    # Of the message (RFC 3464 2.2) and of a recipient (2.3)
    {"original-envelope-id", "reporting-mta", "dsn-gateway", "received-from-mta", "arrival-date"}
    | {"original-recipient", "final-recipient", "action", "status", "remote-mta"}
    | {"diagnostic-code", "last-attempt-date", "final-log-id", "will-retry-until"}
    | {"x-actual-recipient", "x-original-message-id", "x-supplementary-info"}
    # Of a complaint (RFC 5965 3)
    | {"feedback-type", "original-rcpt-to", "original-mail-from", "removal-recipient"}
    | {"reported-domain", "source-ip", "user-agent", "version", "x-hmxmroriginalrecipient"}
)
_RECIPIENT = ("final-recipient", "original-recipient", "x-actual-recipient")
_FIELD = re.compile(r"([A-Za-z][A-Za-z-]{2,40})\s*:\s*(.*)")
_QUOTED = re.compile(r"^>+ ?")
_CHAR = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_ADDRESS = re.compile(r"<([^<>]*)>|([^\s<>();]+@[^\s<>();]+)|(\S+)")
_MAX_LINES = 5_000


def read_groups(text: str) -> list[Group]:
    """The groups of known fields, in order; names in lower case, folded values joined.

    Blank lines divide groups. A recipient named a second time begins a new group as well, since
    some systems leave the blank line out. Quotation marks in front of the lines are passed over.
    """
    groups: list[dict[str, str]] = [{}]
    name = ""
    for line in _lines(text):
        if line[:1] in (" ", "\t") and name and line.strip():
            groups[-1][name] = f"{groups[-1][name]} {line.strip()}"
            continue
        found = _FIELD.match(line)
        name = found[1].lower() if found and found[1].lower() in _FIELDS else ""
        if not found or not name:
            if not line.strip() and groups[-1]:
                groups.append({})
            continue
        if name in groups[-1]:
            if name not in _RECIPIENT:
                name = ""
                continue
            groups.append({})
        groups[-1][name] = found[2].strip()
    return [group for group in groups if group]


def field_in(groups: Sequence[Group], name: str) -> str:
    """The first value of the field in any group; "" when it is absent."""
    return next((group[name] for group in groups if group.get(name)), "")


def recipient_groups(groups: Sequence[Group]) -> Iterator[Group]:
    """The groups that tell of one recipient each."""
    return (group for group in groups if any(name in group for name in _RECIPIENT))


def final_recipient(group: Group) -> str:
    """The recipient's address. A pipe or file in its place gives way to the address before it."""
    found = [address_of(group[name]) for name in _RECIPIENT if name in group]
    return next((address for address in found if "@" in address), found[0] if found else "")


def address_of(value: str) -> str:
    """The address of `rfc822; <a@b>` and the like, RFC 6533 3's \\x{…} resolved."""
    kind, semicolon, rest = value.partition(";")
    typed = rest if semicolon and "@" not in kind else value
    found = _ADDRESS.search(typed)
    if not found:
        return ""
    address = (found[1] or found[2] or found[3] or "").strip().strip("<>\"'")
    if address.startswith("@") and ":" in address:
        address = address.rpartition(":")[2]  # a source route (RFC 5321 C)
    return _CHAR.sub(_character, address)[:320]


def host_of(value: str) -> str:
    """The host of `dns; mx.example (…)`."""
    host = value.rpartition(";")[2].strip().strip("[]<>").split(maxsplit=1)
    return host[0].rstrip(".")[:255] if host else ""


def diagnostic_of(value: str) -> str:
    """The words of `smtp; 550 …`."""
    kind, semicolon, rest = value.partition(";")
    return (rest if semicolon and " " not in kind.strip() else value).strip()[:1000]


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n", _MAX_LINES)[:_MAX_LINES]:
        yield _QUOTED.sub("", line).rstrip("\r")


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    is_character = number < 0x110000 and not 0xD800 <= number < 0xE000 and number > 0x1F
    return chr(number) if is_character else match[0]
