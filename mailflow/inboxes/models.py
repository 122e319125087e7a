"""Inboxes: the places that mail arrives at, and their addresses."""

from typing import Self

from django.db import models

from mailflow.accounts.models import Team
from mailflow.accounts.permissions import Actor


class InboxQuerySet(models.QuerySet["Inbox"]):
    def visible_to(self, actor: Actor) -> Self:
        """The inboxes this actor may see."""
        if not actor.may("read"):
            return self.none()
        return self if actor.inbox_ids is None else self.filter(id__in=actor.inbox_ids)


class Inbox(models.Model):
    """A named place for mail, worked on by a team."""

    class Priority(models.TextChoices):
        LOW = "low", "Low"
        NORMAL = "normal", "Normal"
        HIGH = "high", "High"
        URGENT = "urgent", "Urgent"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"

    name = models.CharField(max_length=100, unique=True)
    description = models.CharField(max_length=500, default="", blank=True)
    assigned_team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL)
    color = models.CharField(max_length=7, default="#206bc4")
    priority = models.CharField(max_length=6, choices=Priority.choices, default=Priority.NORMAL)
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.ACTIVE)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = InboxQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class InboxAddress(models.Model):
    """An address of an inbox: `local@domain` in lower case, or `@domain` for a catch-all."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=320, unique=True)

    def __str__(self) -> str:
        return self.address
