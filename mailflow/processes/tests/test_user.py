"""`mailflow user` adds people and lists them."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
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


def test_a_person_with_a_password_can_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("correct horse battery\n"))
    run("user", "add", "ada@demo.example", "--password")
    assert authenticate(username="ada@demo.example", password="correct horse battery")
    monkeypatch.setattr("sys.stdin", StringIO("another long password\n"))
    run("user", "password", "Ada@demo.example")
    assert authenticate(username="ada@demo.example", password="another long password")
    with pytest.raises(CommandError, match="Nobody here"):
        run("user", "password", "bo@demo.example")
