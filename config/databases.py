"""DATABASES from the database URL, and where each model's rows live."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# Received bytes and their envelopes have a file of their own with SQLite, which takes one writer
# a file: accepting mail never waits for the processing of mail. See docs/adr/0002.
INTAKE_MODELS = {
    ("mail", "rawmessage"),
    ("inbound", "spoolentry"),
    ("inbound", "seensignature"),
}

_SQLITE_START = ";".join(
    (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",  # a commit is on the disk when it returns: kept before told
        "PRAGMA foreign_keys=ON",
        "PRAGMA busy_timeout=20000",
        "PRAGMA cache_size=-32000",
        "PRAGMA mmap_size=268435456",
        "PRAGMA temp_store=MEMORY",
    )
)


def databases(url: str, data_dir: Path) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default`, and with SQLite `intake` too."""
    parts = urlsplit(url)
    if parts.scheme in {"postgresql", "postgres"}:
        return {"default": _postgresql(url)}
    path = Path(unquote(url.removeprefix("sqlite://"))) if url else data_dir / "mailflow.sqlite3"
    return {"default": _sqlite(path), "intake": _sqlite(path.with_name("intake.sqlite3"))}


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": _SQLITE_START,
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {k: v for k, v in parse_qsl(parts.query) if k != "host"},
    }


class IntakeRouter:
    """Sends the models of the intake to the `intake` database where there is one."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        from django.conf import settings

        if (model._meta.app_label, model._meta.model_name) in INTAKE_MODELS:
            return settings.INTAKE_DATABASE
        return None

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        from django.conf import settings

        if model_name is None:
            return hints.get("database", "default") == db if hints else db == "default"
        intake = (app_label, model_name) in INTAKE_MODELS
        return db == (settings.INTAKE_DATABASE if intake else "default")
