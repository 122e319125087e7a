"""Testing one condition against one arrival, the plain way. Pure."""

from zoneinfo import ZoneInfo

from mailflow.rules.conditions import (
    Address,
    Flag,
    Leaf,
    Number,
    Present,
    Regex,
    Text,
    TextHow,
    TimeOfDay,
    Weekday,
)
from mailflow.rules.facts import Facts
from mailflow.rules.fields import COMBINED, FLAGS, NUMBERS, TEXTS
from mailflow.rules.regexes import matcher
from mailflow.rules.text import clean, domain_of, fold, fold_address

Texts = tuple[str, ...]


class View:
    """The facts of one arrival as conditions read them; what is derived is derived once."""

    __slots__ = ("_addresses", "_encoded", "_folded", "_headers", "_raw", "facts")

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._raw: dict[tuple[str, str], Texts] = {}
        self._folded: dict[tuple[str, str], Texts] = {}
        self._encoded: dict[tuple[str, str], tuple[bytes, ...]] = {}
        self._addresses: dict[str, Texts] = {}
        self._headers: dict[str, Texts] | None = None

    def raw(self, field: str, header: str = "") -> Texts:
        """The values as they came."""
        key = (field, header)
        if key not in self._raw:
            self._raw[key] = self._read(field, header)
        return self._raw[key]

    def folded(self, field: str, header: str = "") -> Texts:
        """The values as comparisons see them."""
        key = (field, header)
        if key not in self._folded:
            self._folded[key] = tuple(map(fold, self.raw(field, header)))
        return self._folded[key]

    def encoded(self, field: str, header: str = "") -> tuple[bytes, ...]:
        """The values as regular expressions see them."""
        key = (field, header)
        if key not in self._encoded:
            values = self.raw(field, header)
            self._encoded[key] = tuple(clean(value).encode() for value in values)
        return self._encoded[key]

    def addresses(self, field: str) -> Texts:
        """The addresses of an address field, folded, domains in Unicode."""
        if field not in self._addresses:
            self._addresses[field] = tuple(map(fold_address, self.raw(field)))
        return self._addresses[field]

    def _read(self, field: str, header: str) -> Texts:
        if field == "header":
            if self._headers is None:
                self._headers = _by_name(self.facts)
            return self._headers.get(header, ())
        if field in COMBINED:
            return tuple(value for part in COMBINED[field] for value in self.raw(part))
        return TEXTS[field](self.facts)


def passes(leaf: Leaf, view: View) -> bool:
    """Whether the condition holds."""
    match leaf:
        case Text():
            values = view.folded(leaf.field, leaf.header)
            return any(_compare(leaf.how, value, want) for value in values for want in leaf.wanted)
        case Address():
            return any(_lies_in(leaf, address) for address in view.addresses(leaf.field))
        case Regex():
            search = matcher(leaf.pattern, leaf.any_case).search
            return any(search(value) for value in view.encoded(leaf.field, leaf.header))
        case Present():
            values = view.raw(leaf.field, leaf.header)
            return any(value.strip() for value in values) is leaf.wanted
        case Flag():
            return FLAGS[leaf.field](view.facts) is leaf.wanted
        case Number():
            return any(_measures(leaf, number) for number in NUMBERS[leaf.field](view.facts))
        case TimeOfDay():
            return _in_hours(leaf, view.facts)
        case Weekday():
            return view.facts.received_at.astimezone(ZoneInfo(leaf.zone)).weekday() in leaf.days


def _compare(how: TextHow, value: str, want: str) -> bool:
    match how:
        case "equals":
            return value == want
        case "contains":
            return want in value
        case "starts_with":
            return value.startswith(want)
        case "ends_with":
            return value.endswith(want)


def _lies_in(leaf: Address, address: str) -> bool:
    if address in leaf.addresses:
        return True
    domain = domain_of(address)
    if domain in leaf.domains:
        return True
    return leaf.subdomains and any(domain.endswith(f".{parent}") for parent in leaf.domains)


def _measures(leaf: Number, number: int) -> bool:
    return number >= leaf.wanted if leaf.how == "at_least" else number <= leaf.wanted


def _in_hours(leaf: TimeOfDay, facts: Facts) -> bool:
    local = facts.received_at.astimezone(ZoneInfo(leaf.zone))
    minute = local.hour * 60 + local.minute
    if leaf.start_minute < leaf.end_minute:
        return leaf.start_minute <= minute < leaf.end_minute
    return minute >= leaf.start_minute or minute < leaf.end_minute


def _by_name(facts: Facts) -> dict[str, Texts]:
    found: dict[str, list[str]] = {}
    for name, value in facts.headers:
        found.setdefault(name.lower(), []).append(value)
    return {name: tuple(values) for name, values in found.items()}
