"""The API of the run-time settings."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Body, Router, Schema

from mailflow.accounts.doors import require
from mailflow.lib.refusals import Refused
from mailflow.preferences import values
from mailflow.preferences.models import Preference
from mailflow.preferences.registry import SETTINGS
from mailflow.web.settings_saving import save_settings

router = Router(tags=["Settings"])


class SettingOut(Schema):
    """One setting, its value as text; a secret shows only whether it `isSet`."""

    key: str
    value: str
    encryptedOrSecret: bool
    isSet: bool
    group: str
    default: str
    help: str
    updatedAt: datetime | None


class SettingsOut(Schema):
    """Every setting, in the order of the settings page."""

    settings: list[SettingOut]


@router.get("/settings", response=SettingsOut)
def get_settings(request: HttpRequest) -> dict[str, Any]:
    """Every setting with its value now."""
    require(request, "administer")
    return _settings()


@router.put("/settings", response=SettingsOut)
def put_settings(request: HttpRequest, body: Body[dict[str, Any]]) -> dict[str, Any]:
    """Changes the settings named, all of them or none: `{"log_retention_days": 30}`.

    Also taken: `{"settings": {…}}` and `{"settings": [{"key": …, "value": …}]}`. An empty secret
    keeps the old one; null removes it.
    """
    actor = require(request, "administer")
    save_settings(_given(body), request, actor)
    return _settings()


def _given(body: dict[str, Any]) -> dict[str, Any]:
    inner = body["settings"] if set(body) == {"settings"} else body
    if isinstance(inner, dict):
        return inner
    if isinstance(inner, list) and all(
        isinstance(one, dict) and isinstance(one.get("key"), str) for one in inner
    ):
        return {one["key"]: one.get("value", "") for one in inner}
    raise Refused({"settings": 'settings: write an object, as {"log_retention_days": 30}.'})


def _settings() -> dict[str, Any]:
    now = values.read()
    updated = dict(Preference.objects.values_list("key", "updated_at"))
    return {
        "settings": [
            {
                "key": key,
                "value": "" if one.secret else one.kind.text(getattr(now, key)),
                "encryptedOrSecret": one.secret,
                "isSet": getattr(now, key) not in ("", ()),
                "group": one.group,
                "default": one.kind.text(one.default),
                "help": str(one.help),
                "updatedAt": updated.get(key),
            }
            for key, one in SETTINGS.items()
        ]
    }
