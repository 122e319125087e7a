"""Real messages for the tests, from the folder beside the project (../shared/corpus)."""

from pathlib import Path
from typing import Any

import pytest

from tests import needs


def real_messages(*folders: str) -> list[Any]:
    """The path of each message of the folders, as test parameters."""
    found = sorted(path for name in folders for path in (needs.CORPUS / name).glob("*.eml"))
    return [pytest.param(path, id=path.name) for path in found or [needs.CORPUS / "none.eml"]]


def read(path: Path) -> bytes:
    """The raw message; the test is skipped, or fails in CI, when the corpus is not there."""
    needs.corpus()
    return path.read_bytes()
