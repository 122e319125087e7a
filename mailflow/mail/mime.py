"""The tree of MIME parts in a raw message: RFC 2045 and 2046. Pure; nothing raises.

Parts are ranges of the raw bytes: nothing is copied before a leaf is decoded, and each level of
nesting is scanned once for its boundary, so the work is linear in size times depth.
"""

import binascii
import re
from dataclasses import dataclass, field
from typing import Final

from mailflow.mail.headers import lenient_base64, parameters, split_block
from mailflow.mail.parsed import Limits

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_BOUNDARY_END = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
# What looks like the first line of a part, where the announced boundary does not occur.
_LIKELY_BOUNDARY = re.compile(rb"\n--([^\r\n]{1,200})\r?\nContent-[A-Za-z-]+:", re.IGNORECASE)
_BASE64_LINE: Final = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_BLANKS: Final = b" \t\r\n"


@dataclass(slots=True)
class Part:
    """One part: its headers, what they say of it, and where its body is in the raw message.

    `is_undivided`: it says that it has parts, but they cannot be told apart.
    """

    headers: list[tuple[str, str]]
    content_type: str
    parameters: dict[str, str]
    start: int
    end: int
    is_undivided: bool = False
    children: list["Part"] = field(default_factory=list)

    def header(self, name: str) -> str:
        """The first value of the header named in lower case, undecoded; "" when absent."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(slots=True)
class Reader:
    """Reads the tree of one message; `flags` collects what was odd about it."""

    raw: bytes
    limits: Limits
    flags: set[str]
    parts: int = 0

    def read(self) -> Part:
        """The root part. Over a limit the tree ends there and a flag says so."""
        return self._part(0, len(self.raw), 0, "text/plain")

    def content(self, part: Part) -> bytes:
        """The body of a leaf with its transfer encoding undone, leniently."""
        encoding = part.header("content-transfer-encoding")
        body = self.raw[part.start : part.end]
        encoding = encoding.partition("(")[0].strip().strip(";\"'").lower()
        if encoding in ("", "7bit", "8bit", "binary"):
            return body
        if encoding == "quoted-printable":
            return binascii.a2b_qp(body)
        if encoding == "base64":
            return self._base64(body)
        if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
            return self._uuencoded(body)
        self.flags.add("bad_encoding")
        return body

    def _part(self, start: int, end: int, depth: int, default_type: str) -> Part:
        self.parts += 1
        headers, body = split_block(self.raw, start, end, self.limits, self.flags)
        value = next((value for key, value in headers if key.lower() == "content-type"), "")
        content_type, found = parameters(value) if value else (default_type, {})
        if not _TYPE.fullmatch(content_type):
            content_type = "text/plain"
        part = Part(headers, content_type, found, body, end)
        if content_type.startswith("multipart/"):
            self._divide(part, depth)
        return part

    def _divide(self, part: Part, depth: int) -> None:
        if depth >= self.limits.depth:
            self.flags.add("too_deep")
            return
        ranges = self._ranges(part)
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for start, end in ranges:
            if self.parts >= self.limits.parts:
                self.flags.add("too_many_parts")
                return
            part.children.append(self._part(start, end, depth + 1, default))

    def _ranges(self, part: Part) -> list[tuple[int, int]]:
        boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
        found = self._split(part, boundary) if boundary else []
        if not found and (guess := _LIKELY_BOUNDARY.search(self.raw, part.start - 1, part.end)):
            self.flags.add("boundary_guessed")
            found = self._split(part, guess[1].rstrip())
        if not found:
            self.flags.add("boundary_missing")
            part.is_undivided = True
        return found

    def _split(self, part: Part, boundary: bytes) -> list[tuple[int, int]]:
        """The ranges between the boundary lines; RFC 2046 5.1.1: the line break before one
        belongs to it."""
        ranges: list[tuple[int, int]] = []
        raw, end, line = self.raw, part.end, b"\n--" + boundary
        opened = -1
        # The first boundary may stand on the first line of the body, after the header's blank.
        position = part.start - 1
        while 0 <= (position := raw.find(line, position, end)) < end:
            after = _BOUNDARY_END.match(raw, position + len(line), end)
            if after is None:
                position += len(line)
                continue
            if opened >= 0:
                before = position - (raw[position - 1 : position] == b"\r")
                ranges.append((opened, max(opened, before)))
            if after[1] or len(ranges) > self.limits.parts:
                return ranges
            opened = after.end()
            # The line break that ends this boundary may begin the next one.
            position = max(after.end() - 1, position + len(line))
        if opened >= 0:
            self.flags.add("end_missing")
            ranges.append((opened, end))
        return ranges

    def _base64(self, body: bytes) -> bytes:
        data = body.strip(_BLANKS)
        try:
            if data.find(b"=", 0, len(data) - 2) < 0:
                return binascii.a2b_base64(data)
        except binascii.Error:
            self.flags.add("bad_encoding")
            return lenient_base64(data)
        return self._base64_in_pieces(data)

    def _base64_in_pieces(self, data: bytes) -> bytes:
        """Base64 with padding before its end: pieces set one after another, or base64 with
        something else behind it (a list's footer), which is not decoded into noise."""
        self.flags.add("bad_encoding")
        first_end = data.find(b"=")
        pieces = [lenient_base64(data[:first_end])]
        for line in data[first_end:].lstrip(b"=").split():
            if not _BASE64_LINE.fullmatch(line):
                break
            pieces.append(lenient_base64(line))
        return b"".join(pieces)

    def _uuencoded(self, body: bytes) -> bytes:
        begin = body.find(b"begin ")
        lines = body[begin:].splitlines()[1:] if begin >= 0 else body.splitlines()
        pieces: list[bytes] = []
        for line in lines:
            if line.strip() == b"end":
                break
            pieces.append(_uu_line(line))
        return b"".join(pieces)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        pass
    try:  # Trailing blanks were cut on the way: RFC-less, but every decoder does this.
        return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
    except (binascii.Error, IndexError):
        return b""
