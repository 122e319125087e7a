"""The form of the run-time settings, made from their registry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailflow.preferences.kinds import Addresses, Choice, Flag, Number
from mailflow.preferences.registry import GROUPS, SETTINGS, Setting
from mailflow.preferences.values import Preferences

_WORDS = {
    "open": _("Open"),
    "pending": _("Pending"),
    "waiting": _("Waiting"),
    "resolved": _("Resolved"),
    "closed": _("Closed"),
    "low": _("Low"),
    "normal": _("Normal"),
    "high": _("High"),
    "urgent": _("Urgent"),
}
_UNITS = {"days": _("days"), "bytes": _("bytes"), "characters": _("characters")}
CLEAR = "clear_"


class SettingsForm(forms.Form):
    """A field for each setting. `preferences.changes` decides what may be in it."""

    def __init__(self, data: Mapping[str, Any] | None, now: Preferences) -> None:
        super().__init__(data)
        for setting in SETTINGS.values():
            value = getattr(now, setting.key)
            self.fields[setting.key] = _field(setting, value)
            if setting.secret and value:
                self.fields[CLEAR + setting.key] = forms.BooleanField(
                    label=_("Remove it"), required=False
                )

    def given(self) -> dict[str, Any]:
        """What was asked for, as `preferences.changes.save` takes it. Only for a valid form."""
        return {
            key: None if self.cleaned_data.get(CLEAR + key) else self.cleaned_data[key]
            for key in SETTINGS
        }


def _field(setting: Setting, value: Any) -> forms.Field:
    common: dict[str, Any] = {
        "label": setting.label,
        "help_text": _help(setting),
        "required": False,
        "initial": "" if setting.secret else setting.kind.text(value),
    }
    match setting.kind:
        case Flag():
            return forms.BooleanField(**{**common, "initial": value})
        case Number(low, high):
            bounds = {"type": "number", "min": low, "max": high, "inputmode": "numeric"}
            return forms.CharField(**common, widget=forms.TextInput(attrs=bounds))
        case Choice(words):
            return forms.ChoiceField(**common, choices=[(w, _WORDS.get(w, w)) for w in words])
        case Addresses():
            return forms.CharField(**common, widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}))
    if setting.secret:
        hidden = {"autocomplete": "new-password", "dir": "ltr"}
        if value:
            hidden["placeholder"] = "••••••••"
        return forms.CharField(**common, widget=forms.PasswordInput(attrs=hidden))
    return forms.CharField(**common, widget=forms.TextInput(attrs={"dir": "auto"}))


def _help(setting: Setting) -> str:
    match setting.kind:
        case Number(low, high, ""):
            bounds = _("%(low)s to %(high)s; usually %(default)s.")
            words: dict[str, object] = {"low": low, "high": high, "default": setting.default}
        case Number(low, high, unit):
            bounds = _("%(low)s to %(high)s %(unit)s; usually %(default)s.")
            words = {"low": low, "high": high, "unit": _UNITS[unit], "default": setting.default}
        case _:
            return str(setting.help)
    return f"{setting.help} {bounds % words}"


@dataclass(frozen=True, slots=True)
class Row:
    """A setting on the page: its field, and for a stored secret the box that removes it."""

    key: str
    field: BoundField
    clear: BoundField | None


@dataclass(frozen=True, slots=True)
class Section:
    """The settings of one group."""

    name: str
    title: str | Promise
    rows: list[Row]


def sections_of(form: SettingsForm) -> list[Section]:
    """The form's fields under their headings, in the registry's order."""
    return [
        Section(
            name,
            title,
            [
                Row(key, form[key], form[CLEAR + key] if CLEAR + key in form.fields else None)
                for key, setting in SETTINGS.items()
                if setting.group == name
            ],
        )
        for name, title in GROUPS.items()
    ]
