"""Reads the actions of a rule from JSON, or says where they are wrong. Pure.

Parameters stand beside `type`, or inside `config` or `params` as the original also writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from mailflow.lib.destinations import refusal
from mailflow.rules.vocabulary import SPECS, ActionSpec, Parameter, ParameterType

ACTIONS_MAX = 50
TEXT_MAX = 2_000
LONG_TEXT_MAX = 20_000
LIST_MAX = 50


@dataclass(frozen=True, slots=True)
class Action:
    """A valid action of a rule; `params` holds the parameters that were given, by our names."""

    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def external(self) -> bool:
        """Whether the effect leaves the machine."""
        return SPECS[self.kind].external

    @property
    def ends_rules(self) -> bool:
        """Whether no later rule is looked at."""
        return self.kind in ("ignore", "stop")


@dataclass(frozen=True, slots=True)
class ActionError:
    """Where an action is wrong (a JSON path such as `actions[1].url`), what, and the mend."""

    path: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.what} {self.mend}"


class _WrongError(Exception):
    def __init__(self, path: str, what: str, mend: str) -> None:
        super().__init__(what)
        self.error = ActionError(path, what, mend)


def parse_actions(actions: object, path: str = "actions") -> tuple[Action, ...] | ActionError:
    """The actions in order, or the first mistake. Each is an object with `type`, or a bare type."""
    if actions is None:
        return ()
    if isinstance(actions, dict) and "type" in actions:
        actions = [actions]
    if not isinstance(actions, list):
        return ActionError(path, "Actions must be a list.", 'Write [{"type": "create_ticket"}].')
    if len(actions) > ACTIONS_MAX:
        return ActionError(
            path, f"A rule may have {ACTIONS_MAX} actions at most.", "Split the rule."
        )
    try:
        return tuple(_action(item, f"{path}[{n}]") for n, item in enumerate(actions))
    except _WrongError as wrong:
        return wrong.error


def _action(item: object, path: str) -> Action:
    given = {"type": item} if isinstance(item, str) else item
    if not isinstance(given, dict):
        _wrong(path, "An action must be an object.", 'Write {"type": "create_ticket"}.')
    kind = given.get("type", given.get("action"))
    spec = SPECS.get(kind) if isinstance(kind, str) else None
    if spec is None:
        _wrong(
            f"{path}.type",
            f"The action {_quote(kind)} is unknown.",
            f"Use one of {', '.join(SPECS)}.",
        )
    flat = _flatten(given, path)
    params: dict[str, Any] = {}
    for parameter in spec.parameters:
        value = _given(parameter, flat)
        if value not in (None, "", [], {}):
            params[parameter.name] = _CHECKS[parameter.type](
                parameter, value, f"{path}.{parameter.name}"
            )
        elif parameter.required:
            _wrong(
                f"{path}.{parameter.name}",
                f"{spec.label} needs {parameter.label!r}.",
                parameter.help or "Fill it in.",
            )
    _refuse_unknown(spec, flat, path)
    return Action(spec.kind, params)


def _flatten(given: dict[str, Any], path: str) -> dict[str, Any]:
    flat = {
        key: value
        for key, value in given.items()
        if key not in ("type", "action", "config", "params")
    }
    for key in ("config", "params"):
        inner = given.get(key) or {}
        if not isinstance(inner, dict):
            _wrong(
                f"{path}.{key}", "The parameters must be an object.", "Write them beside 'type'."
            )
        flat.update(inner)
    return flat


def _given(parameter: Parameter, flat: dict[str, Any]) -> Any:
    names = (parameter.name, *parameter.also)
    return next((flat[name] for name in names if flat.get(name) not in (None, "")), None)


def _refuse_unknown(spec: ActionSpec, flat: dict[str, Any], path: str) -> None:
    """A misspelt parameter must not be lost in silence; an empty one the original's form sends."""
    known = {name for parameter in spec.parameters for name in (parameter.name, *parameter.also)}
    for key, value in flat.items():
        if key not in known and value not in (None, "", [], {}):
            names = ", ".join(parameter.name for parameter in spec.parameters) or "nothing"
            _wrong(
                f"{path}.{str(key)[:60]}",
                f"{spec.label} has no such parameter.",
                f"It takes {names}.",
            )


def _one_line(parameter: Parameter, value: object, path: str) -> str:
    text = _long(parameter, value, path, TEXT_MAX)
    if any(sign in text for sign in "\r\n\x00"):
        _wrong(path, f"{parameter.label} must be one line.", "Take the line breaks out.")
    return text.strip()


def _long(parameter: Parameter, value: object, path: str, length_max: int = LONG_TEXT_MAX) -> str:
    text = str(value) if type(value) is int else value
    if not isinstance(text, str):
        _wrong(path, f"{parameter.label} must be text.", "Write it in quotes.")
    if len(text) > length_max:
        _wrong(path, f"{parameter.label} is longer than {length_max} characters.", "Shorten it.")
    if "\x00" in text or text.encode(errors="replace").decode() != text:
        _wrong(
            path, f"{parameter.label} holds a character that no text can hold.", "Type it again."
        )
    return text


def _list(parameter: Parameter, value: object, path: str) -> list[str]:
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list) or len(items) > LIST_MAX:
        _wrong(
            path,
            f"{parameter.label} must be a list of {LIST_MAX} texts at most.",
            "Separate them by commas.",
        )
    texts = [_one_line(parameter, item, f"{path}[{n}]")[:100] for n, item in enumerate(items)]
    found = list(dict.fromkeys(text for text in texts if text))
    if not found:
        _wrong(path, f"{parameter.label} is empty.", "Name at least one.")
    return found


def _address(parameter: Parameter, value: object, path: str) -> str:
    text = _one_line(parameter, value, path)
    local, _, domain = text.rpartition("@")
    if not local or not domain or len(text) > 254 or any(sign in text for sign in ' <>,;:"()[]\\'):
        _wrong(path, f"{_quote(text)} is not an e-mail address.", "Write name@example.com.")
    return text


def _addresses(parameter: Parameter, value: object, path: str) -> list[str]:
    return [_address(parameter, item, path) for item in _list(parameter, value, path)]


def _url(parameter: Parameter, value: object, path: str) -> str:
    """What is written is judged here; what it resolves to is judged when it is used."""
    text = _one_line(parameter, value, path)
    reason = refusal(text)
    if reason:
        _wrong(path, f"{parameter.label} is no web address that a rule may use.", reason)
    return text


def _choice(parameter: Parameter, value: object, path: str) -> str:
    text = value.strip() if isinstance(value, str) else ""
    found = next((choice for choice in parameter.choices if choice.lower() == text.lower()), None)
    if found is None:
        _wrong(
            path,
            f"{parameter.label} cannot be {_quote(value)}.",
            f"Use one of {', '.join(parameter.choices)}.",
        )
    return found


def _mapping(parameter: Parameter, value: object, path: str) -> dict[str, str]:
    """Header names and values; a text has one “Name: value” a line."""
    if isinstance(value, str):
        pairs = [line.partition(":") for line in value.splitlines() if line.strip()]
        value = {name.strip(): rest.strip() for name, _, rest in pairs}
    if not isinstance(value, dict) or len(value) > LIST_MAX:
        _wrong(
            path,
            f"{parameter.label} must be an object of texts.",
            "Write “Name: value”, one a line.",
        )
    found = {}
    for name, text in value.items():
        if (
            not isinstance(name, str)
            or not name.replace("-", "").replace("_", "").isalnum()
            or not name.isascii()
        ):
            _wrong(path, f"{_quote(name)} is not a header name.", "Use letters, digits and dashes.")
        found[name] = _one_line(parameter, text, f"{path}.{name}")
    return found


_CHECKS: dict[ParameterType, Any] = {
    "text": _one_line,
    "long_text": _long,
    "list": _list,
    "addresses": _addresses,
    "url": _url,
    "choice": _choice,
    "mapping": _mapping,
}


def _wrong(path: str, what: str, mend: str) -> NoReturn:
    raise _WrongError(path, what, mend)


def _quote(value: object) -> str:
    text = value if isinstance(value, str) else type(value).__name__
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
