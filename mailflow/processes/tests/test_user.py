"""`mailflow user` adds people and lists them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output, stderr=output)
    return output.getvalue()


def test_people_are_added_and_listed() -> None:
    said = run("user", "add", "ada@demo.example", "--name", "Ada King", "--team", "Support")
    assert said == "Added Ada King <ada@demo.example> as agent.\n"
    assert run("user", "list") == "ada@demo.example  agent  Support\n"
    with pytest.raises(CommandError, match="here already"):
        run("user", "add", "ada@demo.example")
