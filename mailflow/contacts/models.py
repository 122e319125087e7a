"""Who writes to us."""

from typing import Self

from django.db import models

from mailflow.accounts.permissions import Actor


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, actor: Actor) -> Self:
        """The contacts this actor may see. Contacts are shared by all inboxes."""
        return self if actor.may("read") else self.none()


class Contact(models.Model):
    """A person or organisation known by one or more addresses."""

    name = models.CharField(max_length=200, default="")
    company = models.CharField(max_length=200, default="", blank=True)
    phone = models.CharField(max_length=40, default="", blank=True)
    notes = models.TextField(default="", blank=True)
    tags = models.JSONField(default=list)
    vip = models.BooleanField(default=False)
    blocked = models.BooleanField(default=False)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField(db_index=True)
    email_count = models.PositiveIntegerField(default=0)

    objects = ContactQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class ContactAddress(models.Model):
    """An address of a contact, in lower case."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=320, unique=True)

    def __str__(self) -> str:
        return self.address
