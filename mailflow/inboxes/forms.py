"""The form of an inbox. What may be in it is decided by `changes`."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mailflow.accounts.models import Team
from mailflow.inboxes.changes import InboxFields
from mailflow.inboxes.models import Inbox

PRIORITIES = [
    ("low", _("Low")),
    ("normal", _("Normal")),
    ("high", _("High")),
    ("urgent", _("Urgent")),
]
STATUSES = [("active", _("Active")), ("paused", _("Paused"))]


class InboxForm(forms.Form):
    """One inbox, as people write it."""

    name = forms.CharField(label=_("Name"), max_length=100)
    email_addresses = forms.CharField(
        label=_("Addresses"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "spellcheck": "false"}),
        help_text=_(
            "One a line. @example.com takes every address of a domain that no other inbox has. "
            "support+anything@… comes here by itself."
        ),
    )
    description = forms.CharField(label=_("Description"), required=False, max_length=500)
    assigned_team = forms.CharField(
        label=_("Team"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "teams", "autocomplete": "off"}),
        help_text=_("Tickets of this inbox go to it. A new name makes a new team."),
    )
    priority = forms.ChoiceField(
        label=_("Priority"),
        choices=PRIORITIES,
        help_text=_("Of tickets opened here, unless a rule says otherwise."),
    )
    status = forms.ChoiceField(
        label=_("State"),
        choices=STATUSES,
        help_text=_("A paused inbox still receives: no mail is refused. It is marked in lists."),
    )
    color = forms.CharField(label=_("Colour"), widget=forms.TextInput(attrs={"type": "color"}))

    def to_fields(self) -> InboxFields:
        """The fields as `changes` takes them. Only for a valid form."""
        given = self.cleaned_data
        return InboxFields(
            name=given["name"],
            description=given["description"],
            addresses=given["email_addresses"],
            team=given["assigned_team"],
            color=given["color"],
            priority=given["priority"],
            status=given["status"],
        )


def initial_of(inbox: Inbox) -> dict[str, str]:
    """What the form shows of an inbox."""
    return {
        "name": inbox.name,
        "description": inbox.description,
        "email_addresses": "\n".join(
            inbox.addresses.order_by("address").values_list("address", flat=True)
        ),
        "assigned_team": inbox.assigned_team.name if inbox.assigned_team else "",
        "priority": inbox.priority,
        "status": inbox.status,
        "color": inbox.color,
    }


NEW = {"priority": "normal", "status": "active", "color": "#206bc4"}


def team_names() -> list[str]:
    """The teams there are, for the field's suggestions."""
    return list(Team.objects.order_by("name").values_list("name", flat=True))
