"""What a test needs of the machine: present, or the test is skipped with the line that installs it.

With MAILFLOW_NO_SKIP=1 (`make ci`) a missing thing fails instead.
"""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

PROJECT = Path(__file__).resolve().parent.parent
CORPUS = PROJECT.parent / "shared" / "corpus"


def may_skip() -> bool:
    """Whether a test may be skipped at all in this run."""
    return os.environ.get("MAILFLOW_NO_SKIP") != "1"


def missing(what: str, mend: str) -> NoReturn:
    """Ends the test: skipped with the mend, or failed where nothing may be skipped."""
    text = f"{what} is missing: {mend}"
    if may_skip():
        pytest.skip(text)
    pytest.fail(text, pytrace=False)


def program(*names: str, package: str) -> str:
    """The path of the first of these programs that is installed."""
    for name in names:
        if found := shutil.which(name):
            return found
    missing(names[0], f"apt-get install {package}")


def corpus() -> Path:
    """The folder of real messages beside the project."""
    if not CORPUS.is_dir():
        missing("the corpus of real messages", f"lay it at {CORPUS}")
    return CORPUS
