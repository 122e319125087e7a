"""The rule form as templates draw it: each place of the draft with its choices and mistakes."""

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import available_timezones

from mailflow.accounts.models import User
from mailflow.accounts.permissions import Actor
from mailflow.inboxes.models import Inbox
from mailflow.rules.editor import Branch, Condition, Draft, Step, place_of
from mailflow.rules.fields import FIELDS, OPERATORS
from mailflow.rules.operands import DAYS
from mailflow.rules.vocabulary import SPECS, Parameter
from mailflow.rules.words import (
    ACTION_HELP,
    ACTION_WORDS,
    FIELD_GROUPS,
    FIELD_HELP,
    FIELD_WORDS,
    GROUP_WORDS,
    OPERATOR_WORDS,
    PARAMETER_WORDS,
    VALUE_WORDS,
)

Choices = list[tuple[str, Any]]

SUGGESTED = {"inbox": "inboxes", "user": "people", "assignee": "people"}
"""Parameters whose field suggests names: the id of the list."""


def form_context(draft: Draft, problems: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """Everything that the form template needs, `problems` by JSON path."""
    mistakes = {place_of(path): sentence for path, sentence in problems.items()}
    drawn = _branch(draft.root, "c", mistakes)
    steps = [_step(step, f"a-{n}", n, mistakes) for n, step in enumerate(draft.steps)]
    inboxes = Inbox.objects.visible_to(actor).order_by("name").values_list("name", flat=True)
    people = User.objects.filter(is_active=True).order_by("username")
    return {
        "draft": draft,
        "root": drawn,
        "steps": steps,
        "mistakes": mistakes,
        "action_choices": [(kind, word) for kind, word in ACTION_WORDS.items()],
        "zones": sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"),
        "inboxes": list(inboxes[:200]),
        "people": list(people.values_list("username", flat=True)[:200]),
    }


def _branch(branch: Branch, place: str, mistakes: Mapping[str, str]) -> dict[str, Any]:
    kinds = ("all", "any") if place == "c" else ("all", "any", "none")
    return {
        "is_group": True,
        "place": place,
        "kind": branch.kind,
        "kinds": [(kind, GROUP_WORDS[kind]) for kind in kinds],
        "mistake": mistakes.get(place, ""),
        "children": [
            _branch(child, f"{place}-{n}", mistakes)
            if isinstance(child, Branch)
            else _condition(child, f"{place}-{n}", mistakes)
            for n, child in enumerate(branch.children)
        ],
    }


def _condition(condition: Condition, place: str, mistakes: Mapping[str, str]) -> dict[str, Any]:
    field = FIELDS[condition.field]
    return {
        "place": place,
        "condition": condition,
        "kind": "flag" if condition.op == "present" else field.kind,
        "fields": _field_groups(),
        "help": FIELD_HELP.get(field.name, ""),
        "operators": [(name, OPERATOR_WORDS[name]) for name in OPERATORS[field.kind]],
        "boxes": _boxes(field.choices or (DAYS if field.kind == "weekday" else ())),
        "typed": "\n".join(condition.values),
        "lines": min(max(len(condition.values), 1), 8),
        "yes": (condition.values or ["true"])[0].lower() != "false",
        "times": [*condition.values, "", ""][:2],
        "mistake": mistakes.get(place, ""),
    }


def _field_groups() -> list[tuple[Any, Choices]]:
    return [(word, [(name, FIELD_WORDS[name]) for name in names]) for word, names in FIELD_GROUPS]


def _boxes(values: Iterable[str]) -> Choices:
    return [(value, VALUE_WORDS.get(value, value)) for value in values]


def _step(step: Step, place: str, number: int, mistakes: Mapping[str, str]) -> dict[str, Any]:
    spec = SPECS[step.kind]
    return {
        "place": place,
        "number": number,
        "kind": step.kind,
        "word": ACTION_WORDS[step.kind],
        "help": ACTION_HELP[step.kind],
        "external": spec.external,
        "mistake": mistakes.get(place, ""),
        "parameters": [_parameter(one, step, place) for one in spec.parameters],
    }


def _parameter(parameter: Parameter, step: Step, place: str) -> dict[str, Any]:
    return {
        "id": f"{place}.p.{parameter.name}",
        "type": parameter.type,
        "word": PARAMETER_WORDS[parameter.name],
        "required": parameter.required,
        "value": step.values.get(parameter.name, ""),
        "choices": [(one, VALUE_WORDS.get(one, one)) for one in parameter.choices],
        "suggested": SUGGESTED.get(parameter.name, ""),
        "templated": "{{" in parameter.help,
    }
