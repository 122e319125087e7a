"""The spool: what was accepted, envelope by envelope, and how far its processing is."""

from django.db import models

from mailflow.lib.claims import Claimable, ClaimQuerySet
from mailflow.mail.models import RawMessage


class SpoolEntry(Claimable):
    """A message accepted for one recipient. In the intake database; its id becomes the Email's.

    `content_key` says which message this is (`mail.identity`); a message without any identity has
    a random one, so that it is never taken for another.
    """

    raw = models.ForeignKey(RawMessage, on_delete=models.PROTECT, related_name="entries")
    content_key = models.CharField(max_length=64)
    envelope_from = models.CharField(max_length=320, default="", blank=True)
    recipient = models.CharField(max_length=320)
    via = models.CharField(max_length=20)
    client_address = models.CharField(max_length=45, default="", blank=True)
    helo = models.CharField(max_length=255, default="", blank=True)
    tls = models.BooleanField(default=False)
    run_rules = models.BooleanField(default=True)
    received_at = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_key", "recipient"], name="accepted_once")
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["ready", "claimed"]),
                name="spool_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient} #{self.pk}"


class SeenSignature(models.Model):
    """A signature that was used: a second use is a replay. In the intake database."""

    mac = models.CharField(max_length=64, primary_key=True)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.mac
