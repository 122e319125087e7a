"""The documents say what the code does: tables are made from it, links lead somewhere."""

import re
import tomllib
from pathlib import Path

import pytest

from bin import document
from config.bindings import read
from config.options import OPTIONS
from mailflow.rules.flat import FLAT_KEYS
from tests.needs import PROJECT

DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
ROOMS = sorted(path.parent.name for path in (PROJECT / "mailflow").glob("*/__init__.py"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_the_tables_of_a_document_are_fresh(path: Path) -> None:
    text = path.read_text("utf-8")
    assert document.written(text) == text, "run `make docs`"


def test_every_table_stands_in_some_document() -> None:
    texts = "".join(path.read_text("utf-8") for path in DOCUMENTS)
    assert set(re.findall(r"<!-- table: (\w+) -->", texts)) == set(document.TABLES)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_within_the_project_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_example_configuration_is_valid_and_shows_every_option(tmp_path: Path) -> None:
    example = PROJECT / "mailflow.example.toml"
    assert read({"MAILFLOW_CONFIG": str(example)}, tmp_path).workers == 2
    text = example.read_text("utf-8")
    hidden = {"MAILFLOW_MASTER_KEY", "debug"}
    names = {option.toml.rpartition(".")[2] for option in OPTIONS} - hidden
    assert [name for name in sorted(names) if not re.search(rf"^(# )?{name} =", text, re.M)] == []
    assert tomllib.loads(text)["smtp"]["recipient_policy"] == "inboxes"


def test_the_flat_keys_of_the_original_are_documented() -> None:
    text = (PROJECT / "docs" / "rules.md").read_text("utf-8")
    assert [key for key in FLAT_KEYS if f"`{key}`" not in text] == []


def test_every_room_is_described() -> None:
    text = (PROJECT / "docs" / "architecture.md").read_text("utf-8")
    assert [room for room in ROOMS if f"`{room}`" not in text] == []


def test_every_command_of_make_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.M))
    texts = "".join(path.read_text("utf-8") for path in DOCUMENTS)
    assert set(re.findall(r"`make ([a-z-]+)", texts)) <= targets


def test_every_control_of_the_security_document_has_a_test_that_exists() -> None:
    text = (PROJECT / "SECURITY.md").read_text("utf-8")
    tests = re.findall(r"`((?:tests|mailflow)/[\w/]+\.py)(?:::(\w+))?`", text)
    assert len(tests) > 15
    missing = [
        f"{path}::{name}"
        for path, name in tests
        if not (PROJECT / path).exists() or f"def {name}" not in (PROJECT / path).read_text()
    ]
    assert missing == []
