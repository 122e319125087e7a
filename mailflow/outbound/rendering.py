"""Filling templates: `{{name}}` and `{{a.b}}`, nothing else. Pure.

There is no logic and no attribute access: a name is a path into plain data, so a template can
reach nothing that was not given to it. Values are put in once and never read as templates.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)\s*\}\}")
_MOST_CHARACTERS = 250_000


@dataclass(frozen=True, slots=True)
class Rendered:
    """A filled template; the subject is one line."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Variables that the data does not hold: nothing is rendered then."""

    names: tuple[str, ...]


class TooLong(ValueError):
    """What came out is longer than a message may be (250,000 characters)."""


def render(subject: str, text: str, html: str, data: Mapping[str, Any]) -> Rendered | Missing:
    """The three parts filled with `data`; values in HTML are escaped. Raises TooLong."""
    names = dict.fromkeys(name for part in (subject, text, html) for name in variables(part))
    values = {name: _look_up(name, data) for name in names}
    missing = tuple(name for name, value in values.items() if value is None)
    if missing:
        return Missing(missing)
    filled = {name: str(value) for name, value in values.items()}
    escaped = {name: escape(value) for name, value in filled.items()}
    return Rendered(
        subject=" ".join(_fill(subject, filled).split()),
        text=_fill(text, filled),
        html=_fill(html, escaped),
    )


def variables(part: str) -> Iterator[str]:
    """The names a part asks for, in order."""
    return (found[1] for found in _VARIABLE.finditer(part))


def _fill(part: str, values: Mapping[str, str]) -> str:
    filled = _VARIABLE.sub(lambda found: values[found[1]], part)
    if len(filled) > _MOST_CHARACTERS:
        raise TooLong
    return filled


def _look_up(name: str, data: Mapping[str, Any]) -> str | int | float | None:
    value: Any = data
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, str | int | float) else None
