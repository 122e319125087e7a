"""Reads mailflow.toml and the environment into one checked `Configuration`.

The file has the shape of a Wrangler file, so that a user of the original recognises it:
`[[d1_databases]] binding = "DB"`, `[[kv_namespaces]] binding = "CONFIG_CACHE"`,
`[[r2_buckets]] binding = "ATTACHMENTS"`, `[[send_email]] name = "EMAIL"`, `[vars]`.
The environment goes before the file.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.options import OPTIONS, BadValue, Option, words


class ConfigurationError(Exception):
    """A value stops the start: the text names the key, where it came from and the mend."""


@dataclass(frozen=True, slots=True)
class SendBinding:
    """One [[send_email]] entry; an empty list of senders allows none (closed by default)."""

    name: str
    url: str = ""
    allowed_sender_addresses: tuple[str, ...] = ()
    destination_address: str = ""
    allowed_destination_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Configuration:
    """Every option by name, typed, and the sending bindings."""

    values: Mapping[str, Any]
    send_email: tuple[SendBinding, ...]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


def read(environ: Mapping[str, str], here: Path) -> Configuration:
    """The configuration of this process. Raises ConfigurationError."""
    source, tree = _read_file(environ, here)
    flat = _flatten(tree, source)
    return Configuration(
        values={option.name: _value_of(option, environ, flat, source) for option in OPTIONS},
        send_email=tuple(_send_bindings(tree.get("send_email", []), source)),
    )


def _read_file(environ: Mapping[str, str], here: Path) -> tuple[str, dict[str, Any]]:
    named = environ.get("MAILFLOW_CONFIG", "")
    path = Path(named) if named else here / "mailflow.toml"
    if not named and not path.exists():
        return str(path), {}
    try:
        return str(path), tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"MAILFLOW_CONFIG names {path}, which cannot be read ({error.strerror}). "
            "Correct the path or unset the variable."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}. Correct that line.") from None


_NAMED_LISTS = {"d1_databases": "binding", "kv_namespaces": "binding", "r2_buckets": "binding"}
# What a Wrangler file also holds; meaningless here, and no reason to refuse a copied file.
_IGNORED = {
    "name", "main", "account_id", "compatibility_date", "compatibility_flags", "assets",
    "observability", "triggers", "routes", "send_email", "$schema", "workers_dev", "build",
    "limits", "placement",
}  # fmt: skip
_IGNORED_IN_BINDINGS = {
    "binding",
    "id",
    "database_name",
    "database_id",
    "bucket_name",
    "preview_id",
}


def _flatten(tree: dict[str, Any], source: str) -> dict[str, Any]:
    """{"d1_databases.DB.url": …, "smtp.listen": …}; an unknown key is refused by name."""
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        if key in _IGNORED:
            continue
        if key in _NAMED_LISTS:
            flat.update(_flatten_bindings(key, value, source))
        elif isinstance(value, dict):
            flat.update({f"{key}.{inner}": v for inner, v in value.items()})
        else:
            flat[key] = value
    known = {option.toml for option in OPTIONS}
    for key in flat:
        if key not in known and not key.startswith("vars."):
            raise ConfigurationError(
                f"{source}: the key {key} is not known. "
                "Remove it, or see docs/settings.md for the names."
            )
    return flat


def _flatten_bindings(key: str, entries: Any, source: str) -> dict[str, Any]:
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise ConfigurationError(f"{source}: {key} must be written as [[{key}]].")
    return {
        f"{key}.{entry.get('binding', '')}.{name}": value
        for entry in entries
        for name, value in entry.items()
        if name not in _IGNORED_IN_BINDINGS
    }


def _value_of(
    option: Option, environ: Mapping[str, str], flat: Mapping[str, Any], source: str
) -> Any:
    raw: Any
    if option.env in environ:
        raw, where = environ[option.env], f"the environment variable {option.env}"
    elif option.secret and environ.get(f"{option.env}_FILE"):
        raw, where = _secret_file(option, environ), f"the file that {option.env}_FILE names"
    elif option.toml in flat:
        raw, where = flat[option.toml], f"{option.toml} in {source}"
    else:
        return option.default
    try:
        return option.parse(raw)
    except BadValue as error:
        shown = "the value" if option.secret else repr(raw)
        raise ConfigurationError(f"{where}: {shown} cannot be used. {_sentence(error)}") from None


def _secret_file(option: Option, environ: Mapping[str, str]) -> str:
    path = Path(environ[f"{option.env}_FILE"])
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{option.env}_FILE names {path}, which cannot be read ({error}). "
            "Correct the path or its permissions."
        ) from None


def _send_bindings(entries: Any, source: str) -> list[SendBinding]:
    bindings = []
    for entry in entries if isinstance(entries, list) else [entries]:
        try:
            bindings.append(
                SendBinding(
                    name=str(entry.get("name", "EMAIL")),
                    url=str(entry.get("url", "")),
                    allowed_sender_addresses=words(entry.get("allowed_sender_addresses", [])),
                    destination_address=str(entry.get("destination_address", "")),
                    allowed_destination_addresses=words(
                        entry.get("allowed_destination_addresses", [])
                    ),
                )
            )
        except (BadValue, AttributeError):
            raise ConfigurationError(
                f"{source}: [[send_email]] holds a value of the wrong kind. "
                'Lists are written as ["a@example.com"]; see mailflow.example.toml.'
            ) from None
    return bindings


def _sentence(error: BadValue) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + "."
