"""Changing settings: all that was asked for, or nothing."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailflow.history.changes import record
from mailflow.lib.refusals import Refused
from mailflow.preferences import values
from mailflow.preferences.kinds import BadValue
from mailflow.preferences.models import Preference
from mailflow.preferences.registry import SETTINGS, Setting
from mailflow.preferences.sealing import seal


def save(given: Mapping[str, Any], actor: str, client_address: str = "") -> list[str]:
    """Stores what differs from the values now, and returns the keys that changed.

    A blank secret keeps the old one; None clears it. Raises Refused.
    """
    wanted = _check(given)
    with transaction.atomic():
        now = values.read()
        changed = {key: value for key, value in wanted.items() if getattr(now, key) != value}
        if changed:
            _store(changed, actor)
            record(
                "settings_changed",
                ", ".join(sorted(changed)),
                actor=actor,
                client_address=client_address,
                subject=("settings", ""),
                data={"changed": [[k, _shown(SETTINGS[k], v)] for k, v in sorted(changed.items())]},
            )
    values.forget()
    transaction.on_commit(values.forget)
    return sorted(changed)


def _check(given: Mapping[str, Any]) -> dict[str, Any]:
    """The typed values; blank secrets are left out."""
    wanted: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for key, value in given.items():
        setting = SETTINGS.get(key)
        if setting is None:
            problems[key] = _(
                "The setting %(key)s is not known. Remove it, or see GET /settings for the names."
            ) % {"key": repr(key[:64])}
        elif setting.secret and value is None:
            wanted[key] = ""
        elif not (setting.secret and isinstance(value, str) and not value.strip()):
            try:
                wanted[key] = setting.kind.parse(value)
            except BadValue as error:
                problems[key] = _sentence(setting, value, error)
    if problems:
        raise Refused(problems)
    return wanted


def _sentence(setting: Setting, value: Any, error: BadValue) -> str:
    mend = _(error.mend) % error.parameters
    if setting.secret:
        return _("%(key)s: the value cannot be used. %(mend)s") % {"key": setting.key, "mend": mend}
    return _("%(key)s: %(value)s cannot be used. %(mend)s") % {
        "key": setting.key,
        "value": repr(value)[:80],
        "mend": mend,
    }


def _store(changed: Mapping[str, Any], actor: str) -> None:
    now = timezone.now()
    rows = []
    for key, value in changed.items():
        text = json.dumps(value)
        stored = seal(text) if SETTINGS[key].secret else text
        rows.append(Preference(key=key, value=stored, updated_at=now, updated_by=actor[:200]))
    Preference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["value", "updated_at", "updated_by"],
    )


def _shown(setting: Setting, value: Any) -> str:
    """What the history tells of a value."""
    if not setting.secret:
        return setting.kind.text(value)
    return "set" if value else "cleared"
