"""Secrets of the settings: encrypted under the keys of this installation before they are stored."""

from django.conf import settings

from mailflow.lib.crypto import Keys


def seal(text: str) -> str:
    """Text that only this installation can read."""
    return _keys().seal(text)


def unseal(sealed: str) -> str:
    """What was sealed. Raises CannotUnseal."""
    return _keys().unseal(sealed)


def _keys() -> Keys:
    keys: Keys = settings.KEYS
    return keys
