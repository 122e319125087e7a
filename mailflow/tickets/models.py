"""Conversations as work."""

from typing import Self

from django.db import models

from mailflow.accounts.models import Team, User
from mailflow.accounts.permissions import Actor
from mailflow.contacts.models import Contact
from mailflow.inboxes.models import Inbox
from mailflow.mail.models import Email, Thread


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, actor: Actor) -> Self:
        """The tickets this actor may see: those of its inboxes."""
        if not actor.may("read"):
            return self.none()
        return self if actor.inbox_ids is None else self.filter(inbox_id__in=actor.inbox_ids)

    def open(self) -> Self:
        """Tickets that still need somebody."""
        return self.exclude(status__in=[Ticket.Status.RESOLVED, Ticket.Status.CLOSED])


class Ticket(models.Model):
    """One matter of one customer. `version` grows with each change: no stale page overwrites."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        PENDING = "pending", "Pending"
        WAITING = "waiting", "Waiting"
        RESOLVED = "resolved", "Resolved"
        CLOSED = "closed", "Closed"

    inbox = models.ForeignKey(Inbox, null=True, on_delete=models.SET_NULL, related_name="tickets")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="tickets")
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="tickets"
    )
    subject = models.CharField(max_length=998, default="")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    priority = models.CharField(
        max_length=6, choices=Inbox.Priority.choices, default=Inbox.Priority.NORMAL
    )
    assignee = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="tickets")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="tickets")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TicketQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "-last_message_at"], name="ticket_status"),
            models.Index(fields=["-last_message_at", "-id"], name="ticket_recent"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    @property
    def is_closed(self) -> bool:
        """Whether nobody is expected to act."""
        return self.status in {self.Status.RESOLVED, self.Status.CLOSED}


class TicketMessage(models.Model):
    """An entry of a ticket's timeline: a received email, an answer of ours, or an internal note."""

    class Kind(models.TextChoices):
        INBOUND = "inbound", "Received"
        OUTBOUND = "outbound", "Sent"
        NOTE = "note", "Note"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="timeline")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    email = models.OneToOneField(
        Email, null=True, on_delete=models.CASCADE, related_name="ticket_message"
    )
    author = models.CharField(max_length=200, default="")
    body = models.TextField(default="")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Participant(models.Model):
    """An address that takes part in a ticket: who asked, or who was copied."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="participants")
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, default="")
    role = models.CharField(max_length=9, default="requester")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "address"], name="participant_once")
        ]

    def __str__(self) -> str:
        return self.address


class HeldMessage(models.Model):
    """An email that points at a ticket whose participant its sender is not: a person decides."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="held")
    email = models.OneToOneField(Email, on_delete=models.CASCADE, related_name="held")
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    resolution = models.CharField(max_length=10, default="", blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=200, default="", blank=True)

    def __str__(self) -> str:
        return f"{self.email_id} held for #{self.ticket_id}"
