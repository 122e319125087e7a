"""What happened: an append-only list of events, each chained to the one before by its hash."""

from django.db import models


class Event(models.Model):
    """One thing that happened. Written by `history.changes.record`, never changed.

    `email_id`, `ticket_id` and the subject name rows of rooms above, so they are no foreign keys.
    """

    class Status(models.TextChoices):
        SUCCESS = "success", "Success"
        FAILED = "failed", "Failed"
        SKIPPED = "skipped", "Skipped"

    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.SUCCESS)
    actor = models.CharField(max_length=200, default="")
    client_address = models.CharField(max_length=45, default="", blank=True)
    subject_type = models.CharField(max_length=20, default="", blank=True)
    subject_id = models.CharField(max_length=40, default="", blank=True)
    email_id = models.BigIntegerField(null=True)
    inbox_id = models.BigIntegerField(null=True)
    summary = models.CharField(max_length=500, default="")
    data = models.JSONField(default=dict)
    audit = models.BooleanField(default=False)
    previous_hash = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(
                fields=["email_id"], condition=models.Q(email_id__isnull=False), name="event_email"
            ),
            models.Index(fields=["kind", "-id"], name="event_kind"),
            models.Index(fields=["-id"], condition=models.Q(audit=True), name="event_audit"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.summary}"
