"""Words of a ticket's timeline."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailflow.history.models import Event
from mailflow.tickets.timeline import changed_fields as read_changes

register = template.Library()

_FIELDS: dict[str, str | Promise] = {
    "status": gettext_lazy("status"),
    "priority": gettext_lazy("priority"),
    "subject": gettext_lazy("subject"),
    "assignee": gettext_lazy("assignee"),
    "team": gettext_lazy("team"),
}
_VALUES: dict[tuple[str, str], str | Promise] = {
    ("status", "open"): gettext_lazy("open"),
    ("status", "pending"): gettext_lazy("pending"),
    ("status", "waiting"): gettext_lazy("waiting"),
    ("status", "resolved"): gettext_lazy("resolved"),
    ("status", "closed"): gettext_lazy("closed"),
    ("priority", "low"): gettext_lazy("low"),
    ("priority", "normal"): gettext_lazy("normal"),
    ("priority", "high"): gettext_lazy("high"),
    ("priority", "urgent"): gettext_lazy("urgent"),
}


@register.filter
def changed_fields(event: Event) -> list[tuple[str, str, str]]:
    """(field, before, after) of a change."""
    return read_changes(event)


@register.simple_tag
def ticket_field(name: str) -> str:
    """The name of a field of a ticket."""
    return str(_FIELDS.get(name, name))


@register.simple_tag
def ticket_value(name: str, value: str) -> str:
    """A value of a ticket's field; "nobody" for an empty one."""
    return str(_VALUES.get((name, value), value)) or _("nobody")
