"""Reads the conditions of a rule from JSON, or says where they are wrong. Pure."""

import re
from collections.abc import Callable
from typing import Any

from mailflow.rules import regexes
from mailflow.rules.conditions import (
    EVERYTHING,
    Address,
    ConditionError,
    Flag,
    Group,
    GroupKind,
    Leaf,
    Node,
    Number,
    Present,
    Regex,
    Text,
    TimeOfDay,
    Weekday,
    leaves,
)
from mailflow.rules.fields import FIELDS, OPERATORS, Field
from mailflow.rules.flat import FLAT_KEYS, unflatten
from mailflow.rules.operands import (
    DAYS,
    WrongConditionError,
    header_name,
    quote,
    refuse,
    shown_as,
    time_zone,
    true_or_false,
    wanted_texts,
)
from mailflow.rules.text import clean, fold, fold_address, fold_domain

DEPTH_MAX = 8
CONDITIONS_MAX = 200
NUMBER_MAX = 10**12
GROUP_KINDS: tuple[GroupKind, ...] = ("all", "any", "none")
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
OPERATOR_WORDS = {
    "is": "equals",
    "in": "equals",
    "matches": "regex",
    "gte": "at_least",
    "lte": "at_most",
}
LEAF_KEYS = {"field", "op", "value", "values", "name", "negate"} | {
    "subdomains",
    "case_sensitive",
    "zone",
}


def parse_conditions(
    conditions: object, match_mode: str = "all", path: str = "conditions"
) -> Group | ConditionError:
    """The condition tree; none at all matches everything, whatever the mode.

    Takes our tree, the original's flat object of keys, or a list of either; `match_mode`
    (all, any) joins what stands side by side without a group around it.
    """
    if match_mode not in ("all", "any"):
        return ConditionError(
            "matchMode", f"The match mode {quote(match_mode)} is unknown.", "Use all or any."
        )
    try:
        node = _node(conditions, "any" if match_mode == "any" else "all", path, 0)
    except WrongConditionError as wrong:
        return wrong.error
    if node is None:
        return EVERYTHING
    if sum(1 for _ in leaves(node)) > CONDITIONS_MAX:
        return ConditionError(
            path,
            f"A rule may have {CONDITIONS_MAX} conditions at most.",
            "Put values into one list, or split the rule.",
        )
    return node if isinstance(node, Group) else Group("all", (node,))


def _node(value: object, mode: GroupKind, path: str, depth: int) -> Node | None:
    if depth > DEPTH_MAX:
        refuse(
            path, f"Conditions are nested more than {DEPTH_MAX} levels deep.", "Flatten the groups."
        )
    if value is None or value == [] or value == {}:
        return None
    if isinstance(value, list):
        return _join(
            mode, [_node(item, "all", f"{path}[{n}]", depth + 1) for n, item in enumerate(value)]
        )
    if not isinstance(value, dict):
        refuse(
            path,
            "A condition must be an object or a list of objects.",
            'Write {"field": …, "op": …, "value": …}.',
        )
    if "field" in value:
        return _leaf(value, path)
    if "type" in value:
        value = _typed(value, path)
    return _join(mode, [_keyed(key, item, path, depth) for key, item in value.items()])


def _typed(value: dict[str, Any], path: str) -> dict[str, Any]:
    """The original's list form: {"type": "subject_contains", "value": …}."""
    kind = value["type"]
    if kind not in FLAT_KEYS:
        refuse(
            f"{path}.type",
            f"The condition type {quote(kind)} is unknown.",
            f"Use one of {', '.join(FLAT_KEYS)}.",
        )
    if kind == "header_contains" and "name" in value:
        return {kind: {"name": value["name"], "value": value.get("value")}}
    return {kind: value.get("value", value.get("values"))}


def _keyed(key: str, item: object, path: str, depth: int) -> Node | None:
    here = f"{path}.{key}"
    if key in GROUP_KINDS:
        return _group(key, item, here, depth)
    if key not in FLAT_KEYS:
        refuse(
            here,
            f"The condition {quote(key)} is unknown.",
            f"Use all, any, none, field, or one of {', '.join(FLAT_KEYS)}.",
        )
    if item in (None, "", []):
        return None  # The original's form sends every key and leaves those not in use empty.
    unflattened = unflatten(key, item)
    return _join("any", [_leaf(part, here) for part in unflattened])


def _group(kind: GroupKind, items: object, path: str, depth: int) -> Group:
    if not isinstance(items, list) or not items:
        refuse(
            path,
            f"The group {kind!r} must be a list with at least one condition.",
            "Add one, or take the group away.",
        )
    children = [_node(item, "all", f"{path}[{n}]", depth + 1) for n, item in enumerate(items)]
    if None in children:
        refuse(
            f"{path}[{children.index(None)}]",
            "The condition is empty.",
            "Fill it in, or take it away.",
        )
    return Group(kind, tuple(child for child in children if child is not None))


def _join(kind: GroupKind, nodes: list[Node | None]) -> Node | None:
    found = tuple(node for node in nodes if node is not None)
    if len(found) < 2:
        return found[0] if found else None
    return Group(kind, found)


def _leaf(value: dict[str, Any], path: str) -> Node:
    unknown = sorted(str(key) for key in value if key not in LEAF_KEYS)
    if unknown:
        refuse(
            f"{path}.{unknown[0]}",
            f"The key {quote(unknown[0])} is unknown.",
            f"Use {', '.join(sorted(LEAF_KEYS))}.",
        )
    field = FIELDS.get(value["field"]) if isinstance(value["field"], str) else None
    if field is None:
        refuse(
            f"{path}.field",
            f"The field {quote(value['field'])} is unknown.",
            f"Use one of {', '.join(FIELDS)}.",
        )
    leaf = _READERS[_operator(field, value, path)](field, value, path)
    negate = true_or_false(value.get("negate", False), f"{path}.negate")
    return Group("none", (leaf,)) if negate else leaf


def _operator(field: Field, value: dict[str, Any], path: str) -> str:
    allowed = OPERATORS[field.kind]
    word = value.get("op", allowed[0])
    operator = word
    if isinstance(word, str) and word not in allowed:
        operator = OPERATOR_WORDS.get(word, word)
    if operator not in allowed:
        refuse(
            f"{path}.op",
            f"{field.label} cannot be asked {quote(word)}.",
            f"Use one of {', '.join(allowed)}.",
        )
    return f"{field.kind}.{operator}" if field.kind in ("weekday", "time") else str(operator)


def _text(field: Field, value: dict[str, Any], path: str) -> Text:
    how = value["op"]
    texts = wanted_texts(value, path)
    trimmed = [text.strip() if field.kind == "word" else text for text in texts]
    wanted = tuple(dict.fromkeys(fold(text) for text in trimmed))
    header = header_name(field, value, path)
    return Text(field.name, header, how, wanted, shown_as(field, how, texts, value))


def _equals(field: Field, value: dict[str, Any], path: str) -> Leaf:
    if field.kind != "address":
        return _text(field, {**value, "op": "equals"}, path)
    texts = wanted_texts(value, path)
    addresses = tuple(dict.fromkeys(fold_address(text) for text in texts))
    return Address(field.name, addresses, (), False, shown_as(field, "equals", texts, value))


def _domain(field: Field, value: dict[str, Any], path: str) -> Address:
    texts = wanted_texts(value, path)
    below = true_or_false(value.get("subdomains", False), f"{path}.subdomains")
    bare = [text.strip().removeprefix("*").lstrip("@.") for text in texts]
    if not all(bare) or any("@" in text for text in bare):
        refuse(
            f"{path}.value",
            "A domain is written without a user name.",
            "Write example.com, or *.example.com.",
        )
    wild = any(text.strip().startswith(("*.", ".")) for text in texts)
    domains = tuple(dict.fromkeys(fold_domain(text) for text in bare))
    return Address(field.name, (), domains, below or wild, shown_as(field, "domain", texts, value))


def _in_list(field: Field, value: dict[str, Any], path: str) -> Address:
    texts = wanted_texts(value, path)
    entries = [text.strip() for text in texts]
    domains = [fold_domain(entry.lstrip("@")) for entry in entries if "@" not in entry[1:]]
    addresses = [fold_address(entry) for entry in entries if "@" in entry[1:]]
    return Address(
        field.name,
        tuple(addresses),
        tuple(domains),
        False,
        shown_as(field, "in_list", texts, value),
    )


def _regex(field: Field, value: dict[str, Any], path: str) -> Node:
    any_case = not true_or_false(value.get("case_sensitive", False), f"{path}.case_sensitive")
    patterns = [clean(text) for text in wanted_texts(value, path, longest=regexes.LENGTH_MAX)]
    header = header_name(field, value, path)
    for pattern in patterns:
        problem = regexes.problem(pattern)
        if problem:
            refuse(f"{path}.value", "The regular expression is refused.", problem)
    found = tuple(
        Regex(field.name, header, pattern, any_case, shown_as(field, "regex", (pattern,), value))
        for pattern in patterns
    )
    return found[0] if len(found) == 1 else Group("any", found)


def _present(field: Field, value: dict[str, Any], path: str) -> Present:
    wanted = true_or_false(value.get("value", True), f"{path}.value")
    shown = shown_as(field, "present", wanted, value)
    return Present(field.name, header_name(field, value, path), wanted, shown)


def _flag(field: Field, value: dict[str, Any], path: str) -> Flag:
    wanted = true_or_false(value.get("value", True), f"{path}.value")
    return Flag(field.name, wanted, shown_as(field, "is", wanted, value))


def _number(field: Field, value: dict[str, Any], path: str) -> Number:
    number, word = value.get("value"), value.get("op", "at_least")
    how = OPERATOR_WORDS.get(word, word)
    if isinstance(number, str) and number.strip().isdecimal() and len(number) < 16:
        number = int(number)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= NUMBER_MAX:
        refuse(
            f"{path}.value",
            f"{field.label} needs a whole number from 0 to {NUMBER_MAX}.",
            "Write it in digits, bytes for sizes.",
        )
    return Number(field.name, how, number, shown_as(field, how, number, value))


def _time(field: Field, value: dict[str, Any], path: str) -> TimeOfDay:
    texts = wanted_texts(value, path)
    if len(texts) != 2 or not all(CLOCK.fullmatch(text) for text in texts):
        refuse(
            f"{path}.value",
            "A time of day needs a start and an end.",
            'Write ["09:00", "17:30"], on the 24-hour clock.',
        )
    start, end = (int(text[:2]) * 60 + int(text[3:]) for text in texts)
    start %= 24 * 60
    if start == end:
        refuse(
            f"{path}.value",
            "Start and end are the same, so no time lies between.",
            "Move one of them.",
        )
    return TimeOfDay(start, end, time_zone(value, path), shown_as(field, "between", texts, value))


def _weekday(field: Field, value: dict[str, Any], path: str) -> Weekday:
    texts = wanted_texts(value, path)
    short = [text.strip().lower()[:3] for text in texts]
    if not all(day in DAYS for day in short):
        refuse(f"{path}.value", "A weekday is unknown.", f"Use {', '.join(DAYS)}.")
    days = tuple(sorted({DAYS.index(day) for day in short}))
    return Weekday(days, time_zone(value, path), shown_as(field, "is", texts, value))


_READERS: dict[str, Callable[[Field, dict[str, Any], str], Node]] = {
    "equals": _equals,
    "contains": _text,
    "starts_with": _text,
    "ends_with": _text,
    "domain": _domain,
    "in_list": _in_list,
    "regex": _regex,
    "present": _present,
    "is": _flag,
    "at_least": _number,
    "at_most": _number,
    "time.between": _time,
    "weekday.is": _weekday,
}
