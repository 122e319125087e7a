"""Test-wide set-up: a data directory of the tests' own, before the settings are read."""

import os
import tempfile
from collections.abc import Iterator

import pytest

_scratch = tempfile.TemporaryDirectory(prefix="mailflow-tests-")
os.environ["MAILFLOW_DATA_DIR"] = _scratch.name
for _name in [n for n in os.environ if n.startswith("MAILFLOW_") and n != "MAILFLOW_DATA_DIR"]:
    if _name != "MAILFLOW_DB_URL":
        del os.environ[_name]


@pytest.fixture(scope="session", autouse=True)
def _remove_scratch() -> Iterator[None]:
    yield
    _scratch.cleanup()
