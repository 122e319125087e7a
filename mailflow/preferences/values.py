"""The settings as they are now: one typed snapshot, read at most once a second."""

import json
import logging
import time
from dataclasses import dataclass, field
from typing import Any

from mailflow.lib.crypto import CannotUnseal
from mailflow.preferences.kinds import BadValue
from mailflow.preferences.models import Preference
from mailflow.preferences.registry import SETTINGS, Setting
from mailflow.preferences.sealing import unseal

log = logging.getLogger(__name__)

FRESH_S = 1.0


@dataclass(frozen=True, slots=True)
class Preferences:
    """Every setting, by its key. Secrets are here in clear: never log this."""

    default_inbox: str
    default_forward_email: str
    default_webhook_url: str
    auto_reply_enabled: bool
    auto_ticket_enabled: bool
    default_ticket_status: str
    default_ticket_priority: str
    thread_subject_window_days: int
    reply_domain: str
    log_retention_days: int
    attachment_retention_days: int
    max_stored_body_preview_length: int
    max_request_body_bytes: int
    max_attachment_bytes: int
    outbound_enabled: bool
    default_from_email: str
    allowed_sender_addresses: tuple[str, ...]
    max_recipients_per_request: int
    daily_send_limit: int
    require_verified_sender_warning: bool
    workflow_retries_count: int
    ai_enabled: bool
    ollama_base_url: str
    admin_api_key: str = field(repr=False)
    telegram_bot_token: str = field(repr=False)
    telegram_chat_id: str = field(repr=False)
    openai_api_key: str = field(repr=False)
    openrouter_api_key: str = field(repr=False)


_cached: tuple[float, Preferences] | None = None


def current() -> Preferences:
    """The settings, at most `FRESH_S` seconds old; what this process saved is seen at once."""
    global _cached
    cached, now = _cached, time.monotonic()
    if cached is not None and now - cached[0] < FRESH_S:
        return cached[1]
    snapshot = read()
    _cached = (now, snapshot)
    return snapshot


def forget() -> None:
    """The next `current` reads the database."""
    global _cached
    _cached = None


def read() -> Preferences:
    """The settings as stored; one query. A value that cannot be read any more has its default."""
    stored = dict(Preference.objects.values_list("key", "value"))
    return Preferences(
        **{
            key: _value(setting, stored[key]) if key in stored else setting.default
            for key, setting in SETTINGS.items()
        }
    )


def _value(setting: Setting, stored: str) -> Any:
    try:
        return setting.kind.parse(json.loads(unseal(stored) if setting.secret else stored))
    except (BadValue, ValueError, CannotUnseal) as error:
        log.error("The stored setting %s cannot be read (%s).", setting.key, type(error).__name__)
        return setting.default
