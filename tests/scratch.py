"""A data directory of the tests' own. Loaded by `-p`: that is before the settings are read."""

import atexit
import os
import tempfile
from pathlib import Path

_scratch = tempfile.TemporaryDirectory(prefix="mailflow-tests-")
atexit.register(_scratch.cleanup)

_KEPT = {"MAILFLOW_DB_URL", "MAILFLOW_NO_SKIP"}
for _name in [n for n in os.environ if n.startswith("MAILFLOW_") and n not in _KEPT]:
    del os.environ[_name]
os.environ["MAILFLOW_DATA_DIR"] = _scratch.name
(Path(_scratch.name) / "static").mkdir()  # WhiteNoise warns where there is none
