"""Messages are found in every kind of file that people keep them in."""

from pathlib import Path

import pytest

from mailflow.inbound.files import FoundMail, Unusable, files_in, mails_in

MEBIBYTE = 1024 * 1024
ONE = b"From: a@b.example\nSubject: one\n\nFirst\n"
TWO = b"From: a@b.example\nSubject: two\n\nSecond\n\n>From here on\n>>From there\n"


def read(path: Path, most_bytes: int = MEBIBYTE) -> list[FoundMail | Unusable]:
    return list(mails_in(path, most_bytes))


def texts(found: list[FoundMail | Unusable]) -> list[bytes]:
    return [one.raw for one in found if isinstance(one, FoundMail)]


def test_a_message_stored_the_unix_way_gets_its_line_ends_back(tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(ONE)
    assert texts(read(path)) == [ONE.replace(b"\n", b"\r\n")]


def test_a_message_with_network_line_ends_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(b"From: a@b.example\r\n\r\nbare\nfeed\r\n")
    assert texts(read(path)) == [b"From: a@b.example\r\n\r\nbare\nfeed\r\n"]


def test_an_mbox_is_taken_apart_and_unquoted(tmp_path: Path) -> None:
    path = tmp_path / "box"
    mark = b"From cy@customer.example Mon Mar  2 09:30:00 2026\n"
    path.write_bytes(mark + ONE + b"\n" + mark + TWO + b"\n")
    found = read(path)
    plain = TWO.replace(b">From", b"From")
    assert texts(found) == [one.replace(b"\n", b"\r\n") for one in (ONE, plain)]
    assert [one.number for one in found] == [1, 2]
    assert {one.postmark for one in found if isinstance(one, FoundMail)} == {"cy@customer.example"}
    assert sum(one.size_bytes for one in found) == path.stat().st_size


def test_from_in_prose_starts_no_message(tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes(b"From a Mon Mar  2 09:30:00 2026\n" + ONE + b"\nFrom now on all is well\n")
    assert len(read(path)) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n", "does not begin with a header"),
        (b"Subject: x\n\n" + b"x" * 100, "has 112 bytes; at most 50 are taken"),
        (b"From a\nSubject: x\n\n" + b"x" * 100, "has 119 bytes; at most 50 are taken"),
    ],
)
def test_what_is_no_message_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    found = read(path, most_bytes=50)
    assert found == [Unusable(path, 1, reason, len(content))]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (found,) = read(tmp_path / "gone")
    assert isinstance(found, Unusable)
    assert "No such file" in found.reason


def test_folders_are_walked_in_order_without_hidden_and_unfinished_files(tmp_path: Path) -> None:
    for name in ("new/2", "cur/1:2,S", "tmp/9", ".index/x", "cur/.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(ONE)
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [p.name for p in files_in([tmp_path])] == ["1:2,S", "2"]


def test_every_real_message_is_found_once(corpus: Path) -> None:
    files = [p for p in files_in([corpus]) if p.suffix == ".eml"]
    found = [one for path in files for one in mails_in(path, 64 * MEBIBYTE)]
    assert [one for one in found if isinstance(one, Unusable)] == []
    assert len(found) == len(files)
