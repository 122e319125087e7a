"""What the editor shows of a rule is the rule."""

from typing import Any

from hypothesis import given

from mailflow.rules.conditions import Group
from mailflow.rules.parse import parse_conditions
from mailflow.rules.tests import samples
from mailflow.rules.write import tree_json


@given(samples.trees_json)
def test_a_tree_written_and_read_is_the_same_tree(conditions: Any) -> None:
    tree = parse_conditions(conditions)
    assert isinstance(tree, Group)
    mode, written = tree_json(tree)
    again = parse_conditions(written, mode)
    assert isinstance(again, Group)
    assert _flat(again) == _flat(tree)


def _flat(node: Any) -> Any:
    """Without groups of one that change nothing."""
    if not isinstance(node, Group):
        return node
    children = tuple(_flat(child) for child in node.children)
    if len(children) == 1 and node.kind in ("all", "any"):
        return children[0]
    return Group(node.kind, children)
