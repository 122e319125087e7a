"""Which rules match one arrival, and so what is to be done: the fast way. Pure."""

from collections.abc import Iterable, Sequence

from mailflow.rules.compile import Index, RuleSet, Tree
from mailflow.rules.conditions import Leaf, Regex, Text
from mailflow.rules.facts import Facts
from mailflow.rules.leaves import Source, View, found_in, passes
from mailflow.rules.plan import MatchedRule, Plan, matched
from mailflow.rules.scan import Scanner
from mailflow.rules.text import domain_of


def decide(rule_set: RuleSet, facts: Facts) -> Plan:
    """The rules that match, in order, up to and with the first that ends rules."""
    holding = _Holding(rule_set, View(facts))
    found: list[MatchedRule] = []
    for position in holding.candidates():
        if not holding.holds(rule_set.trees[position]):
            continue
        rule = rule_set.rules[position]
        found.append(matched(rule))
        if rule.ends_rules:
            return Plan(tuple(found), rule.rule_id)
    return Plan(tuple(found))


class _Holding:
    """Which leaves hold for one arrival; those that no index finds are tested when asked for."""

    def __init__(self, rule_set: RuleSet, view: View) -> None:
        self.rule_set = rule_set
        self.view = view
        self.found = _lookups(rule_set, view)
        self.tested: dict[int, bool] = {}

    def candidates(self) -> list[int]:
        """Positions of the rules that may match, in order."""
        anchored = self.rule_set.anchored
        positions = set(self.rule_set.always)
        for leaf in self.found:
            if leaf in anchored:
                positions.update(anchored[leaf])
        for leaf in self.rule_set.probes:
            if self._leaf(leaf):
                positions.update(anchored[leaf])
        return sorted(positions)

    def holds(self, tree: Tree) -> bool:
        if isinstance(tree, int):
            return self._leaf(tree)
        kind, children = tree
        if kind == "all":
            return all(self.holds(child) for child in children)
        return any(self.holds(child) for child in children) is (kind == "any")

    def _leaf(self, leaf: int) -> bool:
        if leaf in self.found:
            return True
        if leaf in self.rule_set.known:
            return False
        if leaf not in self.tested:
            self.tested[leaf] = passes(self.rule_set.leaves[leaf], self.view)
        return self.tested[leaf]


def _lookups(rule_set: RuleSet, view: View) -> set[int]:
    """The leaves that the indexes find to hold."""
    sure: set[int] = set()
    for source, index in rule_set.indexes.items():
        if view.raw(source):
            _look_up(index, source, view, sure)
    if rule_set.scanner is not None:
        _scan(rule_set.scanner, rule_set.leaves, view, sure)
    return sure


def _scan(scanner: Scanner, leaves: Sequence[Leaf], view: View, sure: set[int]) -> None:
    values = [
        (number, value)
        for number, source in enumerate(scanner.sources)
        for value in view.folded(source)
    ]
    for number, wanted in scanner.hits(values):
        sure.update(wanted.sure)
        for maybe in wanted.maybe:
            leaf = leaves[maybe]
            assert isinstance(leaf, Text | Regex)
            if maybe not in sure and found_in(leaf, scanner.sources[number], view):
                sure.add(maybe)


def _look_up(index: Index, source: Source, view: View, sure: set[int]) -> None:
    if index.equal:
        _collect(index.equal, view.folded(source), sure)
    if index.addresses or index.domains:
        addresses = view.addresses(source[0])
        domains = [domain_of(address) for address in addresses]
        _collect(index.addresses, addresses, sure)
        _collect(index.domains, domains, sure)
        if index.parents:
            _collect(index.parents, _parents(domains), sure)
    for automaton, leaves in index.sets:
        for data in view.encoded(source):
            sure.update(leaves[n] for n in automaton.Match(data) or ())


def _collect(places: dict[str, list[int]], keys: Iterable[str], sure: set[int]) -> None:
    for key in keys:
        if key in places:
            sure.update(places[key])


def _parents(domains: Iterable[str]) -> set[str]:
    """Every domain above the domains: b.c and c for a.b.c."""
    above = set()
    for domain in domains:
        rest = domain
        while "." in rest:
            rest = rest.partition(".")[2]
            above.add(rest)
    return above
