"""What the import contracts and the linter cannot see."""

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

PROJECT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    path
    for root in ("mailflow", "config", "tests", "bench", "bin")
    for path in (PROJECT / root).rglob("*.py")
    if "migrations" not in path.parts
)
TEMPLATES = sorted((PROJECT / "mailflow").rglob("templates/**/*.html"))
MOST_LINES, MOST_FUNCTION_LINES = 400, 50
# What reads the clock; a pure module is given `now`.
CLOCK = {"now", "utcnow", "today"}


def test_files_stay_short() -> None:
    long = {name(p): n for p in SOURCES if (n := len(p.read_text().splitlines())) >= MOST_LINES}
    assert long == {}


def test_functions_fit_in_view() -> None:
    long = {
        f"{name(path)}:{function.name}": lines
        for path in SOURCES
        for function in functions_of(path)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) >= MOST_FUNCTION_LINES
    }
    assert long == {}


def test_every_module_says_what_lives_there() -> None:
    silent = [
        name(path)
        for path in SOURCES
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_what_says_pure_is_held_to_it_and_nothing_else_is() -> None:
    claimed = {module_name(path) for path in SOURCES if first_line_says_pure(path)}
    assert claimed == set(contract_lines("contract:pure", "source_modules"))


def test_pure_modules_do_not_read_the_clock_or_files() -> None:
    reads = [
        f"{name(path)}:{node.lineno}"
        for path in SOURCES
        if first_line_says_pure(path)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and called(node) in CLOCK | {"open", "read_text", "input"}
    ]
    assert reads == []


def test_foreign_keys_point_downwards() -> None:
    rooms = contract_lines("contract:rooms", "layers")  # highest first
    upwards = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.many_to_one or (field.one_to_one and field.concrete)
        if (target := field.related_model) and target._meta.app_label in rooms
        if rooms.index(target._meta.app_label) < rooms.index(model._meta.app_label)
    ]
    assert upwards == []


def test_no_save_override_and_no_signal_starts_work() -> None:
    found = [
        name(path)
        for path in SOURCES
        if "mailflow" in path.parts and "tests" not in path.parts
        if re.search(r"def save\(self|@receiver\(|django\.db\.models\.signals", path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_a_template_holds_no_script_or_style_of_its_own(path: Path) -> None:
    """The content security policy allows none."""
    text = path.read_text()
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b[^>]*>|\sstyle=|\son[a-z]+=", text)
    assert [found for found in inline if 'type="application/json"' not in found] == []


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts)


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def first_line_says_pure(path: Path) -> bool:
    """Whether the module's docstring ends its first paragraph with `Pure.` or begins `Pure:`."""
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    return bool(re.search(r"\bPure[.:;]", docstring.split("\n\n")[0]))


def called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def contract_lines(section: str, option: str) -> list[str]:
    contracts = configparser.ConfigParser()
    contracts.read(PROJECT / ".importlinter")
    return contracts[f"importlinter:{section}"][option].split()
