"""The admin key: what it is, and whether a given one is right."""

import hmac
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest

from mailflow.lib.client_address import is_forwarded, is_loopback
from mailflow.preferences.values import current

DEV_KEY = "dev-admin-key"
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})


def admin_key() -> str:
    """The operator's ADMIN_API_KEY, else the one saved in the settings, else ""."""
    return str(settings.CONFIGURATION.admin_api_key) or current().admin_api_key


def is_admin_key(request: HttpRequest, given: str) -> bool:
    """Whether this key opens everything for this request; constant time."""
    right = admin_key()
    if not right:
        return same(given, DEV_KEY) and dev_key_is_open(request)
    return same(given, right)


def dev_key_is_open(request: HttpRequest) -> bool:
    """While no key is configured: `dev-admin-key`, from this machine itself and nowhere else.

    A proxy on this machine would make everybody local, so any sign of one closes it; the Host is
    checked because a foreign page can point a name of its own at 127.0.0.1.
    """
    host = request.META.get("HTTP_HOST", "").lower()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return (
        not admin_key()
        and is_loopback(request.META.get("REMOTE_ADDR", ""))
        and not is_forwarded(request.META)
        and name in _LOCAL_HOSTS
    )


def fingerprint(request: HttpRequest) -> str:
    """Names the key that opens everything now, "" where none does: sessions hold it, so that a
    new key ends those of the old one."""
    key = admin_key() or (DEV_KEY if dev_key_is_open(request) else "")
    if not key:
        return ""
    return hmac.new(settings.KEYS.derive("admin session"), key.encode(), sha256).hexdigest()


def same(given: str, right: str) -> bool:
    """Compares in a time that depends on neither."""
    return hmac.compare_digest(
        sha256(given.encode("utf-8", "replace")).digest(), sha256(right.encode()).digest()
    )
