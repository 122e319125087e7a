"""Testing one condition against one arrival, the plain way. Pure."""

from collections.abc import Sequence
from datetime import datetime
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

Texts = Sequence[str]

Source = tuple[str, str]
"""A field, and the header's name in lower case when the field is `header`."""


class View:
    """The facts of one arrival as conditions read them; what is derived is derived once."""

    __slots__ = ("_addresses", "_encoded", "_folded", "_headers", "_raw", "facts")

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._raw: dict[Source, Texts] = {}
        self._folded: dict[Source, Texts] = {}
        self._encoded: dict[Source, list[bytes]] = {}
        self._addresses: dict[str, Texts] = {}
        self._headers: dict[str, list[str]] | None = None

    def raw(self, source: Source) -> Texts:
        """The values as they came."""
        found = self._raw.get(source)
        if found is None:
            found = self._raw[source] = self._read(*source)
        return found

    def folded(self, source: Source) -> Texts:
        """The values as comparisons see them."""
        found = self._folded.get(source)
        if found is None:
            found = self._folded[source] = [fold(value) for value in self.raw(source)]
        return found

    def encoded(self, source: Source) -> list[bytes]:
        """The values as regular expressions see them."""
        found = self._encoded.get(source)
        if found is None:
            found = self._encoded[source] = [clean(value).encode() for value in self.raw(source)]
        return found

    def addresses(self, field: str) -> Texts:
        """The addresses of an address field, folded, domains in Unicode."""
        found = self._addresses.get(field)
        if found is None:
            found = [fold_address(value) for value in self.raw((field, ""))]
            self._addresses[field] = found
        return found

    def _read(self, field: str, header: str) -> Texts:
        if field == "header":
            if self._headers is None:
                self._headers = _by_name(self.facts)
            return self._headers.get(header, ())
        if field in COMBINED:
            return [value for part in COMBINED[field] for value in self.raw((part, ""))]
        return TEXTS[field](self.facts)


def passes(leaf: Leaf, view: View) -> bool:
    """Whether the condition holds."""
    match leaf:
        case Text() | Regex():
            return found_in(leaf, (leaf.field, leaf.header), view)
        case Address():
            return any(_lies_in(leaf, address) for address in view.addresses(leaf.field))
        case Present():
            values = view.raw((leaf.field, leaf.header))
            return any(value.strip() for value in values) is leaf.wanted
        case Flag():
            return FLAGS[leaf.field](view.facts) is leaf.wanted
        case Number():
            return any(_measures(leaf, number) for number in NUMBERS[leaf.field](view.facts))
        case TimeOfDay():
            return _in_hours(leaf, view.facts)
        case Weekday():
            return local_time(view.facts, leaf.zone).weekday() in leaf.days


def found_in(leaf: Text | Regex, source: Source, view: View) -> bool:
    """Whether the condition holds for the source: its own field, or one that it stands for."""
    if isinstance(leaf, Regex):
        search = matcher(leaf.pattern, leaf.any_case).search
        return any(search(value) for value in view.encoded(source))
    values = view.folded(source)
    return any(_compare(leaf.how, value, want) for value in values for want in leaf.wanted)


def local_time(facts: Facts, zone: str) -> datetime:
    """When the mail arrived, on the clocks of the zone."""
    return facts.received_at.astimezone(ZoneInfo(zone))


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
    local = local_time(facts, leaf.zone)
    minute = local.hour * 60 + local.minute
    if leaf.start_minute < leaf.end_minute:
        return leaf.start_minute <= minute < leaf.end_minute
    return minute >= leaf.start_minute or minute < leaf.end_minute


def _by_name(facts: Facts) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in facts.headers:
        found.setdefault(name.lower(), []).append(value)
    return found
