"""Every kind of event there is, with one line of meaning; `docs/events.md` lists the same. Pure.

`audit` kinds are what people and keys did; the others are what happened to mail.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: its name, what it means, and whether it belongs to the audit log."""

    name: str
    meaning: str
    audit: bool = False


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("email_processed", "A message was stored, classified and decided on."),
        Kind(
            "email_failed", "A message could not be processed; it is kept and waits for a person."
        ),
        Kind(
            "duplicate_email", "A message came again with the same content for the same recipient."
        ),
        Kind(
            "message_id_reused", "Another content came under a Message-ID that was known already."
        ),
        Kind("ticket_created", "A ticket was opened."),
        Kind("ticket_reply_received", "A message joined a ticket."),
        Kind("ticket_reopened", "A message reopened a closed ticket."),
        Kind("ticket_reply_held", "A message points at a ticket its sender takes no part in."),
        Kind("email_reparsed", "A stored message was read again by a newer parser.", audit=True),
        Kind(
            "email_changed",
            "Somebody changed an email's inbox, tags, state or assignee.",
            audit=True,
        ),
        Kind("ticket_changed", "Somebody changed a ticket.", audit=True),
        Kind("ticket_noted", "Somebody wrote an internal note.", audit=True),
        Kind("ticket_held_resolved", "Somebody joined or dismissed a held message.", audit=True),
        Kind("contact_changed", "Somebody changed or merged a contact.", audit=True),
        Kind("inbox_changed", "Somebody made, changed or deleted an inbox.", audit=True),
        Kind("rule_changed", "Somebody made, changed, restored or deleted a rule.", audit=True),
        Kind("template_changed", "Somebody made, changed or deleted a template.", audit=True),
        Kind("settings_changed", "Somebody changed run-time settings.", audit=True),
        Kind("signed_in", "Somebody signed in.", audit=True),
        Kind("sign_in_refused", "A wrong key was given at sign-in.", audit=True),
        Kind("signed_out", "Somebody signed out.", audit=True),
        Kind("user_added", "A person was added.", audit=True),
        Kind("user_changed", "A person's password was set.", audit=True),
        Kind("raw_downloaded", "Somebody downloaded a raw message.", audit=True),
        Kind("attachment_downloaded", "Somebody downloaded an attachment.", audit=True),
        Kind("test_email_sent", "Somebody simulated an inbound email.", audit=True),
        Kind("starter_pack_applied", "The starter pack was applied.", audit=True),
        Kind("spool_retried", "Somebody put a stuck message back to work.", audit=True),
        Kind("retention_applied", "Old log rows or attachments were removed as the settings say."),
        Kind("history_pruned", "Old events were removed; the chain goes on from the last of them."),
    )
}
