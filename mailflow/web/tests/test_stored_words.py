"""Everything that is stored as a fixed sentence can be said in the reader's language."""

from mailflow.inbound.storing import HELD_BECAUSE
from mailflow.mail.classify import ORDINARY
from mailflow.mail.parsed import FLAGS
from mailflow.web.stored_words import SENTENCES, flag_meanings, told


def test_every_stored_sentence_is_listed() -> None:
    stored = {*FLAGS.values(), *HELD_BECAUSE.values(), ORDINARY.reason}
    assert stored <= SENTENCES


def test_what_is_not_listed_is_shown_as_it_is() -> None:
    assert told("inbox Billing") == "inbox Billing"
    assert flag_meanings(["held", "held", "new_flag"], {})[1:] == ["new_flag"]
