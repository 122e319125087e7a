"""What a search text asks for. Pure.

`invoice "late parcel" -draft inv* from:ann@example.com subject:refund to:support@ inbox:"Help desk"
class:bounce status:spam tag:vip has:attachment` — all of them must hold; `-` turns one round.
Any text is a valid search: what is no filter of ours is looked for as words.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

MOST_CHARACTERS = 500
MOST_PARTS = 20
# A shorter beginning would name a large part of all words.
SHORTEST_PREFIX = 3

Scope = Literal["anywhere", "subject", "sender"]
Field = Literal["to", "inbox", "class", "status", "tag", "has"]
_SCOPES: dict[str, Scope] = {"subject": "subject", "from": "sender"}
_FIELDS: dict[str, Field] = {
    "to": "to", "inbox": "inbox", "class": "class", "status": "status", "tag": "tag", "has": "has",
}  # fmt: skip
_PART = re.compile(
    r'(?P<sign>-)?(?:(?P<field>[a-zA-Z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))'
)


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand next to each other, in one place or anywhere.

    `prefix`: the last one may go on. `excluded`: they must not be there.
    """

    text: str
    scope: Scope = "anywhere"
    prefix: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A fact about an email; the value is in lower case."""

    field: Field
    value: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What must hold for an email to be found."""

    words: tuple[Words, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        return not self.words and not self.filters

    @property
    def plain_words(self) -> tuple[str, ...]:
        """The words wanted anywhere: what a search among names can use."""
        return tuple(w.text for w in self.words if w.scope == "anywhere" and not w.excluded)


def parse(text: str) -> Query:
    """The query that a person's text means; of a very long one, its beginning."""
    composed = unicodedata.normalize("NFC", text[:MOST_CHARACTERS]).replace("\0", " ")
    parts = [_part(match) for match in _PART.finditer(composed)]
    kept = list(dict.fromkeys(part for part in parts if part is not None))[:MOST_PARTS]
    return Query(
        words=tuple(part for part in kept if isinstance(part, Words)),
        filters=tuple(part for part in kept if isinstance(part, Filter)),
    )


def _part(match: re.Match[str]) -> Words | Filter | None:
    excluded = bool(match["sign"])
    field = (match["field"] or "").lower()
    value = match["quoted"] if match["quoted"] is not None else match["plain"]
    if field in _FIELDS and value.strip():
        return Filter(_FIELDS[field], value.strip().lower(), excluded)
    if field not in _SCOPES and field:
        value = f"{match['field']} {value}"  # no field of ours: "Re: order" is words
    text = " ".join(re.findall(r"[^\W_]+", value))
    if not text:
        return None
    starred = match["quoted"] is None and value.endswith("*")
    prefix = starred and len(text.split()[-1]) >= SHORTEST_PREFIX
    return Words(text, _SCOPES.get(field, "anywhere"), prefix, excluded)
