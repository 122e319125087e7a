"""What is left to do before this installation is of use, and what is wrong with it now."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailflow.accounts.permissions import Actor
from mailflow.inbound.models import SpoolEntry
from mailflow.inboxes.models import InboxAddress
from mailflow.lib.claims import State
from mailflow.mail.models import Email
from mailflow.rules.models import Rule

BEHIND = timedelta(minutes=2)
LEAST_FREE = 0.10


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the checklist; `href` leads to where it is mended, `hint` says what to do."""

    done: bool
    label: str | Promise
    hint: str | Promise = ""
    href: str = ""
    link: str | Promise = ""


def checklist(actor: Actor, now: datetime) -> list[Step]:
    """Everything to check, in the order one sets an installation up."""
    return [*_setting_up(actor), *_running(now)]


def _setting_up(actor: Actor) -> Iterator[Step]:
    yield Step(
        InboxAddress.objects.exists(),
        _("An inbox has an address"),
        _("Mail is taken only for addresses of inboxes."),
        "/inboxes",
        _("Set up an inbox"),
    )
    yield Step(
        Rule.objects.filter(active=True).exists(),
        _("A rule is active"),
        _("Without rules, mail is kept but opens no tickets."),
        "/rules",
        _("Make a rule"),
    )
    yield Step(
        Email.objects.visible_to(actor).exists(),
        _("Mail has arrived"),
        _("Send one to the SMTP port, or try it here."),
        "/test",
        _("Send a test email"),
    )


def _running(now: datetime) -> Iterator[Step]:
    oldest = SpoolEntry.objects.due(now).order_by("id").values_list("received_at", flat=True)
    waiting = oldest.first()
    yield Step(
        waiting is None or now - waiting < BEHIND,
        _("Workers keep up"),
        _("Accepted mail waits to be processed for more than two minutes. Is a worker running?"),
    )
    yield Step(
        not SpoolEntry.objects.filter(state=State.STUCK).exists(),
        _("No message is stuck"),
        _("Some accepted mail failed three times and waits for a person. Nothing of it is lost."),
        "/logs",
        _("Look at the logs"),
    )
    disk = shutil.disk_usage(settings.DATA_DIR)
    yield Step(
        disk.free > disk.total * LEAST_FREE,
        _("There is room on the disk"),
        _("Less than a tenth is free. When it is full, mail is put off with a 451 reply."),
    )
