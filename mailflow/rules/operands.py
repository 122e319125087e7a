"""What stands in one condition: its texts, header name, time zone; refused with a mend. Pure."""

import re
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mailflow.rules.conditions import ConditionError, Shown
from mailflow.rules.fields import Field

Texts = tuple[str, ...]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
VALUES_MAX = 1_000
VALUE_LENGTH_MAX = 500
HEADER_NAME = re.compile(r"[!-9;-~]{1,100}")  # RFC 5322 3.6.8: printable ASCII but the colon


class WrongConditionError(Exception):
    """Carries the first mistake out of the reader; never leaves `parse_conditions`."""

    def __init__(self, path: str, what: str, mend: str) -> None:
        super().__init__(what)
        self.error = ConditionError(path, what, mend)


def wanted_texts(value: dict[str, Any], path: str, longest: int = VALUE_LENGTH_MAX) -> Texts:
    """The wanted texts: at least one, none of them empty."""
    given = value["values"] if "values" in value else value.get("value")
    items: list[Any] = given if isinstance(given, list) else [given]
    items = [str(item) if type(item) is int else item for item in items]
    here = f"{path}.value"
    if not items or not all(isinstance(item, str) and item.strip() for item in items):
        refuse(
            here,
            "The value must be a text that is not empty, or a list of such texts.",
            "Fill it in, or ask for 'present'.",
        )
    if len(items) > VALUES_MAX:
        refuse(
            here,
            f"A condition may list {VALUES_MAX} values at most.",
            "Split it into several rules.",
        )
    if any(len(item) > longest for item in items):
        refuse(
            here,
            f"A value is longer than {longest} characters.",
            "Use a shorter, telling part of it.",
        )
    if any("\x00" in item or not encodable(item) for item in items):
        refuse(here, "A value holds a character that no mail can hold.", "Type it again.")
    return tuple(items)


def encodable(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)


def header_name(field: Field, value: dict[str, Any], path: str) -> str:
    if field.name != "header":
        return ""
    name = value.get("name")
    if not isinstance(name, str) or not HEADER_NAME.fullmatch(name.strip()):
        refuse(
            f"{path}.name",
            "A header condition needs the header's name.",
            'Write "name": "X-Priority".',
        )
    return name.strip().lower()


def time_zone(value: dict[str, Any], path: str) -> str:
    zone = value.get("zone", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        refuse(
            f"{path}.zone",
            f"The time zone {quote(zone)} is unknown.",
            "Use a name such as UTC or Europe/Berlin.",
        )
    return str(zone)


_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def true_or_false(value: object, path: str) -> bool:
    word = _WORDS.get(value.strip().lower()) if isinstance(value, str) else value
    if not isinstance(word, bool):
        refuse(path, f"{quote(value)} is neither true nor false.", "Write true or false.")
    return word


def shown_as(
    field: Field, op: str, value: tuple[str, ...] | bool | int, given: dict[str, Any]
) -> Shown:
    return Shown(
        field.name, op, value, str(given.get("name", "")) if field.name == "header" else ""
    )


def quote(value: object) -> str:
    """A value inside a sentence, cut. Only its type when it is a list or object, however deep."""
    text = str(value) if isinstance(value, str | int | float) else type(value).__name__
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def refuse(path: str, what: str, mend: str) -> NoReturn:
    raise WrongConditionError(path, what, mend)
