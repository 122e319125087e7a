"""How large a request may be, by its path."""

import logging

from django.conf import settings
from django.db import Error

from mailflow.lib.request_middleware import INBOUND
from mailflow.preferences.registry import SETTINGS
from mailflow.preferences.values import current

log = logging.getLogger(__name__)


def body_limit_for(path: str) -> int:
    """Bytes: a whole message for the ways in, else the setting `max_request_body_bytes`."""
    if path.startswith(INBOUND):
        return int(settings.CONFIGURATION.smtp_max_message_bytes)
    try:
        return current().max_request_body_bytes
    except Error:
        log.exception("The settings cannot be read; the default limit of bodies applies.")
        return int(SETTINGS["max_request_body_bytes"].default)
