"""The condition tree of a rule: groups of all, any and none over typed leaves. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as a_field
from typing import Literal

GroupKind = Literal["all", "any", "none"]
TextHow = Literal["equals", "contains", "starts_with", "ends_with"]
NumberHow = Literal["at_least", "at_most"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A leaf in the words of whoever wrote it, for explanations; never compared."""

    field: str
    op: str
    value: str | bool | int | tuple[str, ...]
    name: str = ""


_UNSHOWN = Shown("", "", "")


@dataclass(frozen=True, slots=True)
class Text:
    """Some value of the field equals, contains, starts or ends with one of the wanted texts.

    `wanted` is folded; `header` is the lower-case name when the field is `header`.
    """

    field: str
    header: str
    how: TextHow
    wanted: tuple[str, ...]
    shown: Shown = a_field(default=_UNSHOWN, compare=False)


@dataclass(frozen=True, slots=True)
class Address:
    """Some address of the field is one of the addresses or lies in one of the domains."""

    field: str
    addresses: tuple[str, ...]
    domains: tuple[str, ...]
    subdomains: bool
    shown: Shown = a_field(default=_UNSHOWN, compare=False)


@dataclass(frozen=True, slots=True)
class Regex:
    """Some value of the field holds a match of the pattern."""

    field: str
    header: str
    pattern: str
    any_case: bool
    shown: Shown = a_field(default=_UNSHOWN, compare=False)


@dataclass(frozen=True, slots=True)
class Present:
    """The field has (or, not wanted, has no) value that is not empty."""

    field: str
    header: str
    wanted: bool
    shown: Shown = a_field(default=_UNSHOWN, compare=False)


@dataclass(frozen=True, slots=True)
class Flag:
    """The yes-or-no fact is as wanted."""

    field: str
    wanted: bool
    shown: Shown = a_field(default=_UNSHOWN, compare=False)


@dataclass(frozen=True, slots=True)
class Number:
    """Some number of the field is at least or at most the wanted one."""

    field: str
    how: NumberHow
    wanted: int
    shown: Shown = a_field(default=_UNSHOWN, compare=False)


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """The arrival lies in [start, end) minutes of the zone's day; start > end spans midnight."""

    start_minute: int
    end_minute: int
    zone: str
    shown: Shown = a_field(default=_UNSHOWN, compare=False)


@dataclass(frozen=True, slots=True)
class Weekday:
    """The arrival's day in the zone is one of these, Monday being 0."""

    days: tuple[int, ...]
    zone: str
    shown: Shown = a_field(default=_UNSHOWN, compare=False)


Leaf = Text | Address | Regex | Present | Flag | Number | TimeOfDay | Weekday


@dataclass(frozen=True, slots=True)
class Group:
    """All, any or none of the children hold. An empty `all` always holds: it has no conditions."""

    kind: GroupKind
    children: "tuple[Group | Leaf, ...]"


Node = Group | Leaf
EVERYTHING = Group("all", ())


@dataclass(frozen=True, slots=True)
class ConditionError:
    """Where a condition is wrong (a path such as `conditions.all[2].value`), what, and the mend."""

    path: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.what} {self.mend}"


def leaves(node: Node) -> Iterator[Leaf]:
    """Every leaf of the tree, in order."""
    if isinstance(node, Group):
        for child in node.children:
            yield from leaves(child)
    else:
        yield node
