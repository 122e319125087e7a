"""Processing: what was accepted is understood, decided on and stored, many messages at a time.

Reading, the DNS, blobs and deciding come first, outside any transaction. Then everything that a
message means to the database is one transaction, which several messages may share.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from mailflow.accounts.models import User
from mailflow.contacts.facts import KnownContact, known_contacts
from mailflow.inbound import storing
from mailflow.inbound.case import Case
from mailflow.inbound.models import SpoolEntry
from mailflow.inboxes.lookup import inbox_of, table
from mailflow.inboxes.models import Inbox
from mailflow.mail.changes import keep_attachments
from mailflow.mail.models import Email
from mailflow.mail.understand import Checker, Envelope, understand_all
from mailflow.preferences.values import current as current_preferences
from mailflow.rules.decide import decide
from mailflow.rules.facts import ContactFact, InboxFact
from mailflow.rules.gather import facts_of
from mailflow.rules.loader import Loaded, current_rules
from mailflow.rules.plan import Plan


class MixedUp(Exception):
    """A spool entry's id belongs to another email: the intake file was replaced. Nothing is lost:
    the entry waits for a person; `mailflow migrate` moves the counter past the stored ids."""


def process(entries: Sequence[SpoolEntry], checker: Checker) -> None:
    """Stores what these entries mean, all of them or none; those stored before are left alone.

    Entries come with their raw message loaded. Raises whatever went wrong.
    """
    fresh = _not_stored_yet(entries)
    if not fresh:
        return
    cases, storage = prepare([(entry, bytes(entry.raw.content)) for entry in fresh], checker)
    keep_attachments([case.understood for case in cases], storage.preferences.max_attachment_bytes)
    with transaction.atomic():
        for wave in waves(cases):
            storage.store(wave)
        storage.finish()


def prepare(
    arrivals: Sequence[tuple[SpoolEntry, bytes]], checker: Checker
) -> tuple[list[Case], storing.Storage]:
    """The arrivals, understood and decided on, and what will store them. Writes nothing."""
    rules, inboxes = current_rules(), Inbox.objects.in_bulk()
    cases = _understand(arrivals, checker)
    _decide(cases, rules, inboxes)
    return cases, storing.Storage(
        preferences=current_preferences(),
        inboxes=inboxes,
        ours=table().own_addresses,
        people=dict(User.objects.filter(is_active=True).values_list("username", "id")),
        revision=rules.revision,
        now=timezone.now(),
    )


def _not_stored_yet(entries: Sequence[SpoolEntry]) -> list[SpoolEntry]:
    """Entries without an email: a worker may have died between storing and finishing."""
    stored = dict(
        Email.objects.filter(id__in=[entry.pk for entry in entries]).values_list(
            "id", "message__content_key"
        )
    )
    for entry in entries:
        if stored.get(entry.pk, entry.content_key) != entry.content_key:
            raise MixedUp(f"entry {entry.pk} carries the id of another email")
    return [entry for entry in entries if entry.pk not in stored]


def _understand(arrivals: Sequence[tuple[SpoolEntry, bytes]], checker: Checker) -> list[Case]:
    envelopes = [_envelope(entry) for entry, _ in arrivals]
    raws = [raw for _, raw in arrivals]
    understood = understand_all(list(zip(raws, envelopes, strict=True)), checker, timezone.now())
    return [
        Case(entry, envelope, len(raw), one, inbox_of(entry.recipient))
        for (entry, raw), envelope, one in zip(arrivals, envelopes, understood, strict=True)
    ]


def _envelope(entry: SpoolEntry) -> Envelope:
    return Envelope(
        sender=entry.envelope_from,
        recipient=entry.recipient,
        via=entry.via,
        client_address=entry.client_address,
        helo=entry.helo,
        received_at=entry.received_at,
    )


def _decide(cases: Sequence[Case], rules: Loaded, inboxes: Mapping[int, Inbox]) -> None:
    """Gives each case its facts and plan. An import without rules has an empty plan."""
    contacts = known_contacts({case.understood.author.address for case in cases})
    for case in cases:
        understood = case.understood
        case.facts = facts_of(
            understood.parsed,
            envelope_from=case.envelope.sender,
            recipient=case.envelope.recipient,
            received_at=case.envelope.received_at,
            size_bytes=case.size_bytes,
            message_class=understood.classification.kind,
            authentication=understood.authentication,
            inbox=_inbox_fact(inboxes.get(case.inbox_id or 0)),
            contact=_contact_fact(contacts, understood.author.address),
        )
        case.plan = decide(rules.rule_set, case.facts) if case.entry.run_rules else Plan()


def _inbox_fact(inbox: Inbox | None) -> InboxFact:
    return InboxFact(inbox.pk, inbox.name) if inbox else InboxFact()


def _contact_fact(contacts: Mapping[str, KnownContact], address: str) -> ContactFact:
    known = contacts.get(address)
    if known is None:
        return ContactFact()
    return ContactFact(
        known=True,
        vip=known.vip,
        blocked=known.blocked,
        company=known.company,
        tags=known.tags,
        first_time=False,
    )


def waves(cases: Sequence[Case]) -> list[list[Case]]:
    """Cuts a batch where a message needs an earlier one of the same batch to be stored first:
    its second arrival, or an answer to it."""
    result: list[list[Case]] = [[]]
    seen: set[str] = set()
    for case in cases:
        own = {case.entry.content_key, case.understood.parsed.message_id, *case.references}
        needs = {case.entry.content_key, *case.references}
        if case.subject.reply:
            needs.add(f"subject {case.subject.base}")
        if needs & seen:
            result.append([])
            seen = set()
        result[-1].append(case)
        seen |= own | {f"subject {case.subject.base}"}
        seen.discard("")
    return result
