"""A raw message, understood: the whole of RFC 5322 and MIME as people really send it. Pure.

One walk of our own over the bytes: the standard library's parser reads line by line and raises on
unknown character sets, and the fast ones give up where real mail is broken (docs/adr/). The tests
hold this walk equal to the standard library on well-formed mail.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from mailflow.lib.html_text import text_of_html
from mailflow.mail import charset
from mailflow.mail.addresses import addresses_of
from mailflow.mail.attachments import attachment
from mailflow.mail.body import Body, disposition_of, filename_of, sort_parts
from mailflow.mail.calendar_invite import read_invite
from mailflow.mail.headers import date_of, decode_words, ids_of, split_block
from mailflow.mail.identity import bare_id
from mailflow.mail.mime import Part, Reader
from mailflow.mail.parsed import (
    Address,
    AttachmentKind,
    CalendarInvite,
    Limits,
    ParsedAttachment,
    ParsedMessage,
)
from mailflow.mail.tnef import TnefContent, read_tnef

__all__ = [
    "DEFAULT",
    "Address",
    "CalendarInvite",
    "Limits",
    "ParsedAttachment",
    "ParsedMessage",
    "parse",
]

DEFAULT = Limits()
_UNREADABLE_CHARS = 64 * 1024
_META_CHARSET = re.compile(
    rb"<meta[^>]{1,200}charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE
)
_MESSAGES = ("message/rfc822", "message/global")
_CALENDARS = ("text/calendar", "application/ics")
_TNEFS = ("application/ms-tnef", "application/vnd.ms-tnef")


def parse(raw: bytes, limits: Limits = DEFAULT) -> ParsedMessage:
    """What the message says. Never raises: what cannot be understood is flagged (parsed.FLAGS).

    Every text is free of NUL and lone surrogates. Work is bounded by the limits and linear in
    the size of the message.
    """
    try:
        return _parse(raw, limits)
    except Exception:  # whatever a sender thought up, the message stays, raw and visible
        return _unreadable(raw)


def _parse(raw: bytes, limits: Limits) -> ParsedMessage:
    flags: set[str] = set()
    reader = Reader(raw, limits, flags)
    root = reader.read()
    content = _Content(reader, sort_parts(root))
    content.read_files()
    return _message(root, content, limits, flags)


def _unreadable(raw: bytes) -> ParsedMessage:
    text = charset.clean(raw[:_UNREADABLE_CHARS].decode("utf-8", "replace"))
    root = Part([], "text/plain", {}, 0, 0)
    content = _Content(Reader(b"", DEFAULT, set()), Body(), text_made=text)
    return _message(root, content, DEFAULT, {"unreadable"})


def _message(root: Part, content: "_Content", limits: Limits, flags: set[str]) -> ParsedMessage:
    values: dict[str, list[str]] = {}
    for name, value in root.headers:
        values.setdefault(name.lower(), []).append(value)

    def addresses(name: str) -> tuple[Address, ...]:
        found = (addresses_of(value, limits.addresses, flags) for value in values.get(name, ()))
        return tuple(one for each in found for one in each)

    def first(name: str) -> str:
        return values[name][0] if name in values else ""

    from_ = addresses("from")
    if len(from_) > 1:
        flags.add("several_from")
    date = date_of(first("date")) if "date" in values else None
    if date is None and "date" in values:
        flags.add("bad_date")
    text, html = content.text(), content.html()
    return ParsedMessage(
        headers=tuple((name, decode_words(value)) for name, value in root.headers),
        subject=decode_words(first("subject")).strip(),
        message_id=bare_id(first("message-id")),
        in_reply_to=ids_of(first("in-reply-to")),
        references=ids_of(" ".join(values.get("references", ()))),
        from_=from_,
        sender=addresses("sender"),
        reply_to=addresses("reply-to"),
        to=addresses("to"),
        cc=addresses("cc"),
        bcc=addresses("bcc"),
        date=date,
        text=text,
        html=html,
        hidden_text="hidden_text" in flags,
        attachments=tuple(content.attachments),
        calendar=content.calendar,
        content_type=root.content_type,
        content_parameters=root.parameters,
        flags=frozenset(flags),
    )


@dataclass(slots=True)
class _Content:
    """The bodies and files of one message; each part is decoded once."""

    reader: Reader
    body: Body
    text_made: str = ""
    html_made: str = ""
    attachments: list[ParsedAttachment] = field(default_factory=list)
    calendar: CalendarInvite | None = None
    decoded: dict[int, str] = field(default_factory=dict)

    def text(self) -> str:
        """The whole text: from the plain parts, from the HTML where there is none."""
        text = _joined(self._as_text(part) for part in self.body.text)
        if text and not text.isspace():
            return text
        from_html = (part for part in self.body.html if part not in self.body.text)
        return _joined(self._as_text(part) for part in from_html) or self._other_text() or text

    def html(self) -> str:
        """The HTML as sent; plain parts between HTML ones are escaped into it; "" without any."""
        if not any(part.content_type == "text/html" for part in self.body.html):
            return self.html_made
        return "\n".join(self._as_html(part) for part in self.body.html)

    def read_files(self) -> None:
        """Fills `attachments`, and `calendar` with the first invitation that can be read."""
        for part in self.body.files:
            content = self.reader.content(part)
            kind = _kind_of(part)
            self._add(content, part, kind)
            if kind == "calendar" and self.calendar is None:
                label = part.parameters.get("charset", "utf-8")
                method = part.parameters.get("method", "")
                self.calendar = read_invite(
                    content, label, method, self.reader.limits, self.reader.flags
                )
            elif kind == "tnef":
                self._add_tnef(read_tnef(content, self.reader.limits, self.reader.flags))

    def _add(self, content: bytes, part: Part, kind: AttachmentKind) -> None:
        name = filename_of(part)
        if not name and kind == "message":
            name = _name_of_message(content, self.reader.limits)
        self.attachments.append(
            attachment(
                len(self.attachments),
                content,
                filename=name,
                content_type=part.content_type,
                content_id=bare_id(part.header("content-id")),
                disposition=disposition_of(part)[0] or "attachment",
                kind=kind,
            )
        )

    def _add_tnef(self, found: TnefContent) -> None:
        for name, content_type, content in found.files:
            self.attachments.append(
                attachment(len(self.attachments), content, filename=name, content_type=content_type)
            )
        self.text_made = self.text_made or found.text
        self.html_made = self.html_made or found.html

    def _other_text(self) -> str:
        """What Outlook or a calendar has to say, where the message itself has no text."""
        if self.text_made or self.html_made:
            return self.text_made or self._text_from_html(self.html_made)
        if self.calendar is None:
            return ""
        said = (self.calendar.summary, self.calendar.location, self.calendar.description)
        return "".join(f"{one}\n" for one in said if one)

    def _as_text(self, part: Part) -> str:
        text = self._decoded(part)
        return self._text_from_html(text) if part.content_type == "text/html" else text

    def _as_html(self, part: Part) -> str:
        text = self._decoded(part)
        if part.content_type == "text/html":
            return text
        return f'<div style="white-space: pre-wrap">{escape(text)}</div>'

    def _text_from_html(self, html: str) -> str:
        made = text_of_html(html, self.reader.limits.html_chars)
        if made.hidden:
            self.reader.flags.add("hidden_text")
        if made.cut:
            self.reader.flags.add("html_cut")
        return charset.clean(made.text)

    def _decoded(self, part: Part) -> str:
        found = self.decoded.get(id(part))
        if found is None:
            content = self.reader.content(part)
            label = part.parameters.get("charset", "")
            if not label and part.content_type == "text/html":
                meta = _META_CHARSET.search(content, 0, 2048)
                label = meta[1].decode("ascii") if meta else ""
            text = charset.decode(content, label, self.reader.flags).removeprefix("\ufeff")
            found = self.decoded[id(part)] = text.replace("\r\n", "\n").replace("\r", "\n")
        return found


def _kind_of(part: Part) -> AttachmentKind:
    content_type = part.content_type
    if content_type in _MESSAGES:
        return "message"
    name = filename_of(part).lower()
    if content_type in _CALENDARS or name.endswith(".ics"):
        return "calendar"
    return "tnef" if content_type in _TNEFS or name == "winmail.dat" else "file"


def _name_of_message(content: bytes, limits: Limits) -> str:
    headers, _ = split_block(content, 0, len(content), limits, set())
    subject = next((value for name, value in headers if name.lower() == "subject"), "")
    return f"{decode_words(subject).strip()[:100] or 'message'}.eml"


def _joined(texts: Iterable[str]) -> str:
    """The texts one after another, each begun on a new line."""
    joined = ""
    for text in texts:
        joined = f"{joined}\n{text}" if joined and not joined.endswith("\n") else joined + text
    return joined
