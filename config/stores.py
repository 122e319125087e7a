"""The attachment store from its URL: local files, or S3 and what speaks its language."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def attachments(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's storage for attachments. `s3://key:secret@bucket?endpoint=…&region=…` needs the
    extra `mailflow[s3]`; without key and secret the machine's own credentials are used."""
    parts = urlsplit(url)
    if parts.scheme == "s3":
        query = dict(parse_qsl(parts.query))
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": parts.hostname,
                "endpoint_url": query.get("endpoint"),
                "region_name": query.get("region"),
                "access_key": unquote(parts.username or "") or None,
                "secret_key": unquote(parts.password or "") or None,
                "location": parts.path.strip("/"),
                "default_acl": None,
                "file_overwrite": True,
            },
        }
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": Path(unquote(parts.path)) if url else data_dir / "attachments",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }
