"""Finds the threads and tickets that messages might belong to, and asks `mail.threads` for each.

Every query here is one for a whole batch.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from mailflow.accounts.models import User
from mailflow.mail.models import Message, ThreadReference
from mailflow.mail.subjects import read_subject
from mailflow.mail.threads import Candidate, Incoming, MatchedBy, New, Place, place
from mailflow.tickets.models import Participant, Ticket

# A reader that needs more of a thread than this to know who takes part would be slow, not right.
_MOST_MESSAGES = 2000
_MOST_SAME_SUBJECT = 500


@dataclass(slots=True)
class _Thread:
    """What is known of a stored thread."""

    participants: set[str]
    subject: str
    last_at: Any
    bulk_ids: set[str]


def place_all(asked: Sequence[Incoming], ours: Iterable[str], window: timedelta) -> list[Place]:
    """Where each message goes, in order. `ours` are the addresses of our inboxes, never people."""
    by_reference = _threads_by_reference(asked)
    tickets_by_token = _tickets_by_token(asked)
    by_subject = _threads_by_subject(asked, by_reference, window)
    thread_ids = {t for pairs in by_reference.values() for t, _ in pairs}
    thread_ids |= {ticket.thread_id for ticket in tickets_by_token.values()}
    thread_ids |= {t for threads in by_subject.values() for t in threads}
    if not thread_ids:
        return [New()] * len(asked)
    threads = _read_threads(thread_ids)
    tickets = _read_tickets(thread_ids)
    people = _read_participants([t.pk for ts in tickets.values() for t in ts])
    staff = _staff({one.from_address for one in asked})
    own = set(ours)
    places: list[Place] = []
    for index, one in enumerate(asked):
        candidates = _Candidates(one, threads, tickets, people, own)
        if one.token and (ticket := tickets_by_token.get(one.token.ticket_id)):
            candidates.add(ticket.thread_id, "token", ticket=ticket)
        for thread_id, matched_id in by_reference.get(index, ()):
            candidates.add(thread_id, "reference", matched_id)
        for thread_id in by_subject.get(index, ()):
            candidates.add(thread_id, "subject")
        known = replace(one, from_staff=one.from_address in staff)
        places.append(place(known, candidates.found, window=window))
    return places


def _threads_by_reference(asked: Sequence[Incoming]) -> dict[int, list[tuple[int, str]]]:
    """(thread, the id it was found by) of each message, nearest parent first."""
    wanted = {id for one in asked for id in one.references}
    if not wanted:
        return {}
    found: dict[str, list[int]] = defaultdict(list)
    rows = ThreadReference.objects.filter(message_id__in=wanted)
    for message_id, thread_id in rows.values_list("message_id", "thread_id"):
        found[message_id].append(thread_id)
    return {
        index: [(thread, id) for id in one.references for thread in found.get(id, ())]
        for index, one in enumerate(asked)
    }


def _tickets_by_token(asked: Sequence[Incoming]) -> dict[int, Ticket]:
    ids = {one.token.ticket_id for one in asked if one.token}
    return Ticket.objects.in_bulk(ids) if ids else {}


def _threads_by_subject(
    asked: Sequence[Incoming],
    by_reference: Mapping[int, Sequence[tuple[int, str]]],
    window: timedelta,
) -> dict[int, list[int]]:
    """Threads of the same writer with the same subject, for replies that name no known parent."""
    wanted: dict[int, tuple[str, str]] = {}
    for index, one in enumerate(asked):
        subject = read_subject(one.subject)
        if one.from_address and subject.reply and subject.base and not by_reference.get(index):
            wanted[index] = (one.from_address, subject.base)
    if not wanted:
        return {}
    since = min(asked[index].received_at for index in wanted) - window
    rows = Message.objects.filter(
        from_address__in={address for address, _ in wanted.values()}, received_at__gte=since
    ).order_by("-id")
    threads: dict[tuple[str, str], dict[int, None]] = defaultdict(dict)
    for address, written, thread_id in rows.values_list("from_address", "subject", "thread_id")[
        :_MOST_SAME_SUBJECT
    ]:
        threads[address, read_subject(written).base][thread_id] = None
    return {index: list(threads.get(key, ())) for index, key in wanted.items()}


def _read_threads(ids: set[int]) -> dict[int, _Thread]:
    threads: dict[int, _Thread] = {}
    rows = Message.objects.filter(thread_id__in=ids).order_by("id")
    for thread_id, message_id, sender, recipients, kind, subject, at in rows.values_list(
        "thread_id", "message_id", "from_address", "recipients", "message_class", "subject",
        "received_at",
    )[:_MOST_MESSAGES]:  # fmt: skip
        thread = threads.setdefault(thread_id, _Thread(set(), subject, at, set()))
        thread.last_at = max(thread.last_at, at)
        if kind == "list":
            thread.bulk_ids.add(message_id)
        thread.participants.add(sender)
        for name in ("to", "cc"):
            thread.participants |= {address.lower() for _, address in recipients.get(name, ())}
    return threads


def _read_tickets(thread_ids: set[int]) -> dict[int, list[Ticket]]:
    tickets: dict[int, list[Ticket]] = defaultdict(list)
    for ticket in Ticket.objects.filter(thread_id__in=thread_ids).order_by("id"):
        tickets[ticket.thread_id].append(ticket)
    return tickets


def _read_participants(ticket_ids: Sequence[int]) -> dict[int, set[str]]:
    people: dict[int, set[str]] = defaultdict(set)
    rows = Participant.objects.filter(ticket_id__in=ticket_ids)
    for ticket_id, address in rows.values_list("ticket_id", "address"):
        people[ticket_id].add(address)
    return people


def _staff(addresses: set[str]) -> set[str]:
    return set(User.objects.filter(username__in=addresses).values_list("username", flat=True))


@dataclass(slots=True)
class _Candidates:
    """Gathers one message's candidates, each thread once."""

    incoming: Incoming
    threads: Mapping[int, _Thread]
    tickets: Mapping[int, list[Ticket]]
    people: Mapping[int, set[str]]
    ours: set[str]
    found: list[Candidate] = field(default_factory=list)

    def add(
        self, thread_id: int, by: MatchedBy, matched_id: str = "", ticket: Ticket | None = None
    ) -> None:
        """Adds the thread with its ticket: the one of the message's inbox before any other."""
        thread = self.threads.get(thread_id)
        if thread is None or any(c.thread_id == thread_id for c in self.found):
            return
        ticket = ticket or self._ticket_of(thread_id)
        people = self.people.get(ticket.pk, set()) if ticket else thread.participants
        self.found.append(
            Candidate(
                thread_id=thread_id,
                ticket_id=ticket.pk if ticket else None,
                ticket_status=ticket.status if ticket else "",
                participants=frozenset(people - self.ours),
                matched_by=by,
                bulk=matched_id in thread.bulk_ids,
                subject=thread.subject,
                last_at=thread.last_at,
                inbox_id=ticket.inbox_id if ticket else self.incoming.inbox_id,
            )
        )

    def _ticket_of(self, thread_id: int) -> Ticket | None:
        tickets = self.tickets.get(thread_id, [])
        same = [t for t in tickets if t.inbox_id == self.incoming.inbox_id]
        return next(iter(same or tickets), None)
