"""Reads JSON from strangers strictly. Pure.

What two readers could understand differently is refused: a key twice, numbers that do not fit,
NaN; so is what no database keeps (NUL, half a surrogate pair) and what is nested without end.
"""

import json
import math
from typing import Any, NoReturn

_DEEPEST = 64
_LARGEST_INTEGER = 2**63


class BadJson(ValueError):
    """The text is not JSON that we take; the message is one sentence for the sender."""


def read_json(content: bytes) -> Any:
    """The value. Raises BadJson, and nothing else."""
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
    except BadJson:
        raise
    except RecursionError:
        raise BadJson("It is nested too deeply.") from None
    except UnicodeDecodeError:
        raise BadJson("It is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise BadJson(f"{error.msg}, at line {error.lineno} column {error.colno}.") from None
    _check(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadJson("An object holds the same key twice.")
    return found


def _integer(text: str) -> int:
    if len(text) <= 20 and -_LARGEST_INTEGER <= (number := int(text)) < _LARGEST_INTEGER:
        return number
    raise BadJson("A number does not fit into 64 bits.")


def _float(text: str) -> float:
    number = float(text)
    if math.isfinite(number):
        return number
    raise BadJson("A number is too large.")


def _constant(text: str) -> NoReturn:
    raise BadJson(f"{text} is not JSON.")


def _check(value: Any) -> None:
    """Depth and characters, without recursion."""
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if depth > _DEEPEST:
            raise BadJson(f"It is nested more than {_DEEPEST} levels deep.")
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, list):
            waiting.extend((inner, depth + 1) for inner in item)
        elif isinstance(item, dict):
            waiting.extend((key, depth) for key in item)
            waiting.extend((inner, depth + 1) for inner in item.values())


def _check_text(text: str) -> None:
    if "\0" in text:
        raise BadJson("A text holds the NUL character.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadJson("A text holds half of a surrogate pair.") from None
