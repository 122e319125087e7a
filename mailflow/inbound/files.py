"""Messages that lie in files: single ones, mboxes, Maildirs, folders of any depth."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# The line before each message of an mbox (RFC 4155), with a time and a year: prose has neither.
_POSTMARK = re.compile(rb"From .*\d{1,2}:\d\d.*\d{4}")
# A quoted "From " line inside a message, as mboxrd writes it.
_QUOTED = re.compile(rb"(?m)^>(>*From )")
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")


@dataclass(frozen=True, slots=True)
class FoundMail:
    """A message with CRLF line ends; `number` counts from 1 in its file.

    `postmark` is the address in its mbox line, or "". `size_bytes` is its size in the file.
    """

    path: Path
    number: int
    raw: bytes
    postmark: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Unusable:
    """Something that is no message to be taken, and why."""

    path: Path
    number: int
    reason: str
    size_bytes: int


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file named or below a folder named, in order.

    In folders what is hidden, linked folders and a Maildir's tmp are left out.
    """
    for path in paths:
        if path.is_dir():
            yield from files_in(sorted(inner for inner in path.iterdir() if _is_wanted(inner)))
        else:
            yield path


def _is_wanted(path: Path) -> bool:
    if path.name.startswith(".") or path.name == "tmp":
        return False
    return not (path.is_symlink() and path.is_dir())


def mails_in(path: Path, most_bytes: int) -> Iterator[FoundMail | Unusable]:
    """Every message of the file, one in memory at a time. One above `most_bytes` is unusable.

    A file whose first line is a postmark is an mbox; but `.eml` is always a single message.
    """
    try:
        with path.open("rb") as file:
            is_mbox = file.read(5) == b"From "
            size = path.stat().st_size
            if not is_mbox and size > most_bytes:
                yield _too_large(path, 1, size, most_bytes)
                return
            file.seek(0)
            yield from _split(path, file, most_bytes) if is_mbox else [_mail(path, file.read())]
    except OSError as error:
        yield Unusable(path, 1, f"cannot be read: {error.strerror}", 0)


def _split(path: Path, lines: Iterable[bytes], most_bytes: int) -> Iterator[FoundMail | Unusable]:
    number, size, kept, postmark = 0, 0, list[bytes](), b""
    after_blank, is_single = True, path.suffix.lower() == ".eml"
    for line in lines:
        if number == 0 or (after_blank and not is_single and _POSTMARK.match(line)):
            if number:
                yield _piece(path, number, kept, postmark, size, most_bytes)
            number, size, kept, postmark = number + 1, 0, [], line
        size += len(line)
        if line is not postmark and size <= most_bytes:
            kept.append(line)
        after_blank = line in (b"\n", b"\r\n")
    yield _piece(path, number, kept, postmark, size, most_bytes)


def _piece(
    path: Path, number: int, kept: list[bytes], postmark: bytes, size: int, most_bytes: int
) -> FoundMail | Unusable:
    if size > most_bytes:
        return _too_large(path, number, size, most_bytes)
    raw = _QUOTED.sub(rb"\1", b"".join(kept))
    # The blank line before the next message belongs to the mbox.
    raw = raw.removesuffix(b"\r\n") if raw.endswith(b"\r\n\r\n") else raw
    raw = raw.removesuffix(b"\n") if raw.endswith(b"\n\n") else raw
    return _mail(path, raw, number, postmark, size)


def _mail(
    path: Path, raw: bytes, number: int = 1, postmark: bytes = b"", size: int | None = None
) -> FoundMail | Unusable:
    size_bytes = len(raw) if size is None else size
    if not raw.strip():
        return Unusable(path, number, "is empty", size_bytes)
    if not _HEADER.match(raw.lstrip(b"\r\n")):
        return Unusable(path, number, "does not begin with a header", size_bytes)
    words = postmark.split()
    sender = words[1].decode("ascii", "replace") if len(words) > 1 and b"@" in words[1] else ""
    return FoundMail(path, number, _network_lines(raw), sender, size_bytes)


def _network_lines(raw: bytes) -> bytes:
    """CRLF line ends (RFC 5322 2.1) for a message stored the Unix way."""
    return raw if b"\r\n" in raw else raw.replace(b"\n", b"\r\n")


def _too_large(path: Path, number: int, size: int, most_bytes: int) -> Unusable:
    return Unusable(path, number, f"has {size:,} bytes; at most {most_bytes:,} are taken", size)
