"""Stores a wave of understood and decided messages, one statement a table, inside a transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F

from mailflow.contacts.changes import Seen, apply_wishes, see_many
from mailflow.history.changes import Entry, record_many
from mailflow.inbound.case import Case
from mailflow.inboxes.models import Inbox
from mailflow.lib import bulk
from mailflow.mail.changes import NewMessage, preview_of, store_messages
from mailflow.mail.models import Email, Message
from mailflow.mail.reply_token import read as read_token
from mailflow.mail.threads import Hold, Incoming, Join, New, Token
from mailflow.preferences.values import Preferences
from mailflow.rules.models import Decision, Effect, Rule
from mailflow.rules.perform import Directory, Draft, TicketWish, perform
from mailflow.tickets.changes import Joining, NewTicket, hold_many, join_many, open_many
from mailflow.tickets.models import Ticket, TicketMessage
from mailflow.tickets.placing import place_all

HELD_BECAUSE = {
    "not_a_participant": "the sender takes no part in the ticket",
    "authentication_failed": "the sender's address failed DMARC",
    "staff_not_verified": "the address of a person who works here, without proof that it is them",
}
# What a robot wrote by itself makes nobody a contact.
_NO_CONTACT = frozenset({"bounce", "complaint", "auto_reply"})


@dataclass(slots=True)
class Storage:
    """What a batch needs to know, and what it says to the history at its end."""

    preferences: Preferences
    inboxes: Mapping[int, Inbox]
    ours: frozenset[str]
    people: Mapping[str, int]
    revision: int
    now: datetime
    events: list[Entry] = field(default_factory=list)
    hits: Counter[int] = field(default_factory=Counter)

    def store(self, cases: Sequence[Case]) -> None:
        """Stores messages, emails, contacts, tickets and decisions of one wave."""
        self._messages(cases)
        self._perform(cases)
        emails = bulk.insert([self._email(case) for case in cases])
        for case, email in zip(cases, emails, strict=True):
            case.email = email
        contacts = self._contacts(cases)
        self._tickets(cases, contacts)
        self._decisions(cases)
        for case in cases:
            self._tell(case)

    def rehearse(self, cases: Sequence[Case]) -> None:
        """Fills in where the messages would go and what actions would do; stores nothing."""
        self._place(cases)
        self._perform(cases)

    def finish(self) -> None:
        """Counts the rules' hits and writes the history; the last act of the transaction."""
        for rule_id, hits in sorted(self.hits.items()):
            Rule.objects.filter(pk=rule_id).update(
                match_count=F("match_count") + hits, last_matched_at=self.now
            )
        record_many(self.events)

    def _messages(self, cases: Sequence[Case]) -> None:
        """Places and stores messages that are new; a second arrival is of the message we have."""
        keys = [case.entry.content_key for case in cases]
        known = {
            message.content_key: message
            for message in Message.objects.filter(content_key__in=keys).defer("text", "html")
        }
        fresh = [case for case in cases if case.entry.content_key not in known]
        again = [case for case in cases if case.entry.content_key in known]
        self._place(fresh)
        self._place_again(again, known)
        reused = self._reused_ids(fresh)
        stored = store_messages(
            [
                NewMessage(
                    content_key=case.entry.content_key,
                    raw_sha256=case.entry.raw_id,
                    size_bytes=case.size_bytes,
                    understood=case.understood,
                    received_at=case.envelope.received_at,
                    thread_id=case.place.thread_id if isinstance(case.place, Join) else None,
                    reused_id=case.understood.parsed.message_id in reused,
                )
                for case in fresh
            ],
            self.preferences.max_stored_body_preview_length,
            self.preferences.max_attachment_bytes,
        )
        for case in cases:
            case.message = (known | stored)[case.entry.content_key]

    def _place(self, cases: Sequence[Case]) -> None:
        window = timedelta(days=self.preferences.thread_subject_window_days)
        places = place_all([_incoming(case) for case in cases], self.ours, window)
        for case, place in zip(cases, places, strict=True):
            case.place = place
        self._find_inboxes(cases)

    def _find_inboxes(self, cases: Sequence[Case]) -> None:
        """A reply address belongs to no inbox: its mail is the ticket's inbox's."""
        lost = {
            case.place.ticket_id: case
            for case in cases
            if case.inbox_id is None and isinstance(case.place, Join | Hold)
        }
        if lost:
            tickets = Ticket.objects.filter(pk__in=[id for id in lost if id])
            for ticket_id, inbox_id in tickets.values_list("pk", "inbox_id"):
                lost[ticket_id].inbox_id = inbox_id

    def _place_again(self, cases: Sequence[Case], known: Mapping[str, Message]) -> None:
        """A second arrival joins the ticket that its signed address names, unless it is there."""
        self._place([case for case in cases if _incoming(case).token])
        for case in cases:
            place, message = case.place, known[case.entry.content_key]
            on_timeline = (
                isinstance(place, Join)
                and place.ticket_id is not None
                and TicketMessage.objects.filter(
                    ticket_id=place.ticket_id, email__message=message
                ).exists()
            )
            if isinstance(place, Hold) or on_timeline:
                case.place = New()

    def _reused_ids(self, cases: Sequence[Case]) -> set[str]:
        """Message-IDs that another content came under before, in the database or in this wave."""
        ids = [case.understood.parsed.message_id[:255] for case in cases]
        counts = Counter(id for id in ids if id)
        stored = Message.objects.filter(message_id__in=counts).values_list("message_id", flat=True)
        return set(stored) | {id for id, count in counts.items() if count > 1}

    def _perform(self, cases: Sequence[Case]) -> None:
        """Lets the plan's actions change each email before it is stored."""
        directory = Directory(
            inboxes={
                **{inbox.name.lower(): id for id, inbox in self.inboxes.items()},
                **{str(id): id for id in self.inboxes},
            },
            people=self.people,
            open_tickets=self.preferences.auto_ticket_enabled,
        )
        for case in cases:
            case.draft = _draft(case, self.preferences)
            case.performed = perform(case.plan, case.draft, directory)
            self.hits.update(matched.rule_id for matched in case.plan.matched)

    def _email(self, case: Case) -> Email:
        draft, envelope = case.draft, case.envelope
        flags = list(draft.flags)
        if isinstance(case.place, Hold):
            flags.append("held")
        return Email(
            id=case.entry.pk,
            message=case.message,
            inbox_id=draft.inbox_id,
            recipient=envelope.recipient,
            envelope_from=envelope.sender,
            via=envelope.via,
            client_address=envelope.client_address,
            status=draft.status,
            tags=draft.tags,
            kept=draft.kept,
            assignee_id=draft.assignee_id,
            flags=flags,
            received_at=envelope.received_at,
            processed_at=self.now,
        )

    def _contacts(self, cases: Sequence[Case]) -> dict[str, int]:
        """Contacts of the people who wrote; their ids by address."""
        writers = [case for case in cases if case.draft.contact is not None or _is_person(case)]
        contacts = see_many(
            [
                Seen(author.address, author.name, case.envelope.received_at)
                for case in writers
                if (author := case.understood.author).address
            ]
        )
        wishes: dict[int, dict[str, Any]] = {}
        for case in writers:
            contact_id = contacts.get(case.understood.author.address)
            if case.draft.contact and contact_id is not None:
                wishes.setdefault(contact_id, {}).update(case.draft.contact)
        apply_wishes(wishes)
        return contacts

    def _tickets(self, cases: Sequence[Case], contacts: Mapping[str, int]) -> None:
        joining = [
            (case, place.ticket_id, place.reopen)
            for case in cases
            if isinstance(place := case.place, Join) and place.ticket_id is not None
        ]
        join_many(
            [
                Joining(ticket_id, case.email, case.message, reopen)
                for case, ticket_id, reopen in joining
            ],
            self.ours,
            Ticket.Status.OPEN,
        )
        for case, ticket_id, _ in joining:
            if case.draft.assignee_id:
                Ticket.objects.filter(pk=ticket_id, assignee=None).update(
                    assignee_id=case.draft.assignee_id
                )
        hold_many(
            [
                (case.place.ticket_id, case.email, HELD_BECAUSE[case.place.reason])
                for case in cases
                if isinstance(case.place, Hold)
            ]
        )
        opening = [(case, wish) for case in cases if (wish := case.draft.ticket)]
        tickets = open_many(
            [self._new_ticket(case, wish, contacts) for case, wish in opening], self.ours
        )
        for (case, _), ticket in zip(opening, tickets, strict=True):
            case.ticket_id = ticket.pk

    def _new_ticket(self, case: Case, wish: TicketWish, contacts: Mapping[str, int]) -> NewTicket:
        inbox = self.inboxes.get(case.draft.inbox_id or 0)
        usual = inbox.priority if inbox and inbox.priority != Inbox.Priority.NORMAL else ""
        return NewTicket(
            email=case.email,
            message=case.message,
            subject=wish.subject or case.message.subject,
            status=wish.status or self.preferences.default_ticket_status,
            priority=wish.priority or usual or self.preferences.default_ticket_priority,
            contact_id=contacts.get(case.understood.author.address),
            assignee_id=wish.assignee_id or case.draft.assignee_id,
            team_id=inbox.assigned_team_id if inbox else None,
        )

    def _decisions(self, cases: Sequence[Case]) -> None:
        bulk.insert(
            [
                Decision(
                    email=case.email,
                    revision=self.revision,
                    facts=case.facts.snapshot(),
                    matched=[[m.rule_id, m.version] for m in case.plan.matched],
                    stopped_by=case.plan.stopped_by,
                    reason="" if case.entry.run_rules else "imported without rules",
                )
                for case in cases
            ]
        )
        bulk.insert(
            [
                Effect(
                    email=case.email,
                    key=f"{case.email.pk}:{one.rule_id}:{one.rule_version}:{one.position}",
                    rule_id=one.rule_id,
                    rule_version=one.rule_version,
                    kind=one.kind,
                    status=one.status,
                    detail=one.detail,
                    created_at=self.now,
                )
                for case in cases
                for one in case.performed
            ]
        )

    def _tell(self, case: Case) -> None:
        """What the history says of this arrival."""
        author, message = case.understood.author, case.message
        self._event(
            case,
            "email_processed",
            f"{author.address or '(no sender)'} → {case.envelope.recipient}: {message.subject}",
        )
        if "message_id_reused" in message.flags:
            self._event(case, "message_id_reused", message.message_id)
        if case.ticket_id is not None:
            self._event(case, "ticket_created", f"#{case.ticket_id} {message.subject}")
        if isinstance(case.place, Hold):
            why = HELD_BECAUSE[case.place.reason]
            self._event(case, "ticket_reply_held", f"#{case.place.ticket_id}: {why}")
        elif isinstance(case.place, Join) and case.place.ticket_id is not None:
            kind = "ticket_reopened" if case.place.reopen else "ticket_reply_received"
            self._event(case, kind, f"#{case.place.ticket_id} by {case.place.by}")

    def _event(
        self, case: Case, kind: str, summary: str, data: Mapping[str, Any] | None = None
    ) -> None:
        self.events.append(
            Entry(
                kind,
                summary,
                at=self.now,
                client_address=case.envelope.client_address,
                email_id=case.email.pk,
                inbox_id=case.email.inbox_id,
                data=data or {},
            )
        )


def _incoming(case: Case) -> Incoming:
    ticket_id = read_token(case.envelope.recipient, settings.KEYS.derive_all("reply address"))
    return Incoming(
        message_id=case.understood.parsed.message_id,
        references=case.references,
        subject=case.understood.parsed.subject,
        from_address=case.understood.author.address,
        recipient=case.envelope.recipient,
        message_class=case.understood.classification.kind,
        token=Token(ticket_id) if ticket_id is not None else None,
        authenticated=_authenticated(case.understood.authentication),
        received_at=case.envelope.received_at,
        inbox_id=case.inbox_id,
    )


def _authenticated(results: Mapping[str, Any]) -> bool | None:
    """Whether somebody vouches for the header From: DMARC, or nothing can be said."""
    if results.get("verified_domain"):
        return True
    return False if results.get("dmarc") == "fail" else None


def _draft(case: Case, preferences: Preferences) -> Draft:
    author, parsed = case.understood.author, case.understood.parsed
    return Draft(
        message_class=case.understood.classification.kind,
        joins_ticket=_ticket_joined(case) is not None or isinstance(case.place, Hold),
        inbox_id=case.inbox_id,
        has_author=bool(author.address),
        variables={
            "from": author.address,
            "to": case.envelope.recipient,
            "subject": parsed.subject,
            "body_preview": preview_of(parsed.text, preferences.max_stored_body_preview_length),
            "received_at": case.envelope.received_at.isoformat(),
        },
    )


def _ticket_joined(case: Case) -> int | None:
    return case.place.ticket_id if isinstance(case.place, Join) else None


def _is_person(case: Case) -> bool:
    return case.understood.classification.kind not in _NO_CONTACT and case.draft.status != "spam"
