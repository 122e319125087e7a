"""The header block and the values in it: RFC 5322, 2047, 2231, 6532. Pure; nothing raises."""

import binascii
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from mailflow.mail import charset
from mailflow.mail.parsed import Limits

_FOLD = re.compile(r"\r?\n[ \t]+")
_NAME = re.compile(r"[!-9;-~]+")
# A name that makes a line after a broken one surely a header still.
_KNOWN_HEADER = re.compile(
    rb"(?:from|to|cc|bcc|sender|reply-to|subject|date|message-id|in-reply-to|references"
    rb"|mime-version|received|return-path|content-[a-z-]+|list-[a-z-]+|x-[a-z-]+)[ \t]*:",
    re.IGNORECASE,
)
_ANY_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:|>?From ")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]+")
# An encoded word (RFC 2047 2, RFC 2231 5). Up to three bare "?" inside, as real senders write.
_ENCODED_WORD = re.compile(
    r"=\?([^?\s*=]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*){0,3})\?="
)
_Q_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")
_BASE64_JUNK = re.compile(rb"[^A-Za-z0-9+/]+")
_CHARSET_HINT = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_PARAMETER = re.compile(r";\s*([^\s=;]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)")
_CONTINUED = re.compile(r"(.+?)\*(?:(\d{1,4})(\*)?)?$")
_DATE = re.compile(
    r"\s*(?:[A-Za-z]{3},?)?\s*(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\s+"
    r"(\d{1,2}):(\d\d)(?::(\d\d))?\s*([+-])(\d\d)(\d\d)\b"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_ANGLED_ID = re.compile(r"<([^<>]*)>")


def split_block(
    raw: bytes, start: int, end: int, limits: Limits, flags: set[str]
) -> tuple[list[tuple[str, str]], int]:
    """The headers at `start` as (name, unfolded value), and where the body begins.

    Values are text but not decoded (RFC 2047). Lines that are no header are passed over when
    real headers follow them; otherwise the body begins there.
    """
    block_end, body = _find_blank_line(raw, start, end)
    if block_end - start > limits.header_block_bytes:
        flags.add("header_block_too_large")
        block_end = start + limits.header_block_bytes
    block = raw[start:block_end]
    pairs, is_clean = _read_lines(_text_of(block), limits, flags)
    if is_clean:
        return pairs, body
    flags.add("malformed_header")
    cut = _body_inside(block)
    if cut < 0:
        return pairs, body
    return _read_lines(_text_of(block[:cut]), limits, flags)[0], start + cut


def decode_words(value: str) -> str:
    """The value with its encoded words decoded (RFC 2047); on one line, without controls."""
    if "=?" in value:
        value = _decode_words(value)
    if value.isprintable():
        return value
    return charset.clean(_CONTROLS.sub(" ", value))


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """The token in front and the parameters of a header, names and token in lower case.

    RFC 2045 5.1 and RFC 2231 3 and 4, with what senders make of them: blanks in unquoted
    values, encoded words in quotes, missing closing quotes.
    """
    end = value.find(";")
    token = value[:end] if end >= 0 else value
    token = token.partition("(")[0].strip().lower()
    if "=" in token and (words := token.split(None, 1))[1:]:
        # The semicolon was forgotten: text/html charset=utf-8
        return parameters(f"{words[0]}; {value.strip()[len(words[0]) :]}")
    if end < 0:
        return token, {}
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value, end):
        name, raw = match[1].lower(), _unquoted(match[2])
        if "*" in name and (found := _CONTINUED.fullmatch(name)):
            encoded = found[2] is None or found[3] is not None
            pieces.setdefault(found[1], {})[int(found[2] or 0)] = (raw, encoded)
        else:
            plain.setdefault(name, decode_words(raw))
    for name, parts in pieces.items():
        plain[name] = _joined(parts)
    return token, plain


def date_of(value: str) -> datetime | None:
    """The instant in UTC that a Date header names; None when it names none."""
    found = _DATE.match(value)
    try:
        if found and (month := _MONTHS.get(found[2].lower())):
            year, day, hour, minute, second = (int(found[n] or 0) for n in (3, 1, 4, 5, 6))
            local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
            east = timedelta(hours=int(found[8]), minutes=int(found[9]))
            return local + east if found[7] == "-" else local - east
        local = parsedate_to_datetime(value)
        return (local if local.tzinfo else local.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None


def ids_of(value: str) -> tuple[str, ...]:
    """The message identifiers of a References or In-Reply-To, each once, in order."""
    found = _ANGLED_ID.findall(value) or (
        [word for word in value.split() if "@" in word] if "@" in value else []
    )
    bare = ("".join(one.replace("\0", "").split()) for one in found)
    return tuple(dict.fromkeys(one for one in bare if one))


def _find_blank_line(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block ends and where the body after its blank line begins."""
    if raw.startswith(b"\r\n", start):
        return start, min(start + 2, end)
    if raw.startswith(b"\n", start):
        return start, min(start + 1, end)
    crlf = raw.find(b"\n\r\n", start, end)
    bare = raw.find(b"\n\n", start, crlf if crlf >= 0 else end)
    if bare >= 0:
        return bare + 1, bare + 2
    return (crlf + 1, crlf + 3) if crlf >= 0 else (end, end)


def _text_of(block: bytes) -> str:
    """The block as text. Headers in bytes are UTF-8 (RFC 6532), or what the message uses."""
    if block.isascii() and b"\x1b" not in block:
        return block.decode("ascii")
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError:
        hint = _CHARSET_HINT.search(block)
        label = hint[1].decode("ascii") if hint else ""
        lines = block.split(b"\n")
        return "\n".join(_line_of(line, label) for line in lines)
    return charset.decode(block, "", set()) if "\x1b" in text else text


def _line_of(line: bytes, label: str) -> str:
    return line.decode("ascii") if line.isascii() else charset.decode(line, label, set())


def _read_lines(text: str, limits: Limits, flags: set[str]) -> tuple[list[tuple[str, str]], bool]:
    """The headers, and whether every line belongs to one."""
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    pairs: list[tuple[str, str]] = []
    is_clean = True
    for number, line in enumerate(text.split("\n")):
        name, colon, value = line.partition(":")
        if not colon or not _NAME.fullmatch(name := name.rstrip()):
            is_clean = is_clean and (not line.strip() or _is_mbox_line(line, number))
            continue
        if len(value) > limits.header_chars:
            flags.add("long_header")
            value = value[: limits.header_chars]
        pairs.append((name, value.strip()))
    return pairs, is_clean


def _body_inside(block: bytes) -> int:
    """The offset of the first line that is no header when no header follows it; else -1."""
    offset, last_header = 0, 0
    for line in block.splitlines(keepends=True):
        offset += len(line)
        if line[:1] in b" \t" or _KNOWN_HEADER.match(line):
            last_header = offset
    offset = 0
    for line in block.splitlines(keepends=True):
        if offset >= last_header and not _ANY_HEADER.match(line):
            return offset
        offset += len(line)
    return -1


def _is_mbox_line(line: str, number: int) -> bool:
    return number == 0 and line.startswith(("From ", ">From "))


def _decode_words(value: str) -> str:
    out: list[str] = []
    pending, label, position = b"", "", 0
    for match in _ENCODED_WORD.finditer(value):
        gap = value[position : match.start()]
        content = _word_bytes(match[3], match[2])
        # A character may be split between two words of one character set: join the bytes first.
        if label and (not gap or gap.isspace()):
            if label.lower() == match[1].lower():
                pending += content
                position = match.end()
                continue
            gap = ""
        out += (charset.decode(pending, label, set()), gap)
        pending, label, position = content, match[1], match.end()
    out += (charset.decode(pending, label, set()), value[position:])
    return "".join(out)


def _word_bytes(text: str, encoding: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "bB":
        return lenient_base64(data)
    data = data.replace(b"_", b" ")
    return _Q_ESCAPE.sub(lambda match: bytes((int(match[1], 16),)), data)


def lenient_base64(data: bytes) -> bytes:
    """What can be decoded of one run of base64, whatever stands between and however it ends."""
    try:
        return binascii.a2b_base64(data, strict_mode=True)
    except binascii.Error:
        pass
    letters = _BASE64_JUNK.sub(b"", data)
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _unquoted(raw: str) -> str:
    if not raw.startswith('"'):
        return raw.strip()
    inner = raw[1:-1] if len(raw) > 1 and raw.endswith('"') else raw[1:]
    return inner.replace("\\\\", "\\").replace('\\"', '"') if "\\" in inner else inner


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    """The value of a continued or encoded parameter (RFC 2231 3 and 4)."""
    label, data, text = "", bytearray(), ""
    for number, (piece, encoded) in sorted(parts.items()):
        if number == 0 and encoded and piece.count("'") >= 2:
            label, _, piece = piece.split("'", 2)
        data += unquote_to_bytes(piece) if encoded else piece.encode("utf-8", "replace")
    text = charset.decode(bytes(data), label, set())
    return decode_words(text)
