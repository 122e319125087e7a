"""The words that badges show: for each kind of value its label, tone and icon."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Word:
    """How one value is shown. `tone` is one of neutral, info, good, warn, bad, accent."""

    label: str | Promise
    tone: str = "neutral"
    icon: str = ""


WORDS: dict[str, dict[str, Word]] = {
    "email": {
        "received": Word(_("Received"), "info"),
        "processed": Word(_("Processed"), "good"),
        "replied": Word(_("Replied"), "accent"),
        "failed": Word(_("Failed"), "bad"),
        "spam": Word(_("Spam"), "warn"),
        "ignored": Word(_("Ignored")),
    },
    "ticket": {
        "open": Word(_("Open"), "info"),
        "pending": Word(_("Pending"), "warn"),
        "waiting": Word(_("Waiting"), "accent"),
        "resolved": Word(_("Resolved"), "good"),
        "closed": Word(_("Closed")),
    },
    "priority": {
        "low": Word(_("Low")),
        "normal": Word(_("Normal")),
        "high": Word(_("High"), "warn"),
        "urgent": Word(_("Urgent"), "bad"),
    },
    "class": {
        "ordinary": Word(_("Ordinary"), icon="mail"),
        "bounce": Word(_("Bounce"), "warn", "mail-exclamation"),
        "complaint": Word(_("Complaint"), "bad", "flag"),
        "auto_reply": Word(_("Auto-reply"), "neutral", "robot"),
        "list": Word(_("Mailing list"), "neutral", "users"),
        "calendar": Word(_("Calendar"), "info", "calendar-event"),
    },
    "auth": {
        "pass": Word(_("pass"), "good", "check"),
        "fail": Word(_("fail"), "bad", "x"),
        "softfail": Word(_("soft fail"), "warn", "alert-triangle"),
        "policy": Word(_("refused by policy"), "warn", "alert-triangle"),
        "neutral": Word(_("neutral"), "neutral", "minus"),
        "none": Word(_("none"), "neutral", "minus"),
        "temperror": Word(_("temporary error"), "warn", "alert-triangle"),
        "permerror": Word(_("permanent error"), "warn", "alert-triangle"),
    },
    "outcome": {
        "success": Word(_("Success"), "good", "check"),
        "done": Word(_("Done"), "good", "check"),
        "failed": Word(_("Failed"), "bad", "x"),
        "skipped": Word(_("Skipped"), "warn", "player-play"),
        "waiting": Word(_("Waiting"), "info", "clock"),
        "no_match": Word(_("No match"), "neutral", "minus"),
        "ignored": Word(_("Ignored"), "neutral", "minus"),
    },
    "contact": {
        "vip": Word(_("VIP"), "accent", "star"),
        "blocked": Word(_("Blocked"), "bad", "ban"),
    },
    "inbox": {
        "active": Word(_("Active"), "good"),
        "paused": Word(_("Paused"), "warn"),
    },
    "rule": {
        "matched": Word(_("Matched"), "good", "check"),
        "not_matched": Word(_("Did not match")),
        "inactive": Word(_("Switched off")),
        "not_reached": Word(_("Not reached"), "warn"),
    },
    "event": {
        "email_processed": Word(_("Processed")),
        "email_failed": Word(_("Processing failed"), "bad"),
        "duplicate_email": Word(_("Came again; ignored")),
        "message_id_reused": Word(_("Another content under a known Message-ID"), "warn"),
        "ticket_created": Word(_("Ticket opened"), "info"),
        "ticket_reply_received": Word(_("Joined a ticket"), "info"),
        "ticket_reopened": Word(_("Reopened a ticket"), "info"),
        "ticket_reply_held": Word(_("Held beside a ticket"), "warn"),
        "email_reparsed": Word(_("Read again")),
        "email_changed": Word(_("Email changed")),
        "ticket_changed": Word(_("Ticket changed")),
        "ticket_noted": Word(_("Note written")),
        "ticket_held_resolved": Word(_("Held message decided")),
        "contact_changed": Word(_("Contact changed")),
        "inbox_changed": Word(_("Inbox changed")),
        "rule_changed": Word(_("Rule changed")),
        "settings_changed": Word(_("Settings changed")),
        "signed_in": Word(_("Signed in")),
        "sign_in_refused": Word(_("Sign-in refused"), "warn"),
        "signed_out": Word(_("Signed out")),
        "user_added": Word(_("Person added")),
        "user_changed": Word(_("Person changed")),
        "raw_downloaded": Word(_("Raw message downloaded")),
        "attachment_downloaded": Word(_("Attachment downloaded")),
        "test_email_sent": Word(_("Test email sent")),
        "starter_pack_applied": Word(_("Starter pack applied")),
        "spool_retried": Word(_("Put back to work")),
        "retention_applied": Word(_("Old data removed")),
        "history_pruned": Word(_("Old events removed")),
    },
    "switch": {
        "on": Word(_("On"), "good"),
        "off": Word(_("Off")),
    },
}


def word(kind: str, value: object) -> Word:
    """The word for a value of a kind; a value nobody listed is shown as it is."""
    text = {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
    return WORDS.get(kind, {}).get(text) or Word(text.replace("_", " "))
