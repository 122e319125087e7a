"""Which inline styles of strangers are kept: colours, type and boxes in the flow. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from mailflow.lib.css import declarations

# Nothing that leaves the flow, covers, moves, animates, counts, quotes or fetches.
_PROPERTIES = frozenset(
    "background background-color border border-bottom border-bottom-color border-bottom-style "
    "border-bottom-width border-collapse border-color border-left border-left-color "
    "border-left-style border-left-width border-radius border-right border-right-color "
    "border-right-style border-right-width border-spacing border-style border-top border-top-color "
    "border-top-style border-top-width border-width box-sizing caption-side clear color direction "
    "display empty-cells float font font-family font-size font-stretch font-style font-variant "
    "font-weight height letter-spacing line-height list-style-position list-style-type margin "
    "margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width "
    "opacity overflow-wrap padding padding-bottom padding-left padding-right padding-top "
    "table-layout text-align text-decoration text-decoration-color text-decoration-line "
    "text-decoration-style text-indent text-transform vertical-align visibility white-space width "
    "word-break word-spacing word-wrap".split()
)
_DISPLAYS = frozenset(
    "block inline inline-block none table table-cell table-row table-row-group list-item "
    "table-header-group table-footer-group table-column table-caption inline-table".split()
)
_FUNCTION = re.compile(r"([a-z-]*)\(")
_FUNCTIONS = frozenset(("rgb", "rgba", "hsl", "hsla", "calc"))
_VALUE = re.compile(r"[\w\s#%.,!()\"'/+*-]*")
_IMPORTANT = re.compile(r"\s*!\s*important\s*")
_MINUS = re.compile(r"(?:^|[\s(,])-\s*[\d.]")
_MAX_CACHED = 500


@dataclass(frozen=True, slots=True)
class SafeStyle:
    """What is left of a style attribute, "" for nothing; and whether it wanted to fetch."""

    kept: str
    fetches: bool


def safe_style(style: str) -> SafeStyle:
    """The declarations that are allowed, in order."""
    return _cached(style) if len(style) <= _MAX_CACHED else _filtered(style)


def _filtered(style: str) -> SafeStyle:
    found = declarations(style)
    kept = (
        f"{name}:{value}"
        for name, raw in found.items()
        if name in _PROPERTIES and (value := _IMPORTANT.sub("", raw)) and _is_safe(name, value)
    )
    fetches = any("url(" in value or "image-set(" in value for value in found.values())
    return SafeStyle(";".join(kept), fetches)


_cached = lru_cache(maxsize=4096)(_filtered)


def _is_safe(name: str, value: str) -> bool:
    if not _VALUE.fullmatch(value) or value.count("(") != value.count(")"):
        return False
    if any(function not in _FUNCTIONS for function in _FUNCTION.findall(value)):
        return False
    if name == "display":
        return value in _DISPLAYS
    # A negative margin or indent lays text over other text.
    return not (
        name.startswith(("margin", "text-indent")) and (_MINUS.search(value) or "calc" in value)
    )
