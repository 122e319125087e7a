"""Pure: the kinds of value a setting can have: reading what somebody wrote, and writing it back.

Each kind has `parse`, which takes JSON or a form's text and returns the typed value or raises
`BadValue`, and `text`, which returns what `parse` reads as the same value.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mailflow.lib.addresses import address_of, domain_of

LONGEST_TEXT = 2000
MOST_ADDRESSES = 500


class BadValue(ValueError):
    """A value that a kind refuses. `mend` says what would be right, with names for `parameters`."""

    def __init__(self, mend: str, **parameters: object) -> None:
        super().__init__(mend % parameters)
        self.mend = mend
        self.parameters: Mapping[str, object] = parameters


# The sentences, marked for translation in `registry`, which knows Django.
LINE = "Write one line of text of at most %(most)s characters."
NUMBER = "Write a whole number from %(low)s to %(high)s."
FLAG = "Write true or false."
CHOICE = "Write one of: %(choices)s."
ADDRESS = "Write one e-mail address, as support@example.com."
ADDRESSES = "Write e-mail addresses with commas between them, as a@example.com, b@example.com."
URL = "Write an address that starts with http:// or https://."
DOMAIN = "Write a domain name, as reply.example.com."
KEY = "Write at least %(least)s characters without spaces, or nothing to leave it as it is."
MENDS = (LINE, NUMBER, FLAG, CHOICE, ADDRESS, ADDRESSES, URL, DOMAIN, KEY)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text."""

    most: int = LONGEST_TEXT

    def parse(self, value: Any) -> str:
        """The text without surrounding space."""
        if not isinstance(value, str):
            raise BadValue(LINE, most=self.most)
        line = value.strip()
        if len(line) > self.most or any(unicodedata.category(c) in _NOT_IN_A_LINE for c in line):
            raise BadValue(LINE, most=self.most)
        return line

    def text(self, value: str) -> str:
        """The line."""
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from `low` to `high`, both included; `unit` is days, bytes or nothing."""

    low: int
    high: int
    unit: str = ""

    def parse(self, value: Any) -> int:
        """The number."""
        number = _whole(value)
        if number is None or not self.low <= number <= self.high:
            raise BadValue(NUMBER, low=self.low, high=self.high)
        return number

    def text(self, value: int) -> str:
        """Decimal digits."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    def parse(self, value: Any) -> bool:
        """The original's spellings: true, 1, yes, on; and their opposites."""
        word = str(value).strip().lower()
        if isinstance(value, bool | int | str) and word in {"true", "1", "yes", "on"}:
            return True
        if isinstance(value, bool | int | str) and word in {"false", "0", "no", "off"}:
            return False
        raise BadValue(FLAG)

    def text(self, value: bool) -> str:
        """ "true" or "false"."""
        return "true" if value else "false"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words."""

    words: tuple[str, ...]

    def parse(self, value: Any) -> str:
        """The word, in lower case."""
        word = value.strip().lower() if isinstance(value, str) else None
        if word not in self.words:
            raise BadValue(CHOICE, choices=", ".join(self.words))
        return word

    def text(self, value: str) -> str:
        """The word."""
        return value


@dataclass(frozen=True, slots=True)
class Address:
    """One e-mail address, or nothing."""

    def parse(self, value: Any) -> str:
        """The address in lower case."""
        if not isinstance(value, str):
            raise BadValue(ADDRESS)
        address = address_of(value) if value.strip() else ""
        if address is None:
            raise BadValue(ADDRESS)
        return address

    def text(self, value: str) -> str:
        """The address."""
        return value


@dataclass(frozen=True, slots=True)
class Addresses:
    """A list of e-mail addresses: a JSON array, an array as text, or text with commas."""

    def parse(self, value: Any) -> tuple[str, ...]:
        """The addresses in the order given, each once."""
        words = _listed(value)
        if words is None or len(words) > MOST_ADDRESSES:
            raise BadValue(ADDRESSES)
        found = [address for word in words if (address := address_of(word))]
        if len(found) < len(words):
            raise BadValue(ADDRESSES)
        return tuple(dict.fromkeys(found))

    def text(self, value: tuple[str, ...]) -> str:
        """The addresses with commas between them."""
        return ", ".join(value)


@dataclass(frozen=True, slots=True)
class Url:
    """An http or https address, or nothing."""

    def parse(self, value: Any) -> str:
        """The address without surrounding space."""
        url = value.strip() if isinstance(value, str) else None
        if url is None or (url and not _is_url(url)):
            raise BadValue(URL)
        return url

    def text(self, value: str) -> str:
        """The address."""
        return value


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain name, or nothing."""

    def parse(self, value: Any) -> str:
        """The name in lower case."""
        if not isinstance(value, str):
            raise BadValue(DOMAIN)
        name = domain_of(value) if value.strip() else ""
        if name is None:
            raise BadValue(DOMAIN)
        return name

    def text(self, value: str) -> str:
        """The name."""
        return value


@dataclass(frozen=True, slots=True)
class Key:
    """A secret word of at least `least` characters."""

    least: int = 1

    def parse(self, value: Any) -> str:
        """The word; empty text means that nothing is set."""
        word = value.strip() if isinstance(value, str) else None
        if word is None or (word and not self._fits(word)):
            raise BadValue(KEY, least=self.least)
        return word

    def _fits(self, word: str) -> bool:
        # It travels in a header: visible ASCII alone.
        return self.least <= len(word) <= LONGEST_TEXT and all("!" <= c <= "~" for c in word)

    def text(self, value: str) -> str:
        """The word."""
        return value


Kind = Line | Number | Flag | Choice | Address | Addresses | Url | Domain | Key

# Controls, lone surrogates (which cannot be stored), line and paragraph separators.
_NOT_IN_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def _is_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = url.isprintable() and " " not in url and len(url) <= LONGEST_TEXT
    return plain and parts.scheme in {"http", "https"} and bool(parts.hostname)


def _whole(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,18}", value.strip()):
        return int(value)
    return None


def _listed(value: Any) -> list[str] | None:
    """The words of a list; None where it is none."""
    if isinstance(value, str):
        if value.lstrip().startswith("["):
            return _listed(_json(value))
        value = value.replace("\n", ",").split(",")
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        return None
    return [word.strip() for word in value if word.strip()]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
