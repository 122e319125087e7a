"""The vendored browser files are exactly what `bin/vendor` fetched."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
ROW = re.compile(r"^\| (\S+) \| \S+ \| \S+ \| \S+ \| `([0-9a-f]{64})` \|$", re.MULTILINE)


def test_every_vendored_file_has_the_digest_that_versions_md_names() -> None:
    named = dict(ROW.findall((VENDOR / "VERSIONS.md").read_text(encoding="utf-8")))
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VERSIONS.md"
    }
    assert found == named


def test_every_vendored_package_keeps_its_licence_text() -> None:
    folders = [path for path in VENDOR.iterdir() if path.is_dir()]
    assert folders
    assert all((folder / "LICENSE").read_text(encoding="utf-8").strip() for folder in folders)


def test_no_vendored_style_names_another_host() -> None:
    for sheet in VENDOR.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//", sheet.read_text(encoding="utf-8")), sheet
