"""Every option an operator can set before the start: name, sources, default, parser, help. Pure.

`docs/settings.md` lists the same table and a test holds the two together.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MEBIBYTE = 1024 * 1024


class BadValue(ValueError):
    """A value that cannot be used; the text says what would be right."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `toml` is its path in mailflow.toml, `env` its environment variable.

    `parse` takes the text or TOML value and returns the typed value or raises BadValue.
    A secret may also come from the file that `<env>_FILE` names, and is never printed.
    """

    name: str
    toml: str
    env: str
    parse: Callable[[Any], Any]
    default: Any
    help: str
    secret: bool = False


def text(value: Any) -> str:
    """Any single line of text, surrounding space removed."""
    if not isinstance(value, str) or any(c in value for c in "\r\n\0"):
        raise BadValue("write one line of text")
    return value.strip()


def path(value: Any) -> Path:
    """A file system path; `~` means the home directory."""
    return Path(text(value)).expanduser()


def optional_path(value: Any) -> Path | None:
    """A path, or None where the value is empty."""
    return path(value) if value else None


def flag(value: Any) -> bool:
    """true/false, 1/0, yes/no, on/off."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in {"true", "1", "yes", "on"}:
        return True
    if word in {"false", "0", "no", "off", ""}:
        return False
    raise BadValue("write true or false")


def number(low: int, high: int) -> Callable[[Any], int]:
    """A whole number from `low` to `high`, both included."""

    def parse(value: Any) -> int:
        try:
            if isinstance(value, bool):
                raise ValueError
            result = int(str(value).strip().replace("_", ""))
        except ValueError:
            raise BadValue(f"write a whole number from {low} to {high}") from None
        if not low <= result <= high:
            raise BadValue(f"write a whole number from {low} to {high}")
        return result

    return parse


def words(value: Any) -> tuple[str, ...]:
    """A list of words: a TOML list, or text with commas."""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise BadValue('write a list, as ["a", "b"], or words with commas between them')
    return tuple(v.strip() for v in value if v.strip())


def networks(value: Any) -> tuple[str, ...]:
    """A list of addresses or networks in CIDR form."""
    result = words(value)
    for one in result:
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            raise BadValue(f"{one!r} is no address or network; write 10.0.0.0/8") from None
    return result


def listen(value: Any) -> tuple[str, int]:
    """HOST:PORT; an IPv6 host stands in brackets. Port 0 takes any free port."""
    parts = urlsplit(f"//{text(value)}")
    try:
        if parts.hostname and parts.port is not None and not parts.path:
            return parts.hostname, parts.port
    except ValueError:
        pass
    raise BadValue("write HOST:PORT, as 127.0.0.1:2525 or [::1]:2525")


def url(*schemes: str) -> Callable[[Any], str]:
    """A URL of one of these schemes, or empty."""

    def parse(value: Any) -> str:
        result = text(value)
        if result and urlsplit(result).scheme not in schemes:
            raise BadValue(f"write a URL that starts with {', '.join(s + '://' for s in schemes)}")
        return result

    return parse


OPTIONS: tuple[Option, ...] = (
    Option(
        "data_dir",
        "data_dir",
        "MAILFLOW_DATA_DIR",
        path,
        Path("data"),
        "Directory for the databases, attachments and keys; made with mode 0700.",
    ),
    Option(
        "database_url",
        "d1_databases.DB.url",
        "MAILFLOW_DB_URL",
        url("sqlite", "postgresql", "postgres"),
        "",
        "Database. Empty: SQLite files in the data directory. Else postgresql://user:password@host/name.",
        secret=True,
    ),
    Option(
        "cache_url",
        "kv_namespaces.CONFIG_CACHE.url",
        "MAILFLOW_CACHE_URL",
        url("redis", "rediss", "valkey", "valkeys"),
        "",
        "Valkey or Redis for rate limits shared by several machines. Empty: in process.",
        secret=True,
    ),
    Option(
        "attachments_url",
        "r2_buckets.ATTACHMENTS.url",
        "MAILFLOW_ATTACHMENTS_URL",
        url("file", "s3"),
        "",
        "Attachment store. Empty: the data directory. Else s3://bucket?endpoint=https://host&region=name.",
        secret=True,
    ),
    Option(
        "admin_api_key",
        "vars.ADMIN_API_KEY",
        "ADMIN_API_KEY",
        text,
        "",
        "The administrator's key. Empty: dev-admin-key, from this machine only.",
        secret=True,
    ),
    Option(
        "inbound_signing_secret",
        "vars.MAILFLOW_INBOUND_SECRET",
        "MAILFLOW_INBOUND_SECRET",
        text,
        "",
        "Secret that signs POST /inbound/raw requests. Empty: only a key opens that door.",
        secret=True,
    ),
    Option(
        "master_key",
        "vars.MAILFLOW_MASTER_KEY",
        "MAILFLOW_MASTER_KEY",
        text,
        "",
        "Keys that protect secrets, newest first. Empty: made in the data directory.",
        secret=True,
    ),
    Option(
        "web",
        "web.listen",
        "MAILFLOW_WEB",
        listen,
        ("127.0.0.1", 8000),
        "Where the web server listens.",
    ),
    Option(
        "public_url",
        "web.public_url",
        "MAILFLOW_PUBLIC_URL",
        url("http", "https"),
        "",
        "How people reach the pages from outside; https:// makes cookies secure and turns HSTS on.",
    ),
    Option(
        "allowed_hosts",
        "web.allowed_hosts",
        "MAILFLOW_ALLOWED_HOSTS",
        words,
        (),
        "Further host names that pages answer to, besides localhost and the public URL's.",
    ),
    Option(
        "trusted_proxies",
        "web.trusted_proxies",
        "MAILFLOW_TRUSTED_PROXIES",
        networks,
        (),
        "Proxies whose forwarding headers tell the true client address.",
    ),
    Option(
        "api_requests_per_minute",
        "web.api_requests_per_minute",
        "MAILFLOW_API_REQUESTS_PER_MINUTE",
        number(0, 1_000_000),
        120,
        "Most API requests a minute from one client address; 0 sets no limit.",
    ),
    Option(
        "smtp",
        "smtp.listen",
        "MAILFLOW_SMTP",
        listen,
        ("127.0.0.1", 2525),
        "Where the SMTP receiver listens.",
    ),
    Option(
        "smtp_hostname",
        "smtp.hostname",
        "MAILFLOW_SMTP_HOSTNAME",
        text,
        "localhost",
        "The name the SMTP receiver gives for itself.",
    ),
    Option(
        "smtp_tls_certificate",
        "smtp.tls_certificate",
        "MAILFLOW_SMTP_TLS_CERTIFICATE",
        optional_path,
        None,
        "Certificate chain (PEM) for STARTTLS. Empty: STARTTLS is not offered.",
    ),
    Option(
        "smtp_tls_key",
        "smtp.tls_key",
        "MAILFLOW_SMTP_TLS_KEY",
        optional_path,
        None,
        "Private key (PEM) of the certificate.",
    ),
    Option(
        "smtp_max_message_bytes",
        "smtp.max_message_bytes",
        "MAILFLOW_SMTP_MAX_MESSAGE_BYTES",
        number(64 * 1024, 256 * MEBIBYTE),
        30 * MEBIBYTE,
        "Largest message taken, in bytes; announced as SIZE.",
    ),
    Option(
        "smtp_max_recipients",
        "smtp.max_recipients",
        "MAILFLOW_SMTP_MAX_RECIPIENTS",
        number(1, 1000),
        100,
        "Most recipients of one message; RFC 5321 4.5.3.1.8 asks for at least 100.",
    ),
    Option(
        "smtp_max_connections",
        "smtp.max_connections",
        "MAILFLOW_SMTP_MAX_CONNECTIONS",
        number(1, 10_000),
        1000,
        "Most SMTP connections at once.",
    ),
    Option(
        "smtp_max_connections_per_client",
        "smtp.max_connections_per_client",
        "MAILFLOW_SMTP_MAX_CONNECTIONS_PER_CLIENT",
        number(1, 10_000),
        100,
        "Most SMTP connections at once from one client address.",
    ),
    Option(
        "smtp_messages_per_minute",
        "smtp.messages_per_minute",
        "MAILFLOW_SMTP_MESSAGES_PER_MINUTE",
        number(0, 10_000_000),
        6000,
        "Most messages a minute from one client address; 0 sets no limit.",
    ),
    Option(
        "smtp_trusted_networks",
        "smtp.trusted_networks",
        "MAILFLOW_SMTP_TRUSTED_NETWORKS",
        networks,
        ("127.0.0.0/8", "::1/128"),
        "Networks of your own relays: not limited by client address, only in total.",
    ),
    Option(
        "smtp_data_timeout_s",
        "smtp.data_timeout_s",
        "MAILFLOW_SMTP_DATA_TIMEOUT_S",
        number(5, 3600),
        180,
        "Seconds that each 64 KiB of a message may take; RFC 5321 4.5.3.2.5 asks for 180.",
    ),
    Option(
        "smtp_command_timeout_s",
        "smtp.command_timeout_s",
        "MAILFLOW_SMTP_COMMAND_TIMEOUT_S",
        number(5, 3600),
        300,
        "Seconds a client may stay silent; RFC 5321 4.5.3.2 asks for 300.",
    ),
    Option(
        "recipient_policy",
        "smtp.recipient_policy",
        "MAILFLOW_RECIPIENT_POLICY",
        lambda v: _one_of(v, ("inboxes", "domains", "any")),
        "inboxes",
        "Who may receive: inboxes (an inbox's address, plus-address or catch-all), "
        "domains (any address of an inbox's domain), any (everything; not for the open internet).",
    ),
    Option(
        "trusted_authserv_ids",
        "authentication.trusted_authserv_ids",
        "MAILFLOW_TRUSTED_AUTHSERV_IDS",
        words,
        (),
        "authserv-ids whose Authentication-Results headers are believed, on mail from a trusted "
        "relay; - means headers without one (Microsoft 365).",
    ),
    Option(
        "trusted_relays",
        "authentication.trusted_relays",
        "MAILFLOW_TRUSTED_RELAYS",
        networks,
        (),
        "Our own mail servers in front of this one, besides private networks: SPF is not asked of "
        "them, and their Authentication-Results may be believed.",
    ),
    Option(
        "verify_authentication",
        "authentication.verify",
        "MAILFLOW_VERIFY_AUTHENTICATION",
        flag,
        True,
        "Check SPF, DKIM and DMARC ourselves for mail received over SMTP.",
    ),
    Option(
        "workers",
        "workers",
        "MAILFLOW_WORKERS",
        number(0, 64),
        2,
        "Processes that work on received mail.",
    ),
    Option(
        "debug",
        "debug",
        "MAILFLOW_DEBUG",
        flag,
        False,
        "Show errors in the browser. For development only.",
    ),
)


def _one_of(value: Any, allowed: tuple[str, ...]) -> str:
    if (word := text(value).lower()) in allowed:
        return word
    raise BadValue(f"write one of {', '.join(allowed)}")
