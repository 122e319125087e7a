"""The pages of the menu, in order."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu. `key` is the letter that follows `g` to go there."""

    path: str
    label: str | Promise
    icon: str
    key: str

    def holds(self, path: str) -> bool:
        """True where `path` is this entry's page or a page below it."""
        return path == self.path or (self.path != "/" and path.startswith(f"{self.path}/"))


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; the first group has none."""

    label: str | Promise
    items: tuple[Item, ...]


MENU: tuple[Group, ...] = (
    Group("", (Item("/", _("Dashboard"), "layout-dashboard", "d"),)),
    Group(
        _("Mail"),
        (
            Item("/emails", _("Emails"), "mail", "e"),
            Item("/tickets", _("Tickets"), "ticket", "t"),
            Item("/inboxes", _("Inboxes"), "inbox", "i"),
            Item("/contacts", _("Contacts"), "address-book", "c"),
            Item("/attachments", _("Attachments"), "paperclip", "a"),
        ),
    ),
    Group(
        _("Automation"),
        (
            Item("/rules", _("Rules"), "route", "r"),
            Item("/test", _("Test email"), "flask", "m"),
        ),
    ),
    Group(
        _("System"),
        (
            Item("/logs", _("Logs"), "history", "l"),
            Item("/settings", _("Settings"), "settings", "s"),
        ),
    ),
)
