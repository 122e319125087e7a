"""Static files under addresses that change when their content does, without a build step."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class DigestStorage(StaticFilesStorage):
    """Adds `?v=<digest>` to each address: browsers may then keep a file for a year."""

    def url(self, name: str | None) -> str:
        plain = super().url(name)
        found = finders.find(name) if name else None
        if not isinstance(found, str):
            return plain
        digest = _digest(found, Path(found).stat().st_mtime_ns if settings.DEBUG else 0)
        return f"{plain}?v={digest}"


@lru_cache(maxsize=256)
def _digest(path: str, modified_ns: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]
