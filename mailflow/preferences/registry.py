"""Every run-time setting: key, kind, default, group and help. `docs/settings.md` lists the same.

The first 26 keys are those of the original. A setting that a later part of the product applies
says so in its help.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailflow.preferences.kinds import (
    Address,
    Addresses,
    Choice,
    Domain,
    Flag,
    Key,
    Kind,
    Line,
    Number,
    Url,
)

KIB, MIB = 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. A secret is stored sealed, never shown, and kept where a blank is given."""

    key: str
    group: str
    kind: Kind
    default: Any
    label: str | Promise
    help: str | Promise
    secret: bool = False


GROUPS: dict[str, str | Promise] = {
    "routing": _("Routing"),
    "tickets": _("Tickets"),
    "limits": _("Sizes and retention"),
    "outbound": _("Sending"),
    "workflows": _("Workflows"),
    "ai": _("Artificial intelligence"),
    "keys": _("Keys"),
}

_LATER = _("Kept now; applied once this installation can send mail.")
_TICKET_STATUSES = ("open", "pending", "waiting", "resolved", "closed")
_PRIORITIES = ("low", "normal", "high", "urgent")

_ROUTING = (
    Setting(
        "default_inbox",
        "routing",
        Line(100),
        "",
        _("Default inbox"),
        _("Name of the inbox for mail whose recipient belongs to none. Empty: no inbox."),
    ),
    Setting(
        "default_forward_email", "routing", Address(), "", _("Forward unmatched mail to"), _LATER
    ),
    Setting(
        "default_webhook_url",
        "routing",
        Url(),
        "",
        _("Report unmatched mail to"),
        _("Kept now; applied once this installation can call other programs."),
    ),
    Setting("auto_reply_enabled", "routing", Flag(), False, _("Automatic replies"), _LATER),
)

_TICKETS = (
    Setting(
        "auto_ticket_enabled",
        "tickets",
        Flag(),
        True,
        _("Rules open tickets"),
        _("Off: the action create_ticket opens none and says so in the decision."),
    ),
    Setting(
        "default_ticket_status",
        "tickets",
        Choice(_TICKET_STATUSES),
        "open",
        _("Status of a new ticket"),
        _("Used where the rule names none."),
    ),
    Setting(
        "default_ticket_priority",
        "tickets",
        Choice(_PRIORITIES),
        "normal",
        _("Priority of a new ticket"),
        _("Used where neither the rule nor the inbox names one."),
    ),
    Setting(
        "thread_subject_window_days",
        "tickets",
        Number(0, 365, "days"),
        14,
        _("Days in which “Re: subject” joins"),
        _(
            "A reply without references joins the conversation of the same subject and contact "
            "within this many days. 0: never by subject."
        ),
    ),
    Setting(
        "reply_domain",
        "tickets",
        Domain(),
        "",
        _("Domain of signed reply addresses"),
        _(
            "Kept now; applied once answers are sent. An inbox needs the address @ this domain. "
            "Empty: the inbox's own domain."
        ),
    ),
)

_LIMITS = (
    Setting(
        "log_retention_days",
        "limits",
        Number(1, 3650, "days"),
        30,
        _("Keep the history for"),
        _("Older events are removed, those of the audit log too."),
    ),
    Setting(
        "attachment_retention_days",
        "limits",
        Number(1, 3650, "days"),
        90,
        _("Keep attachments for"),
        _(
            "Older files are removed; their name, type, size and digest stay, and the raw message. "
            "What a rule keeps is left alone."
        ),
    ),
    Setting(
        "max_stored_body_preview_length",
        "limits",
        Number(80, 5000, "characters"),
        500,
        _("Length of previews"),
        _("Characters shown in lists. The whole text is always kept."),
    ),
    Setting(
        "max_request_body_bytes",
        "limits",
        Number(KIB, 10 * MIB, "bytes"),
        MIB,
        _("Largest API request"),
        _("A larger JSON body is refused with 413. Raw messages have the limit of SMTP."),
    ),
    Setting(
        "max_attachment_bytes",
        "limits",
        Number(KIB, 100 * MIB, "bytes"),
        10 * MIB,
        _("Largest attachment stored"),
        _("A larger one is not kept apart: its name, type, size and digest are shown."),
    ),
)

_OUTBOUND = (
    Setting("outbound_enabled", "outbound", Flag(), True, _("Sending is on"), _LATER),
    Setting("default_from_email", "outbound", Address(), "", _("Default sender"), _LATER),
    Setting("allowed_sender_addresses", "outbound", Addresses(), (), _("Allowed senders"), _LATER),
    Setting(
        "max_recipients_per_request",
        "outbound",
        Number(1, 50),
        10,
        _("Most recipients of a message"),
        _LATER,
    ),
    Setting("daily_send_limit", "outbound", Number(1, 100_000), 500, _("Messages a day"), _LATER),
    Setting(
        "require_verified_sender_warning",
        "outbound",
        Flag(),
        True,
        _("Warn of unverified senders"),
        _LATER,
    ),
)

_WORKFLOWS = (
    Setting(
        "workflow_retries_count",
        "workflows",
        Number(0, 10),
        2,
        _("Retries of a failed step"),
        _("Kept now; applied once workflows run."),
    ),
)

_AI = (
    Setting("ai_enabled", "ai", Flag(), False, _("AI actions"), _("Kept now; AI comes later.")),
    Setting(
        "ollama_base_url", "ai", Url(), "", _("Ollama address"), _("Kept now; AI comes later.")
    ),
)

_KEYS = (
    Setting(
        "admin_api_key",
        "keys",
        Key(16),
        "",
        _("Admin key"),
        _(
            "Signs in and opens the API. The operator's ADMIN_API_KEY, where set, goes before it. "
            "At least 16 characters."
        ),
        secret=True,
    ),
    Setting(
        "telegram_bot_token",
        "keys",
        Key(),
        "",
        _("Telegram bot token"),
        _("Kept now; applied once notifications are sent."),
        secret=True,
    ),
    Setting(
        "telegram_chat_id",
        "keys",
        Key(),
        "",
        _("Telegram chat"),
        _("Kept now; applied once notifications are sent."),
        secret=True,
    ),
    Setting(
        "openai_api_key",
        "keys",
        Key(),
        "",
        _("OpenAI key"),
        _("Kept now; AI comes later."),
        secret=True,
    ),
    Setting(
        "openrouter_api_key",
        "keys",
        Key(),
        "",
        _("OpenRouter key"),
        _("Kept now; AI comes later."),
        secret=True,
    ),
)

SETTINGS: dict[str, Setting] = {
    setting.key: setting
    for setting in (*_ROUTING, *_TICKETS, *_LIMITS, *_OUTBOUND, *_WORKFLOWS, *_AI, *_KEYS)
}

# The sentences of `kinds`, so that translation finds them.
MENDS = (
    _("Write one line of text of at most %(most)s characters."),
    _("Write a whole number from %(low)s to %(high)s."),
    _("Write true or false."),
    _("Write one of: %(choices)s."),
    _("Write one e-mail address, as support@example.com."),
    _("Write e-mail addresses with commas between them, as a@example.com, b@example.com."),
    _("Write an address that starts with http:// or https://."),
    _("Write a domain name, as reply.example.com."),
    _("Write at least %(least)s characters without spaces, or nothing to leave it as it is."),
)
