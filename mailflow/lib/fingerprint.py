"""Short text that changes when what is shown changes, for pages that update themselves. Pure."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any


def fingerprint(facts: Iterable[Any]) -> str:
    """16 hex digits over facts that JSON can hold, in order."""
    return hashlib.sha256(json.dumps(list(facts), default=str).encode()).hexdigest()[:16]
