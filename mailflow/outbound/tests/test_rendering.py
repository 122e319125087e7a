"""Templates are filled from plain data alone, and never reach anything else."""

import pytest

from mailflow.outbound.rendering import Missing, Rendered, TooLong, render
from mailflow.outbound.starters import STARTERS


def test_names_and_paths_are_filled_and_escaped_in_html():
    data = {"name": "<b>Cy</b>", "order": {"number": 7}}
    filled = render("Order {{order.number}}", "Hi {{ name }}", "<p>{{name}}</p>", data)
    assert filled == Rendered("Order 7", "Hi <b>Cy</b>", "<p>&lt;b&gt;Cy&lt;/b&gt;</p>")


def test_a_missing_variable_renders_nothing():
    assert render("{{a}}", "{{b.c}}", "", {"a": "x", "b": "y"}) == Missing(("b.c",))


def test_a_value_is_never_read_as_a_template():
    assert render("{{a}}", "x", "", {"a": "{{b}}", "b": "secret"}).subject == "{{b}}"


def test_a_value_cannot_break_the_subject_line():
    assert render("Re: {{a}}", "x", "", {"a": "x\r\nBcc: y@z"}).subject == "Re: x Bcc: y@z"


@pytest.mark.parametrize(
    "hostile", ["{{7*7}}", "{{a.__class__}}", "{{a|safe}}", "{% if a %}", "{a}"]
)
def test_nothing_but_names_is_understood(hostile):
    found = render("s", hostile, "", {"a": "x"})
    assert isinstance(found, Missing) or found.text == hostile


def test_growth_is_bounded():
    with pytest.raises(TooLong):
        render("s", "{{a}}" * 1000, "", {"a": "x" * 1000})


def test_the_starting_templates_can_be_filled():
    data = {
        "contact": {"name": "Cy"}, "agent": {"name": "Ada"}, "question": "?", "solution": "!",
        "ticket": {"id": 7, "subject": "Help"}, "third_party": "them", "date": "Monday",
        "invoice": {"number": "R1", "amount": "5 €", "due": "Monday"},
    }  # fmt: skip
    for one in STARTERS:
        assert isinstance(render(one.subject, one.text, one.html, data), Rendered), one.name
    assert len(STARTERS) == 5
