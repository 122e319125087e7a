"""Every text that a person reads exists in English and Arabic, and what runs is what was written.

English is the language of the msgids; each room's Arabic stands in its own locale folder.
"""

import gettext
import subprocess
from pathlib import Path

import pytest
from django.utils.translation import templatize

from tests import needs

ROOMS = sorted(path.parent for path in (needs.PROJECT / "mailflow").glob("*/__init__.py"))
KEYWORDS = (
    "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3",
    "pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3",
)  # fmt: skip


@pytest.mark.parametrize("room", ROOMS, ids=lambda p: p.name)
def test_every_text_of_a_room_has_its_arabic(room: Path, tmp_path: Path) -> None:
    template = extract(room, tmp_path)
    catalogue = room / "locale" / "ar" / "LC_MESSAGES" / "django.po"
    if template is None:
        return
    assert catalogue.exists(), f"{room.name} has texts, but no {catalogue}"
    # msgcmp names each text that is missing, untranslated or fuzzy.
    compared = subprocess.run(
        [needs.program("msgcmp", package="gettext"), str(catalogue), str(template)],
        capture_output=True,
        text=True,
    )
    assert compared.returncode == 0, compared.stderr


@pytest.mark.parametrize("room", ROOMS, ids=lambda p: p.name)
def test_the_compiled_catalogue_is_fresh(room: Path, tmp_path: Path) -> None:
    for written in room.glob("locale/*/LC_MESSAGES/django.po"):
        compiled = tmp_path / "fresh.mo"
        msgfmt = needs.program("msgfmt", package="gettext")
        subprocess.run([msgfmt, "--check-format", "-o", compiled, written], check=True)
        committed = written.with_suffix(".mo")
        assert committed.exists(), f"compile {written}: msgfmt -o {committed.name} {written.name}"
        assert texts(committed) == texts(compiled), f"{committed} is older than {written.name}"


def extract(room: Path, scratch: Path) -> Path | None:
    """The template of every text that the room's code and pages ask for, or None without any."""
    sources = []
    for path in [*room.rglob("*.py"), *room.rglob("templates/**/*.*")]:
        if {"tests", "migrations"} & set(path.parts):
            continue
        text = path.read_text("utf-8")
        copy = scratch / f"{len(sources)}-{path.name}.py"
        copy.write_text(text if path.suffix == ".py" else templatize(text, origin=str(path)))
        sources.append(str(copy))
    output = scratch / "django.pot"
    xgettext = needs.program("xgettext", package="gettext")
    keywords = [f"--keyword={keyword}" for keyword in KEYWORDS]
    subprocess.run(
        [xgettext, "--language=Python", "--from-code=UTF-8", *keywords, "-o", output, *sources],
        check=True,
        cwd=scratch,
    )
    return output if output.exists() else None


def texts(path: Path) -> dict[object, str]:
    """What a compiled catalogue holds; the head with its dates left out."""
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in catalogue.items() if key != ""}
