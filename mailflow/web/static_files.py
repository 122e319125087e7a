"""Static files under addresses that change when their content does, without a build step."""

import hashlib
import time
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class DigestStorage(StaticFilesStorage):
    """Adds `?v=<digest>` to each address: browsers may then keep a file for a year."""

    def url(self, name: str | None) -> str:
        plain = super().url(name)
        version = _version(name or "", _now_ns() if settings.DEBUG else 0)
        return f"{plain}?v={version}" if version else plain


@lru_cache(maxsize=256)
def _version(name: str, looked_at: int) -> str:
    """The digest of a file, "" where there is none; `looked_at` makes development look again."""
    found = finders.find(name)
    if not isinstance(found, str):
        return ""
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]


def _now_ns() -> int:
    return time.monotonic_ns()
