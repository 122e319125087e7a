"""Sentences that are stored with mail in English, so that a page can say them in its language."""

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

# What the flags of an email mean; those of a parsed message are in `mail.parsed.FLAGS`.
EMAIL_FLAGS = {
    "held": _("It is held beside a ticket whose participant its sender is not."),
    "attachments_kept": _("A rule keeps its attachments past their retention."),
    "remote_content": _("Its HTML asks for pictures from other servers; they are blocked."),
    "message_id_reused": _("Another message with other content used the same Message-ID."),
}
SENTENCES = frozenset({
    *EMAIL_FLAGS.values(),
    # mail.parsed.FLAGS
    _("Parts are nested deeper than we follow; the rest is in the raw message only."),
    _("There are more parts than we read; the rest is in the raw message only."),
    _("The headers are larger than we read; the first ones are kept."),
    _("A header is longer than we read; its beginning is kept."),
    _("A header names more addresses than we read; the first are kept."),
    _("Lines between the headers are no headers; they were passed over."),
    _("The parts are not divided by the announced line; we found another."),
    _("A part says it has parts, but none was found; it is shown as text."),
    _("The message stops in the middle of its parts."),
    _("A part is not encoded as it says; what could be decoded is kept."),
    _("A part names a character set nobody knows; we took the likeliest."),
    _("A part is not written in the character set it names; we took another."),
    _("Some characters could not be read; they show as �."),
    _("The Date header cannot be read."),
    _("There is more than one author in From."),
    _("The HTML hides text from the reader; it is not part of the text."),
    _("The HTML is larger than we turn into text; the text is from its beginning."),
    _("winmail.dat could not be read to its end; the original is kept."),
    _("A calendar part could not be read; the original is kept."),
    _("The message could not be understood at all; it is kept raw."),
    # inbound.storing.HELD_BECAUSE
    _("the sender takes no part in the ticket"),
    _("the sender's address failed DMARC"),
    _("the address of a person who works here, without proof that it is them"),
    # mail.classify
    _("no sign of a program, a list or an event"),
    # rules.perform
    _("this installation cannot send anything out yet"),
    _("a bounce opens no ticket"),
    _("a complaint opens no ticket"),
    _("an automatic reply opens no ticket"),
    _("the email belongs to a ticket already"),
    _("an earlier rule opens the ticket"),
    _("the setting auto_ticket_enabled is off"),
    _("ticket opened"),
    _("it had these tags already"),
    _("the email names no author"),
    _("contact kept"),
    _("marked as spam"),
    _("attachments stay past their retention"),
    _("kept"),
    _("ignored; later rules did not run"),
    _("later rules did not run"),
})  # fmt: skip


def told(sentence: str) -> str:
    """A stored sentence in the reader's language; one that is not listed as it is."""
    return gettext(sentence) if sentence in SENTENCES else sentence


def flag_meanings(flags: Iterable[str], parser_flags: dict[str, str]) -> list[str]:
    """What each flag means, in the reader's language; an unknown one as it is. No repeats."""
    meanings = {**parser_flags, **EMAIL_FLAGS}
    return [told(meanings.get(flag, flag)) for flag in dict.fromkeys(flags)]
