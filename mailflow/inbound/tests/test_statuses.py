"""Every SMTP reply is in the table, and the table is in the docs."""

import re
from pathlib import Path

import pytest

from mailflow.inbound.statuses import Status, hello_lines

ROOT = Path(__file__).parents[3]


def documented() -> set[tuple[str, ...]]:
    rows = re.findall(r"^\| (\d{3}) \| (\S*) \| (.+?) \| (.+?) \|$", docs(), re.MULTILINE)
    return {tuple(part.strip().strip("`") for part in row) for row in rows}


def docs() -> str:
    return (ROOT / "docs" / "smtp.md").read_text()


def test_every_reply_is_documented_word_by_word():
    table = {
        (str(s.value.code), s.value.enhanced or "–", s.value.text, s.value.meaning) for s in Status
    }
    assert documented() == table


@pytest.mark.parametrize("status", Status)
def test_a_reply_is_one_short_ascii_line(status):
    line = status.line(hostname="h", ids="1")
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 100


@pytest.mark.parametrize("status", Status)
def test_the_enhanced_code_has_the_class_of_the_code(status):
    assert not status.value.enhanced or status.value.enhanced[0] == str(status.value.code)[0]


@pytest.mark.parametrize("status", Status)
def test_every_reply_is_sent_somewhere(status):
    sources = [path.read_text() for path in (ROOT / "mailflow/inbound").glob("*.py")]
    assert any(f"Status.{status.name}" in source for source in sources)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "mailflow/inbound").glob("smtp*.py")), ids=lambda p: p.name
)
def test_no_reply_is_written_outside_the_table(path):
    assert not re.search(r'f?"[245]\d\d[ -]', path.read_text())


def test_tls_is_offered_only_where_it_can_be_had():
    assert "250-STARTTLS" not in hello_lines("h", 1, tls=False)
    assert hello_lines("h", 1, tls=True)[-1] == "250 STARTTLS"
