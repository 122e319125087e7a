"""The rules as they stand, compiled once for each change of theirs in each process."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from mailflow.rules.compile import RuleSet, compile_rules
from mailflow.rules.models import RuleVersion
from mailflow.rules.plan import RuleInput, read_rule

log = logging.getLogger(__name__)

State = tuple[int, datetime | None]
"""A revision, and when the newest version was saved: a restored backup counts again."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The rules of one revision; revision 0 is before the first rule."""

    revision: int
    rules: tuple[RuleInput, ...]
    rule_set: RuleSet


class _Cache:
    """What this process knows: the rules of one state, and each version's conditions read."""

    def __init__(self) -> None:
        self.state: State | None = None
        self.loaded: Loaded | None = None
        self.read: dict[tuple[int, int, datetime], RuleInput] = {}


_cache = _Cache()


def current_rules() -> Loaded:
    """The rules of now. Two short queries when nothing changed since the last call."""
    state = _state()
    if _cache.loaded is None or _cache.state != state:
        _cache.loaded = _load(state[0])
        _cache.state = state
    return _cache.loaded


def current_revision() -> int:
    """The number of the last change of any rule; 0 before the first."""
    return _state()[0]


def versions_at(revision: int) -> Iterable[RuleVersion]:
    """The version of each rule that was in force at a revision."""
    return RuleVersion.objects.filter(
        Q(until_revision=None) | Q(until_revision__gt=revision), from_revision__lte=revision
    )


def _state() -> State:
    newest = RuleVersion.objects.order_by("-id").values_list("from_revision", "saved_at").first()
    if newest is None:
        return 0, None
    ended = RuleVersion.objects.aggregate(last=Max("until_revision"))["last"]
    return max(newest[0], ended or 0), newest[1]


def _load(revision: int) -> Loaded:
    """Reads the versions that were not read before; one that cannot be read is left out."""
    read: dict[tuple[int, int, datetime], RuleInput] = {}
    for row in versions_at(revision):
        key = (row.rule_id, row.version, row.saved_at)
        rule = _cache.read.get(key) or read_rule(row.rule_id, row.version, row.body)
        if isinstance(rule, RuleInput):
            read[key] = rule
        else:
            log.error("Rule %d is left out: %s (%s)", row.rule_id, rule, rule.path)
    _cache.read = read
    rules = tuple(read.values())
    return Loaded(revision, rules, compile_rules(rules))
