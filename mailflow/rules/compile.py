"""Many rules as one structure that is asked at once. Pure.

Equal conditions of different rules are one leaf. Each rule hangs on a few of its leaves, its
anchors, without one of which it cannot match; indexes find the anchors that a message hits.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mailflow.rules.conditions import Address, Group, GroupKind, Leaf, Node, Regex, Text
from mailflow.rules.fields import COMBINED, FIELDS
from mailflow.rules.leaves import Source
from mailflow.rules.literals import required, worth_finding
from mailflow.rules.plan import RuleInput
from mailflow.rules.regexes import search_set
from mailflow.rules.scan import Scanner, ScannerParts, too_nested

Tree = int | tuple[GroupKind, tuple[Any, ...]]
"""A condition tree over leaf numbers."""

SET_SIZE = 64
"""Regular expressions in one automaton: its states grow with the product of what they allow."""

_PLAIN_COST = 50
_COMMON_COST = 20


@dataclass(slots=True)
class Index:
    """What is looked up in the values of one source; each leads to leaves."""

    equal: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    addresses: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    domains: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    parents: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    patterns: list[tuple[Regex, int]] = field(default_factory=list)
    sets: list[tuple[Any, tuple[int, ...]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Active rules in order. `known` leaves hold exactly when an index finds them.

    `anchored[leaf]` are positions of rules to be looked at when the leaf holds, `probes` leaves
    that no index finds but rules hang on, `always` rules that hang on nothing.
    """

    rules: tuple[RuleInput, ...]
    trees: tuple[Tree, ...]
    leaves: tuple[Leaf, ...]
    known: frozenset[int]
    indexes: dict[Source, Index]
    scanner: Scanner | None
    anchored: dict[int, list[int]]
    probes: tuple[int, ...]
    always: tuple[int, ...]


def compile_rules(rules: Sequence[RuleInput]) -> RuleSet:
    """The rule set: inactive rules left out, the others by priority (lower first), then id."""
    active = tuple(sorted((rule for rule in rules if rule.active), key=lambda rule: rule.order))
    numbers: dict[Leaf, int] = {}
    trees = tuple(_number(rule.conditions, numbers) for rule in active)
    found = tuple(numbers)
    indexes, scanner, known = _index(found)
    costs = _costs(found, known, trees)
    anchored: dict[int, list[int]] = defaultdict(list)
    always = []
    for position, tree in enumerate(trees):
        anchors = _anchors(tree, costs)
        if anchors is None:
            always.append(position)
        for leaf in anchors or ():
            anchored[leaf].append(position)
    probes = tuple(leaf for leaf in anchored if leaf not in known)
    return RuleSet(
        active, trees, found, known, indexes, scanner, dict(anchored), probes, tuple(always)
    )


def _number(node: Node, numbers: dict[Leaf, int]) -> Tree:
    if isinstance(node, Group):
        return node.kind, tuple(_number(child, numbers) for child in node.children)
    return numbers.setdefault(node, len(numbers))


def _index(
    found: Sequence[Leaf],
) -> tuple[dict[Source, Index], Scanner | None, frozenset[int]]:
    indexes: dict[Source, Index] = defaultdict(Index)
    parts = ScannerParts()
    nested = too_nested({text for leaf in found for text in _to_be_found(leaf)})
    known = set()
    for number, leaf in enumerate(found):
        texts = _to_be_found(leaf)
        if texts and all(worth_finding(text) and text not in nested for text in texts):
            for source in _sources(leaf):
                parts.add(source, texts, number, isinstance(leaf, Text) and leaf.how == "contains")
            known.add(number)
        elif isinstance(leaf, Address | Regex) or (isinstance(leaf, Text) and leaf.how == "equals"):
            for source in _sources(leaf):
                _enter(indexes[source], leaf, number)
            known.add(number)
    for index in indexes.values():
        index.sets = _sets(index.patterns)
    return dict(indexes), parts.build(), frozenset(known)


def _to_be_found(leaf: Leaf) -> Collection[str]:
    """Texts of which one is in every value that the leaf holds for; none: not known."""
    if isinstance(leaf, Text) and leaf.how != "equals":
        return leaf.wanted
    return required(leaf.pattern) or () if isinstance(leaf, Regex) else ()


def _sources(leaf: Leaf) -> list[Source]:
    """The plain fields that the leaf looks at."""
    assert isinstance(leaf, Text | Address | Regex)
    header = "" if isinstance(leaf, Address) else leaf.header
    return [(part, header) for part in COMBINED.get(leaf.field, (leaf.field,))]


def _enter(index: Index, leaf: Text | Address | Regex, number: int) -> None:
    """Puts the leaf where its field's values will find it."""
    if isinstance(leaf, Regex):
        index.patterns.append((leaf, number))
    elif isinstance(leaf, Text):
        _put(index.equal, leaf.wanted, number)
    else:
        _put(index.addresses, leaf.addresses, number)
        _put(index.domains, leaf.domains, number)
        _put(index.parents, leaf.domains if leaf.subdomains else (), number)


def _put(places: dict[str, list[int]], keys: Iterable[str], number: int) -> None:
    for key in keys:
        places[key].append(number)


def _sets(patterns: list[tuple[Regex, int]]) -> list[tuple[Any, tuple[int, ...]]]:
    found = []
    for start in range(0, len(patterns), SET_SIZE):
        part = patterns[start : start + SET_SIZE]
        automaton = search_set([(leaf.pattern, leaf.any_case) for leaf, _ in part])
        found.append((automaton, tuple(number for _, number in part)))
    return found


def _costs(found: Sequence[Leaf], known: frozenset[int], trees: Iterable[Tree]) -> list[int]:
    """How many rules are looked at for nothing when they hang on the leaf, roughly."""
    uses = [0] * len(found)
    for tree in trees:
        for leaf in _leaves(tree):
            uses[leaf] += 1
    return [uses[n] * _weight(leaf, n in known) for n, leaf in enumerate(found)]


def _leaves(tree: Tree) -> Iterator[int]:
    if isinstance(tree, int):
        yield tree
    else:
        for child in tree[1]:
            yield from _leaves(child)


def _weight(leaf: Leaf, known: bool) -> int:
    if not known:
        return _PLAIN_COST
    assert isinstance(leaf, Text | Address | Regex)
    return _COMMON_COST if FIELDS[leaf.field].kind == "word" else 1


def _anchors(tree: Tree, costs: list[int]) -> tuple[int, ...] | None:
    """Leaves of which one must hold for the tree to hold; None: it may hold without any."""
    if isinstance(tree, int):
        return (tree,)
    kind, children = tree
    if kind == "none":
        return None
    found = [_anchors(child, costs) for child in children]
    certain = [anchors for anchors in found if anchors is not None]
    if kind == "all":
        return min(certain, key=lambda anchors: sum(costs[n] for n in anchors), default=None)
    if len(certain) < len(found):
        return None
    return tuple({leaf for anchors in certain for leaf in anchors})
