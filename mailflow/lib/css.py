"""Inline style declarations: taken apart, and asked whether they hide text. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

_DECLARATION = re.compile(
    r"(?<![a-z-])([a-z-]++)\s*+:\s*+((?:[^;\"'(]++|\"[^\"]*+\"?+|'[^']*+'?+|\([^)]*+\)?+)*+)"
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})[ \t\n\r\f]?|\\(.)", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(px|pt|em|rem|ex|%|cm|mm|in|pc|vh|vw|ch)?")
_HEX = re.compile(r"#(?:([0-9a-f]{3,4})|([0-9a-f]{6}(?:[0-9a-f]{2})?))\b")
_RGB = re.compile(r"rgba?\(([^)]{1,60})\)")
_NAMED = {
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "whitesmoke": (245, 245, 245),
    "silver": (192, 192, 192),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "lightgray": (211, 211, 211),
    "lightgrey": (211, 211, 211),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "navy": (0, 0, 128),
    "maroon": (128, 0, 0),
    "orange": (255, 165, 0),
}
# Text smaller than this nobody reads, in any unit that has a size.
_TINY = 2.0
_OFF_SCREEN = -500.0

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """What a style does to the text inside. None: says nothing about it.

    `gone` cannot be undone by an element inside; the others can. `paints` is a background that
    is no plain colour.
    """

    gone: bool = False
    invisible: bool | None = None
    tiny: bool | None = None
    colour: Colour | None = None
    transparent: bool = False
    background: Colour | None = None
    paints: bool = False


PLAIN = Look()


def declarations(style: str) -> dict[str, str]:
    """The properties of a style attribute in lower case, comments and escapes resolved."""
    style = style.lower()
    if "/*" in style:
        style = _COMMENT.sub(" ", style)
    if "\\" in style:
        style = _ESCAPE.sub(_unescaped, style)
    found: dict[str, str] = {}
    for name, value in _DECLARATION.findall(style):
        value = value.strip()
        if value:
            found[name] = value
    return found


@lru_cache(maxsize=1024)
def look_of(style: str) -> Look:
    """How text under this style attribute can be seen."""
    found = declarations(style)
    if not found:
        return PLAIN
    colour, transparent = _colour(found.get("color", ""))
    paint = found.get("background-color") or found.get("background") or ""
    background, _ = _colour(paint)
    return Look(
        gone=_is_gone(found),
        invisible=_is_invisible(found),
        tiny=_is_tiny(found),
        colour=colour,
        transparent=transparent,
        background=background,
        paints="url(" in paint or "gradient" in paint or "background-image" in found,
    )


def colour_of(value: str) -> Colour | None:
    """The colour that an attribute such as bgcolor names; None when it names none we know."""
    value = value.strip().lower()
    return _colour(value)[0] or _colour(f"#{value}")[0]


def are_alike(one: Colour, other: Colour) -> bool:
    """Whether text in one colour on the other cannot be made out."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1]) + abs(one[2] - other[2]) <= 24


def _unescaped(match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    number = int(match[1], 16)
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


def _is_gone(found: dict[str, str]) -> bool:
    if found.get("display", "").startswith("none") or found.get("mso-hide", "").startswith("all"):
        return True
    if _number(found.get("opacity", ""), 1.0) <= 0.05:
        return True
    if "hidden" in found.get("overflow", "") and any(
        _number(found.get(side, ""), 99.0) <= 1.0
        for side in ("height", "max-height", "width", "max-width")
    ):
        return True
    return _is_elsewhere(found)


def _is_elsewhere(found: dict[str, str]) -> bool:
    """Moved off the screen, cut to nothing, or scaled to nothing."""
    if found.get("position", "").startswith(("absolute", "fixed")) and any(
        _number(found.get(side, ""), 0.0) <= _OFF_SCREEN for side in ("left", "top", "right")
    ):
        return True
    if any(_number(found.get(p, ""), 0.0) <= _OFF_SCREEN for p in ("text-indent", "margin-left")):
        return True
    cut = found.get("clip", "").replace(" ", "").replace("px", "")
    if cut.startswith(("rect(0,0,0,0", "rect(1,1,1,1")):
        return True
    clip_path = found.get("clip-path", "").replace(" ", "")
    if clip_path.startswith(("inset(50%", "inset(100%", "circle(0", "polygon(00")):
        return True
    return found.get("transform", "").replace(" ", "").startswith(("scale(0)", "scale(0,"))


def _is_invisible(found: dict[str, str]) -> bool | None:
    value = found.get("visibility", "")
    if not value:
        return None
    return value.startswith(("hidden", "collapse"))


def _is_tiny(found: dict[str, str]) -> bool | None:
    value = found.get("font-size", "") or _size_in_font(found.get("font", ""))
    match = _NUMBER.match(value)
    if not match:
        return False if value else None
    number = float(match[1])
    if match[2] in ("em", "rem", "ex", "%", "ch"):
        # Relative to the text around: makes it tiny, but does not make tiny text large.
        return True if number * (0.01 if match[2] == "%" else 1) < 0.12 else None
    return number < _TINY


def _size_in_font(font: str) -> str:
    """The size in the `font` shorthand: the first word that is one."""
    for word in font.split():
        size = word.partition("/")[0]
        match = _NUMBER.fullmatch(size)
        if match and (match[2] or size == "0"):
            return size
    return ""


def _number(value: str, default: float) -> float:
    match = _NUMBER.match(value)
    if not match:
        return default
    number = float(match[1])
    return number / 100 if match[2] == "%" and default == 1.0 else number


def _colour(value: str) -> tuple[Colour | None, bool]:
    """The colour a value names, and whether it is transparent."""
    if not value:
        return None, False
    if value.startswith("transparent"):
        return None, True
    if found := _HEX.search(value):
        digits = found[2] or "".join(2 * digit for digit in found[1])
        red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
        return (red, green, blue), digits[6:] == "00"
    if found := _RGB.search(value):
        return _rgb(found[1])
    return _NAMED.get(value.split()[0].removesuffix("!important")), False


def _rgb(inside: str) -> tuple[Colour | None, bool]:
    parts = [float(match[1]) * (2.55 if match[2] else 1) for match in _NUMBER.finditer(inside)]
    if len(parts) < 3:
        return None, False
    red, green, blue = (max(0, min(255, round(part))) for part in parts[:3])
    return (red, green, blue), len(parts) > 3 and parts[3] <= 0.05
