"""Address lists of headers, as senders write them: RFC 5322 3.4. Pure; nothing raises."""

import re
from dataclasses import dataclass, field

from mailflow.mail.headers import decode_words
from mailflow.mail.parsed import Address

# The form nearly every address has: optional name, address in angle brackets.
_SIMPLE = re.compile(
    r"\s*(?:\"([^\"\\]*)\"|([^\"<>(),:;@\\\[\]]*?))\s*<([^<>()\",:;\s@\x00-\x1f]+@[^<>()\",:;\s@\x00-\x1f]+)>\s*"
)
_BARE = re.compile(r"[^<>()\",:;\s@\x00-\x1f]+@[^<>()\",:;\s@\x00-\x1f]+")
_TOKEN = re.compile(
    r"\"((?:[^\"\\]|\\.)*)\"?|<([^<>]*)>?|([(),;:])|=\?[^?\s]+\?[bBqQ]\?[^?]*\?=|[^\"<>(),;:=]+|[>=]"
)
_ESCAPE = re.compile(r"\\(.)")


def addresses_of(value: str, limit: int, flags: set[str]) -> tuple[Address, ...]:
    """Every mailbox of an unfolded, undecoded address header, in order.

    Names are decoded after the list is taken apart, so that a decoded comma or bracket cannot
    make an address. More than `limit` mailboxes: the first ones, and too_many_addresses.
    """
    if found := _SIMPLE.fullmatch(value):
        return (Address(_name(found[1] or found[2] or ""), found[3]),)
    if _BARE.fullmatch(value):
        return (Address("", value),)
    reader = _Reader()
    for token in _TOKEN.finditer(value):
        if token[1] is not None and token.end() - token.start() < len(token[1]) + 2:
            # A quote that never closes is a slip of the pen.
            return addresses_of(value.replace('"', " "), limit, flags)
        reader.take(token)
        if len(reader.found) > limit:
            flags.add("too_many_addresses")
            return tuple(reader.found[:limit])
    reader.finish()
    return tuple(reader.found[:limit])


def _name(text: str) -> str:
    return " ".join(decode_words(text).split())


@dataclass(slots=True)
class _Reader:
    """Takes an address list token by token; `found` holds the mailboxes that are complete."""

    found: list[Address] = field(default_factory=list)
    phrase: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    carried: str = ""
    address: str = ""
    depth: int = 0

    def take(self, token: re.Match[str]) -> None:
        if self.depth or token[3] in ("(", ")"):
            self._take_comment(token)
        elif token[3] == ":":
            self._open_group()
        elif token[3]:
            self._end(is_comma=token[3] == ",")
        elif token[2] is not None:
            self._take_angle(token[2])
        elif token[1] is not None:
            self.phrase.append(_ESCAPE.sub(r"\1", token[1]))
        elif token[0] != ">":
            self._take_text(token[0])

    def finish(self) -> None:
        """The end of the header ends the last mailbox."""
        self._end(is_comma=False)

    def _take_comment(self, token: re.Match[str]) -> None:
        self.depth += {"(": 1, ")": -1}.get(token[3] or "", 0)
        self.depth = max(self.depth, 0)
        if token[3] not in ("(", ")"):
            self.comment.append(token[0])

    def _open_group(self) -> None:
        """`Friends: a@x, b@x;` names two people and no third called Friends."""
        if not any("@" in piece for piece in self.phrase):
            self.phrase.clear()

    def _take_angle(self, inner: str) -> None:
        # RFC 5322 4.4: an obsolete route "@a,@b:" stands before the address.
        inner = inner.strip()
        if inner.startswith("@") and ":" in inner:
            inner = inner.rpartition(":")[2]
        if "@" in inner or not self.address:
            self.address = "".join(inner.split())

    def _take_text(self, text: str) -> None:
        if text.startswith("@") and self.phrase:  # "john doe"@example.org
            self.address = f'"{self.phrase.pop()}"{text.strip()}'
        else:
            self.phrase.append(text)

    def _end(self, *, is_comma: bool) -> None:
        name, address = "".join(self.phrase).strip(), self.address
        if is_comma and not address and name and "@" not in name:
            # Perhaps the family name of: Doe, John <john@example.org>
            if self.carried:
                self._add(*_bare_address(self.carried))
            self.carried = name
            self.phrase = []
            return
        if address and self.carried:
            name = f"{self.carried}, {name}"
        elif self.carried:
            self._add(*_bare_address(self.carried))
        if not address:
            name, address = _bare_address(name)
        self._add(name or "".join(self.comment).strip(), address)
        self.phrase, self.comment, self.address, self.carried = [], [], "", ""

    def _add(self, name: str, address: str) -> None:
        if name or address:
            self.found.append(Address(_name(name), decode_words(address)))


def _bare_address(text: str) -> tuple[str, str]:
    """The words that are not the address, and the address, of text without angle brackets."""
    words = text.split()
    if len(words) == 1 and "=?" not in text:
        return "", words[0].rstrip(",")
    for position, word in enumerate(words):
        if "@" in word and "=?" not in word:
            return " ".join(words[:position] + words[position + 1 :]), word.rstrip(",")
    return text, ""
