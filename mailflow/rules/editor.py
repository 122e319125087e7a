"""The rule form: a draft of conditions and actions that survives any number of round trips.

The same form works with and without JavaScript: every button posts the whole draft, and the
server answers with the draft changed. Names in the form tell the place in the tree: `c` is the
root, `c-0` its first child, `c-0-1` the second child of that.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as a_field
from typing import Any

from django.http import QueryDict

from mailflow.rules.actions import Action, ActionError, parse_actions
from mailflow.rules.conditions import ConditionError
from mailflow.rules.fields import FIELDS, OPERATORS
from mailflow.rules.parse import CONDITIONS_MAX, DEPTH_MAX, GROUP_KINDS, parse_conditions
from mailflow.rules.vocabulary import SPECS, ParameterType
from mailflow.rules.write import tree_json

_CONDITION = re.compile(r"c((?:-\d{1,3})*)\.([a-z]+)")
_ACTION = re.compile(r"a-(\d{1,3})\.([a-z_.]+)")
_STEP = re.compile(r"\.(?:all|any|none)\[(\d+)\]|\[(\d+)\]")
_LISTED: tuple[ParameterType, ...] = ("list", "addresses")


@dataclass
class Condition:
    """One condition as typed; `values` are its lines or chosen boxes."""

    field: str = "subject"
    op: str = "contains"
    values: list[str] = a_field(default_factory=list)
    name: str = ""
    zone: str = "UTC"
    negate: bool = False
    case_sensitive: bool = False
    subdomains: bool = False

    def fit(self) -> None:
        """Falls back to a question that the field can be asked."""
        if self.field not in FIELDS:
            self.field = "subject"
        allowed = OPERATORS[FIELDS[self.field].kind]
        if self.op not in allowed:
            self.op = "contains" if "contains" in allowed else allowed[0]

    def to_json(self) -> dict[str, Any]:
        kind = FIELDS[self.field].kind
        found: dict[str, Any] = {"field": self.field, "op": self.op}
        single = kind in ("flag", "number") or self.op == "present"
        found["value"] = (self.values or [""])[0] if single else self.values
        if self.field == "header":
            found["name"] = self.name
        if kind in ("time", "weekday"):
            found["zone"] = self.zone
        for key, ticked, asked in (
            ("negate", self.negate, True),
            ("case_sensitive", self.case_sensitive, self.op == "regex"),
            ("subdomains", self.subdomains, self.op == "domain"),
        ):
            if ticked and asked:
                found[key] = True
        return found


@dataclass
class Branch:
    """A group as typed."""

    kind: str = "all"
    children: "list[Branch | Condition]" = a_field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {self.kind: [child.to_json() for child in self.children]}


@dataclass
class Step:
    """An action as typed."""

    kind: str
    values: dict[str, str] = a_field(default_factory=dict)


@dataclass
class Draft:
    """A rule as typed."""

    name: str = ""
    active: bool = True
    priority: str = "100"
    stop: bool = False
    root: Branch = a_field(default_factory=Branch)
    steps: list[Step] = a_field(default_factory=list)

    def to_body(self) -> dict[str, Any]:
        """The rule's body, for `changes` to check."""
        number = self.priority.strip()
        whole = number.removeprefix("-").isdecimal() and len(number) < 12
        return {
            "name": self.name,
            "active": self.active,
            "priority": int(number) if whole else number,
            "stop": self.stop,
            "matchMode": self.root.kind,
            "conditions": [child.to_json() for child in self.root.children],
            "actions": [{"type": step.kind, **step.values} for step in self.steps],
        }

    def press(self, button: str) -> None:
        """What a button of the builder does: add, group, remove, act or drop; else nothing."""
        verb, _, place = button.partition(":")
        if verb == "act" and place in SPECS:
            self.steps.append(Step(place))
        elif verb == "drop" and place.isdecimal() and int(place) < len(self.steps):
            del self.steps[int(place)]
        elif verb in ("add", "group", "remove") and re.fullmatch(r"c(-\d{1,3})*", place):
            self._press(verb, [int(number) for number in place.split("-")[1:]])

    def _press(self, verb: str, path: list[int]) -> None:
        above = self._branch(path[:-1] if verb == "remove" else path)
        if above is None:
            return
        if verb == "remove":
            if path and path[-1] < len(above.children):
                del above.children[path[-1]]
        elif verb == "add":
            above.children.append(Condition())
        elif len(path) + 1 < DEPTH_MAX:
            above.children.append(Branch("any", [Condition()]))

    def _branch(self, path: list[int]) -> Branch | None:
        found = self.root
        for number in path:
            child = found.children[number] if number < len(found.children) else None
            if not isinstance(child, Branch):
                return None
            found = child
        return found


def draft_of(body: Mapping[str, Any]) -> Draft:
    """The draft that shows a saved rule; what cannot be read any more is left out."""
    draft = Draft(body["name"], body["active"], str(body["priority"]), body["stop"])
    tree = parse_conditions(body["conditions"], body["matchMode"])
    if not isinstance(tree, ConditionError):
        mode, conditions = tree_json(tree)
        draft.root = Branch(mode, [_typed(node) for node in conditions])
    actions = parse_actions(body["actions"])
    if not isinstance(actions, ActionError):
        draft.steps = [_step(action) for action in actions]
    return draft


def _typed(node: Mapping[str, Any]) -> "Branch | Condition":
    for kind in GROUP_KINDS:
        if kind in node:
            return Branch(kind, [_typed(child) for child in node[kind]])
    value = node["value"]
    values = value if isinstance(value, list) else [str(value).lower()]
    return Condition(
        node["field"],
        node["op"],
        [str(one) for one in values],
        node.get("name", ""),
        node.get("zone", "UTC"),
        node.get("negate", False),
        node.get("case_sensitive", False),
        node.get("subdomains", False),
    )


def _step(action: Action) -> Step:
    return Step(action.kind, {name: _written(value) for name, value in action.params.items()})


def _written(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {text}" for name, text in value.items())
    return str(value)


def draft_from_form(form: QueryDict) -> Draft:
    """The draft that a form holds. Never raises; what it does not know it leaves out."""
    draft = Draft(
        form.get("name", ""),
        "active" in form,
        form.get("priority", "100"),
        "stop" in form,
    )
    draft.root = _tree(form)
    draft.steps = _steps(form)
    return draft


def _tree(form: QueryDict) -> Branch:
    nodes: dict[tuple[int, ...], dict[str, list[str]]] = {}
    for key in form:
        found = _CONDITION.fullmatch(key)
        if found is not None:
            path = tuple(int(number) for number in found[1].split("-")[1:])
            nodes.setdefault(path, {})[found[2]] = form.getlist(key)
    root = Branch((nodes.pop((), {}).get("kind") or ["all"])[0])
    if root.kind not in ("all", "any"):
        root.kind = "all"
    branches: dict[tuple[int, ...], Branch] = {(): root}
    for path in sorted(nodes)[: CONDITIONS_MAX + 50]:
        above = branches.get(path[:-1])
        if above is None or len(path) > DEPTH_MAX:
            continue
        node = _node(nodes[path])
        above.children.append(node)
        if isinstance(node, Branch):
            branches[path] = node
    return root


def _node(given: dict[str, list[str]]) -> "Branch | Condition":
    def text(key: str) -> str:
        return (given.get(key) or [""])[0].strip()

    if "kind" in given:
        return Branch(text("kind") if text("kind") in GROUP_KINDS else "all")
    lines = [line for value in given.get("value", []) for line in value.splitlines()]
    condition = Condition(
        text("field"),
        text("op"),
        [line for line in lines if line.strip()],
        text("name"),
        text("zone") or "UTC",
        "negate" in given,
        "case" in given,
        "sub" in given,
    )
    condition.fit()
    return condition


def _steps(form: QueryDict) -> list[Step]:
    found: dict[int, Step] = {}
    values: dict[int, dict[str, str]] = {}
    for key in form:
        match = _ACTION.fullmatch(key)
        if match is None:
            continue
        number, name = int(match[1]), match[2]
        text = str(form[key])
        if name == "type" and text in SPECS:
            found[number] = Step(text)
        elif name.startswith("p."):
            values.setdefault(number, {})[name.removeprefix("p.")] = text
    for number, step in found.items():
        known = {parameter.name for parameter in SPECS[step.kind].parameters}
        given = values.get(number, {})
        step.values = {name: text for name, text in given.items() if name in known and text}
    return [found[number] for number in sorted(found)]


def place_of(path: str) -> str:
    """Where in the form a JSON path of a mistake lies: `c-0-1`, `a-0`, or the plain field."""
    head, _, rest = path.partition("[")
    if head == "actions" and rest:
        return f"a-{rest.partition(']')[0]}"
    if head != "conditions":
        return path
    steps = [one or two for one, two in _STEP.findall(path)]
    return "-".join(["c", *steps])
