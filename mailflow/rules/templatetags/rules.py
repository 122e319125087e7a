"""Rules in words: for pages that show conditions, plans and actions."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mailflow.rules.actions import Action
from mailflow.rules.conditions import Group, Node, Shown
from mailflow.rules.words import (
    ACTION_WORDS,
    FIELD_WORDS,
    GROUP_WORDS,
    OPERATOR_WORDS,
    value_words,
)

register = template.Library()

VALUES_SHOWN = 5


@register.simple_tag
def condition_words(shown: Shown) -> SafeString:
    """One condition as a sentence: Subject contains “invoice”."""
    field = FIELD_WORDS.get(shown.field, shown.field)
    named = format_html("{} <bdi>{}</bdi>", field, shown.name) if shown.name else field
    if shown.op == "present":
        question = _("is present") if shown.value is True else _("is missing")
        return format_html("{} {}", named, question)
    values = value_words(shown)
    quoted = format_html_join(", ", "<b><bdi>{}</bdi></b>", ((v,) for v in values[:VALUES_SHOWN]))
    more = f" +{len(values) - VALUES_SHOWN}" if len(values) > VALUES_SHOWN else ""
    return format_html("{} {} {}{}", named, OPERATOR_WORDS.get(shown.op, shown.op), quoted, more)


@register.simple_tag
def group_words(kind: str) -> str:
    """What a group asks of its conditions."""
    return str(GROUP_WORDS.get(kind, kind))


@register.simple_tag
def tree_words(tree: Group) -> SafeString:
    """A whole tree in one line: its first conditions, and how many more there are."""
    found = list(_told(tree, False))
    if not found:
        return format_html('<span class="text-secondary">{}</span>', _("all mail"))
    joint = format_html(" <i>{}</i> ", _("or") if tree.kind == "any" else _("and"))
    told = format_html_join(
        joint,
        "{}{}",
        (
            (format_html("<i>{}</i> ", _("not")) if negated else "", condition_words(shown))
            for negated, shown in found[:2]
        ),
    )
    more = len(found) - 2
    return format_html("{} +{}", told, more) if more > 0 else told


def _told(node: Node, negated: bool) -> Iterator[tuple[bool, Shown]]:
    """Every condition in order, and whether it lies in an odd number of `none` groups."""
    if not isinstance(node, Group):
        yield negated, node.shown
        return
    for child in node.children:
        yield from _told(child, negated != (node.kind == "none"))


@register.simple_tag
def action_words(action: Action) -> SafeString:
    """One action: its name and what it is given."""
    params = [_said(value) for value in action.params.values()]
    name = ACTION_WORDS.get(action.kind, action.kind)
    if not params:
        return format_html("{}", name)
    return format_html('{} <bdi class="text-secondary">{}</bdi>', name, ", ".join(params)[:80])


@register.simple_tag
def action_kind(kind: str) -> str:
    """The name of a kind of action: "create_ticket" becomes "Create ticket"."""
    return str(ACTION_WORDS.get(kind, kind))


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return ", ".join(value) if isinstance(value, Mapping) else str(value)
