"""The starter pack: what a new installation needs to do something useful. Safe to repeat."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from mailflow.accounts.permissions import Actor
from mailflow.history.changes import record
from mailflow.inboxes.changes import InboxFields, create
from mailflow.inboxes.models import Inbox
from mailflow.lib.addresses import domain_of
from mailflow.outbound.changes import save_template
from mailflow.outbound.models import Template
from mailflow.outbound.starters import STARTERS
from mailflow.preferences.changes import save
from mailflow.preferences.models import Preference
from mailflow.preferences.values import current
from mailflow.rules.changes import save_rule
from mailflow.rules.models import Rule

INBOX = "Support"
RULE = "Support intake"
EXAMPLE_DOMAIN = "mailflow.example"
LIMITS = {"daily_send_limit": 50, "max_recipients_per_request": 5}


@dataclass(frozen=True, slots=True)
class StarterPack:
    """What was made; zeros where it was there before."""

    inboxes: int
    rules: int
    templates: int
    support_email: str
    default_from_email: str


def apply(actor: Actor, support_email: str = "") -> StarterPack:
    """The Support inbox, its intake rule and five templates exist afterwards, and careful limits
    of sending; what exists already stays as it is.

    The inbox's address is `support_email`, else support@ this installation's domain. Raises
    Refused where the address is none, or belongs to another inbox.
    """
    with transaction.atomic():
        inbox = Inbox.objects.filter(name__iexact=INBOX).first()
        made_inbox = inbox is None
        if inbox is None:
            address = support_email or f"support@{own_domain()}"
            inbox = create(
                InboxFields(name=INBOX, description="Questions of customers", addresses=address),
                actor,
            )
        made_rule = not Rule.objects.filter(name__iexact=RULE).exists()
        if made_rule:
            save_rule(_intake_rule(), actor)
        made_templates = _make_templates(actor)
        _set_limits(actor)
        if made_inbox or made_rule or made_templates:
            record("starter_pack_applied", f"{INBOX}, {RULE}", actor=actor.name)
    return StarterPack(
        inboxes=int(made_inbox),
        rules=int(made_rule),
        templates=made_templates,
        support_email=_address_of(inbox),
        default_from_email=current().default_from_email,
    )


def _make_templates(actor: Actor) -> int:
    """Makes the starting templates that are missing; how many."""
    there = set(Template.objects.values_list("name", flat=True))
    missing = [one for one in STARTERS if one.name not in there]
    for one in missing:
        save_template(
            {"name": one.name, "description": one.description, "subject": one.subject,
             "text": one.text, "html": one.html},
            actor,
        )  # fmt: skip
    return len(missing)


def _set_limits(actor: Actor) -> None:
    """Careful limits of sending, where nobody has set any."""
    chosen = set(Preference.objects.values_list("key", flat=True))
    save({key: value for key, value in LIMITS.items() if key not in chosen}, actor.name)


def own_domain() -> str:
    """The domain this installation is reached at, or an example where it has none yet."""
    for name in (urlsplit(settings.PUBLIC_URL).hostname, settings.CONFIGURATION.smtp_hostname):
        domain = domain_of(name or "")
        if domain and "." in domain and not domain.replace(".", "").isdigit():
            return domain
    return EXAMPLE_DOMAIN


def _intake_rule() -> dict[str, object]:
    return {
        "name": RULE,
        "priority": 100,
        "matchMode": "all",
        # Newsletters and lists ask nothing of us; reports and automatic replies open no ticket.
        "conditions": {
            "all": [
                {"field": "inbox", "op": "equals", "value": INBOX},
                {"none": [{"field": "class", "op": "equals", "value": "list"}]},
            ]
        },
        "actions": [{"type": "create_ticket"}, {"type": "tag_email", "tags": ["support"]}],
    }


def _address_of(inbox: Inbox) -> str:
    exact = inbox.addresses.exclude(address__startswith="@").order_by("id")
    return exact.values_list("address", flat=True).first() or ""
