"""What makes one message the same message as another. Pure; reads the header block only."""

import hashlib
import re

# What each relay and mailbox adds on the way: two copies of one message differ in these alone.
# RFC 5321 4.4 (trace), RFC 8601, RFC 8617, RFC 7208 9.1, RFC 9228 (Delivered-To).
_TRACE_HEADER = re.compile(
    rb"^(?:received|return-path|delivered-to|(?:x-)?original-to|(?:x-)?envelope-(?:to|from)"
    rb"|x-(?:received|delivered-to|rcpt-to)|authentication-results(?:-original)?"
    rb"|x-authentication-results|received-spf|arc-[a-z-]+|x-google-smtp-source"
    rb"|(?:x-)?status|x-uid|x-keywords|x-mozilla-[a-z0-9]+|lines|content-length)"
    rb"[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*",
    re.IGNORECASE | re.MULTILINE,
)
# The separator line of an mbox file, in front of the headers.
_MBOX_LINE = re.compile(rb"\A(?:>?From [^\n]*\n)+")
_MESSAGE_ID = re.compile(
    rb"^message-id[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE
)
_IDENTITY = re.compile(
    rb"^(?:message-id|date|resent-message-id)[ \t]*:[ \t]*[^\s]", re.IGNORECASE | re.MULTILINE
)
_ANGLED = re.compile(r"<([^<>]*)>")


def content_key(raw: bytes) -> str:
    """Hex SHA-256 of the message without its trace headers, whichever line ends it came with.

    Equal for two copies of one message that took different ways to us; different as soon as any
    other header or any byte of the body differs, so a chosen Message-ID cannot hide another mail.
    """
    head, body = _split(raw)
    digest = hashlib.sha256(_TRACE_HEADER.sub(b"", head))
    digest.update(b"\n")
    digest.update(_with_crlf(body))
    return digest.hexdigest()


def message_id_of(raw: bytes) -> str:
    """The first Message-ID without its angle brackets; "" when there is none."""
    found = _MESSAGE_ID.search(_split(raw)[0])
    return bare_id(found[1].decode("utf-8", "replace")) if found else ""


def has_identity(raw: bytes) -> bool:
    """Whether a Message-ID or a Date says which message this is.

    Without either, two equal messages may well be two messages: nothing may drop one of them.
    """
    return _IDENTITY.search(_split(raw)[0]) is not None


def bare_id(value: str) -> str:
    """One message identifier (RFC 5322 3.6.4) without brackets, blanks and NUL."""
    found = _ANGLED.search(value)
    inner = found[1] if found else value
    return "".join(inner.replace("\0", "").split())


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """The header block, each line ended by LF, and the body as it is."""
    end = raw.find(b"\r\n\r\n")
    bare = raw.find(b"\n\n", 0, end if end >= 0 else len(raw))
    end, width = (bare, 2) if bare >= 0 else (end if end >= 0 else len(raw), 4)
    head = raw[:end].replace(b"\r\n", b"\n") + b"\n"
    if head.startswith((b"From ", b">From ")):
        head = _MBOX_LINE.sub(b"", head, count=1)
    if head.startswith(b"\n"):
        return b"", raw
    return head, raw[end + width :]


def _with_crlf(body: bytes) -> bytes:
    """CRLF line ends where the first line ends in a bare LF: files have those, SMTP never does."""
    first = body.find(b"\n")
    if first < 0 or body.startswith(b"\r", first - 1):
        return body
    return body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
