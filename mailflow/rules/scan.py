"""Finds many texts in many short values and one long one, in a single pass. Pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import ahocorasick_rs

from mailflow.rules.leaves import Source

NESTED_MAX = 4
"""A text that ends in more than this many others is not put into the automaton, so that a body
of one repeated letter cannot make it report more than this many hits a letter."""

CHUNK_BYTES = 16_384
"""How much is scanned at once: it bounds the memory that hits take."""

SEPARATOR = b"\0"  # No wanted text holds it, so none is found across two values.


@dataclass(frozen=True, slots=True)
class Wanted:
    """Leaves that a found text decides: `sure` ones hold, `maybe` ones have to be tested."""

    sure: tuple[int, ...]
    maybe: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scanner:
    """One automaton for all sources; `targets[text][source]` tells what a hit there means."""

    automaton: Any
    longest: int
    sources: tuple[Source, ...]
    targets: tuple[dict[int, Wanted], ...]

    def hits(self, values: Iterable[tuple[int, str]]) -> Iterable[tuple[int, Wanted]]:
        """Where in (source, folded value) pairs which texts are: (source, what is decided)."""
        owners: list[int] = []
        encoded: list[bytes] = []
        for source, value in values:
            owners.append(source)
            encoded.append(value.encode())
        starts = list(accumulate((len(data) + 1 for data in encoded), initial=0))
        found: set[tuple[int, int]] = set()
        joined = SEPARATOR.join(encoded)
        step = max(CHUNK_BYTES, 2 * self.longest)
        for begin in range(0, len(joined), step):
            piece = joined[begin : begin + step + self.longest - 1]
            found.update(
                [
                    (text, owners[bisect_right(starts, begin + start) - 1])
                    for text, start, _ in self.automaton.find_matches_as_indexes(
                        piece, overlapping=True
                    )
                ]
            )
        for text, source in found:
            wanted = self.targets[text].get(source)
            if wanted is not None:
                yield source, wanted


class ScannerParts:
    """Collects what is to be found, then becomes a Scanner."""

    def __init__(self) -> None:
        self.sources: dict[Source, int] = {}
        self.sure: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.maybe: dict[tuple[str, int], list[int]] = defaultdict(list)

    def add(self, source: Source, texts: Iterable[str], leaf: int, exact: bool) -> None:
        """When one of the texts is in a value of the source, the leaf holds, or may hold."""
        number = self.sources.setdefault(source, len(self.sources))
        places = self.sure if exact else self.maybe
        for text in texts:
            places[text, number].append(leaf)

    def build(self) -> Scanner | None:
        targets: dict[str, dict[int, Wanted]] = defaultdict(dict)
        for text, source in [*self.sure, *self.maybe]:
            sure = tuple(self.sure.get((text, source), ()))
            targets[text][source] = Wanted(sure, tuple(self.maybe.get((text, source), ())))
        if not targets:
            return None
        encoded = [text.encode() for text in targets]
        automaton = ahocorasick_rs.BytesAhoCorasick(encoded)
        longest = max(map(len, encoded))
        return Scanner(automaton, longest, tuple(self.sources), tuple(targets.values()))


def too_nested(texts: Sequence[str] | set[str]) -> set[str]:
    """Texts that end in more than NESTED_MAX other ones."""
    nested: set[str] = set()
    endings: list[str] = []
    for reverse in sorted(text[::-1] for text in texts):
        while endings and not reverse.startswith(endings[-1]):
            endings.pop()
        if len(endings) < NESTED_MAX:
            endings.append(reverse)
        else:
            nested.add(reverse[::-1])
    return nested
