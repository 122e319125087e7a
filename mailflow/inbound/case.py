"""One arrival on its way through processing."""

from dataclasses import dataclass, field
from functools import cached_property

from mailflow.inbound.models import SpoolEntry
from mailflow.mail.changes import references_of
from mailflow.mail.models import Email, Message
from mailflow.mail.subjects import Subject, read_subject
from mailflow.mail.threads import New, Place
from mailflow.mail.understand import Envelope, Understood
from mailflow.rules.facts import Facts
from mailflow.rules.perform import Draft, Performed
from mailflow.rules.plan import Plan


@dataclass
class Case:
    """Filled from top to bottom as processing goes on."""

    entry: SpoolEntry
    envelope: Envelope
    size_bytes: int
    understood: Understood
    inbox_id: int | None
    facts: Facts = field(default_factory=Facts)
    plan: Plan = field(default_factory=Plan)
    place: Place = field(default_factory=New)
    draft: Draft = field(init=False)
    performed: list[Performed] = field(default_factory=list)
    message: Message = field(init=False)
    email: Email = field(init=False)
    ticket_id: int | None = None

    @cached_property
    def references(self) -> tuple[str, ...]:
        """Ids of the messages this one answers, nearest first."""
        return references_of(self.understood)

    @cached_property
    def subject(self) -> Subject:
        """The subject without its reply and forward marks."""
        return read_subject(self.understood.parsed.subject)
