"""Which texts a regular expression cannot match without: they decide whether it is tried. Pure.

It reads RE2's syntax on the safe side: what it is not sure of requires nothing.
"""

import re
from functools import lru_cache
from unicodedata import category

ALTERNATIVES_MAX = 32
# Cased only since Unicode 16: RE2 pairs them with letters that this Python may not know.
NEWLY_CASED = "ɤƛ"
QUANTIFIER = re.compile(r"(?:([*+?])|\{(\d+)(?:,\d*)?\})\??")
GROUP_START = re.compile(r"\((?:\?P?<\w+>|\?[imsU-]*:)?")
FLAGS = re.compile(r"\(\?[imsU-]+\)")
ESCAPE = re.compile(r"\\(?:[pP](?:\{[^}]*\}|.)|x(?:\{[^}]*\}|..)|[abfnrtvdswDSWBAzC])", re.DOTALL)
CLASS = re.compile(r"\[\^?\]?(?:\[:[^\]]*?:\]|\\.|[^\]\\])*\]", re.DOTALL)

Required = frozenset[str] | None


def worth_finding(literal: str) -> bool:
    """Whether a text is rare enough to look for: not one or two ASCII characters."""
    return len(literal) > 2 or (len(literal) == 2 and not literal.isascii())


@lru_cache(maxsize=16_384)
def required(pattern: str) -> Required:
    """Folded texts of which one is in every folded text that the pattern matches; None: unknown."""
    reader = _Reader(pattern)
    try:
        found = reader.alternatives()
    except _UnsureError:
        return None
    if reader.at != len(pattern):
        return None
    return found


class _UnsureError(Exception):
    pass


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self) -> Required:
        """What a | b | c requires: something of each branch."""
        branches = [self.sequence()]
        while self._next() == "|":
            self.at += 1
            branches.append(self.sequence())
        found: frozenset[str] = frozenset()
        for branch in branches:
            if branch is None:
                return None
            found |= branch
        return found if len(found) <= ALTERNATIVES_MAX else None

    def sequence(self) -> Required:
        """What the parts one after another require: the part that is rarest."""
        best: Required = None
        run = ""
        while self._next() not in ("", "|", ")"):
            literal = self._literal()
            inner = None if literal else self._other()
            least = self._quantifier()
            if literal and least != 0:
                run += literal
            if not literal or least is not None:
                best = _rarer(best, run)
                run = ""
            if inner is not None and least != 0:
                best = _rarer_set(best, inner)
        return _rarer(best, run)

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _literal(self) -> str:
        """The next part if it is one plain character, else nothing."""
        sign = self._next()
        if sign == "\\":
            sign = self.pattern[self.at + 1 : self.at + 2]
            if not sign or sign.isalnum() or not sign.isascii():
                return ""
            self.at += 2
            return sign
        if sign in "([.^$*+?" or sign in NEWLY_CASED or category(sign) == "Cn":
            return ""
        self.at += 1
        return sign.casefold()

    def _other(self) -> Required:
        """Steps over a part that is no plain character; what it requires."""
        sign = self._next()
        if sign == "(":
            return self._group()
        if sign in "\\[":
            found = (ESCAPE if sign == "\\" else CLASS).match(self.pattern, self.at)
            if found is None:
                raise _UnsureError
            self.at = found.end()
            return None
        if sign in "*+?":
            raise _UnsureError
        self.at += 1
        return None

    def _group(self) -> Required:
        flags = FLAGS.match(self.pattern, self.at)
        if flags is not None:
            self.at = flags.end()
            return None
        start = GROUP_START.match(self.pattern, self.at)
        if start is None or self.pattern.startswith("?", start.end()):
            raise _UnsureError
        self.at = start.end()
        inner = self.alternatives()
        if self._next() != ")":
            raise _UnsureError
        self.at += 1
        return inner

    def _quantifier(self) -> int | None:
        """The least number of times that the part before comes; None: no quantifier, once."""
        found = QUANTIFIER.match(self.pattern, self.at)
        if found is None:
            return None
        self.at = found.end()
        if found[2] is not None:
            return int(found[2])
        return 1 if found[1] == "+" else 0


def _rarer(best: Required, run: str) -> Required:
    return _rarer_set(best, frozenset((run,))) if worth_finding(run) else best


def _rarer_set(best: Required, other: frozenset[str]) -> Required:
    """The set that is met less often: the one whose shortest text is longer."""
    if best is None:
        return other
    return max(best, other, key=lambda texts: (min(map(len, texts)), -len(texts)))
