"""Writes a condition tree back as JSON that reads as the same tree. Pure."""

from typing import Any

from mailflow.rules.conditions import Address, Group, Leaf, Node, Regex, TimeOfDay, Weekday


def tree_json(group: Group) -> tuple[str, list[dict[str, Any]]]:
    """The match mode (all, any) and the conditions under it."""
    if group.kind == "none":
        return "all", [node_json(group)]
    return group.kind, [node_json(child) for child in group.children]


def node_json(node: Node) -> dict[str, Any]:
    """One group or condition; a condition alone in `none` is written as negated."""
    if not isinstance(node, Group):
        return _leaf(node)
    if node.kind == "none" and len(node.children) == 1 and not isinstance(node.children[0], Group):
        return {**_leaf(node.children[0]), "negate": True}
    return {node.kind: [node_json(child) for child in node.children]}


def _leaf(leaf: Leaf) -> dict[str, Any]:
    shown = leaf.shown
    value = list(shown.value) if isinstance(shown.value, tuple) else shown.value
    found: dict[str, Any] = {"field": shown.field, "op": shown.op, "value": value}
    if shown.name:
        found["name"] = shown.name
    if isinstance(leaf, Regex) and not leaf.any_case:
        found["case_sensitive"] = True
    if isinstance(leaf, Address) and leaf.subdomains:
        found["subdomains"] = True
    if isinstance(leaf, TimeOfDay | Weekday):
        found["zone"] = leaf.zone
    return found
