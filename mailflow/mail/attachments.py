"""Files of a message: safe names, what their first bytes say, and their digests. Pure."""

import hashlib
import re

from mailflow.mail.parsed import AttachmentKind, ParsedAttachment

MAX_NAME_BYTES = 255
# Control characters, separators of paths, and characters that turn the direction of writing, with
# which "exe.gpj" shows as "jpg.exe" (Unicode TR 36, 2.10).
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f/\\\\\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_PATH = re.compile(r"[A-Za-z]:[/\\]|[/\\]|\.\.[/\\]")
_SEPARATORS = re.compile(r"[/\\]+")
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"{\\rtf", "application/rtf"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"OggS", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
)
_MARKUP = re.compile(
    rb"(?:<!--.{0,400}?-->|<\?xml[^>]{0,200}>|\s)*<(!doctype html|html|head|body|script|svg)\b",
    re.IGNORECASE | re.DOTALL,
)


def attachment(
    position: int,
    content: bytes,
    *,
    filename: str,
    content_type: str,
    content_id: str = "",
    disposition: str = "attachment",
    kind: AttachmentKind = "file",
) -> ParsedAttachment:
    """The file with its digest, size and sniffed type; the name is made safe here."""
    return ParsedAttachment(
        position=position,
        filename=safe_filename(filename),
        content_type=content_type,
        content=content,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content_id=content_id,
        disposition=disposition,
        kind=kind,
        sniffed_type=sniff(content),
    )


def safe_filename(name: str) -> str:
    """The name without path, control and direction-changing characters; at most 255 bytes.

    "../../etc/x" becomes "x", "1/2" becomes "1_2"; a name of which nothing is left becomes "".
    The ending is kept when a long name is cut.
    """
    if not name:
        return ""
    if _PATH.match(name):
        name = _SEPARATORS.split(name)[-1]
    name = _UNSAFE.sub("", _SEPARATORS.sub("_", name)).strip()
    name = name.lstrip("._ ") if name.startswith((".", "_")) else name
    if len(name.encode("utf-8", "replace")) <= MAX_NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = dot + ending if stem and len(ending) <= 16 else ""
    room = MAX_NAME_BYTES - len(ending.encode("utf-8", "replace"))
    whole = (stem if ending else name).encode("utf-8", "replace")
    return whole[:room].decode("utf-8", "ignore") + ending


def sniff(content: bytes) -> str:
    """The media type that the first bytes give away; "" when they give away nothing."""
    head = content[:16]
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if head[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "video/mp4"
    found = _MARKUP.match(content, 0, 1024)
    if not found:
        return ""
    return "image/svg+xml" if found[1].lower() == b"svg" else "text/html"
