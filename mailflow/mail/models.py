"""What was said: raw messages, parsed messages, their arrivals, attachments and threads."""

from typing import Self

from django.db import models

from mailflow.accounts.models import User
from mailflow.accounts.permissions import Actor
from mailflow.inboxes.models import Inbox


class RawMessage(models.Model):
    """The bytes of one message exactly as received, by SHA-256 (hex). In the intake database."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    size_bytes = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.sha256


class Thread(models.Model):
    """A conversation: messages that answer one another."""

    subject = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField()
    last_message_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.subject


class ThreadReference(models.Model):
    """A Message-ID (no angle brackets, at most 255 characters) that belongs to a thread."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="references")
    message_id = models.CharField(max_length=255, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message_id", "thread"], name="reference_once")
        ]

    def __str__(self) -> str:
        return self.message_id


class MessageClass(models.TextChoices):
    """What kind of sender wrote, decided before any rule."""

    ORDINARY = "ordinary", "Person"
    BOUNCE = "bounce", "Bounce"
    COMPLAINT = "complaint", "Complaint"
    AUTO_REPLY = "auto_reply", "Automatic reply"
    LIST = "list", "Mailing list"
    CALENDAR = "calendar", "Calendar"


class Message(models.Model):
    """One message, stored once however many of our addresses it came to.

    `text` is the whole text, `html` the sanitised HTML (remote content neutralised). Headers are
    read again from the raw message when they are shown. `recipients` is
    {"to": [[name, address], …], "cc": …, "reply_to": …}.
    """

    content_key = models.CharField(max_length=64, unique=True)
    raw_sha256 = models.CharField(max_length=64, db_index=True)
    size_bytes = models.PositiveIntegerField()
    message_id = models.CharField(max_length=255, default="", db_index=True)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="messages")
    from_address = models.CharField(max_length=320, default="")
    from_name = models.CharField(max_length=200, default="")
    recipients = models.JSONField(default=dict)
    subject = models.CharField(max_length=998, default="")
    date = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    preview = models.TextField(default="")
    text = models.TextField(default="")
    html = models.TextField(default="")
    message_class = models.CharField(
        max_length=10, choices=MessageClass.choices, default=MessageClass.ORDINARY
    )
    class_reason = models.CharField(max_length=200, default="")
    language = models.CharField(max_length=8, default="", blank=True)
    authentication = models.JSONField(default=dict)
    calendar = models.JSONField(null=True)
    flags = models.JSONField(default=list)
    parser_version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["from_address", "-id"], name="message_from"),
            models.Index(fields=["message_class", "-id"], name="message_by_class"),
        ]

    def __str__(self) -> str:
        return self.subject or "(no subject)"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, actor: Actor) -> Self:
        """The files of emails that this actor may see."""
        if not actor.may("read"):
            return self.none()
        if actor.inbox_ids is None:
            return self
        theirs = Email.objects.visible_to(actor).filter(message=models.OuterRef("message"))
        return self.filter(models.Exists(theirs))


class Attachment(models.Model):
    """A file of a message. `stored` false: too large to keep, the facts remain."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    filename = models.CharField(max_length=255, default="")
    content_type = models.CharField(max_length=127, default="application/octet-stream")
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    content_id = models.CharField(max_length=255, default="")
    inline = models.BooleanField(default=False)
    kind = models.CharField(max_length=8, default="file")
    stored = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "position"], name="attachment_position")
        ]

    def __str__(self) -> str:
        return self.filename


class EmailQuerySet(models.QuerySet["Email"]):
    def visible_to(self, actor: Actor) -> Self:
        """The emails this actor may see: those of its inboxes."""
        if not actor.may("read"):
            return self.none()
        return self if actor.inbox_ids is None else self.filter(inbox_id__in=actor.inbox_ids)


class Email(models.Model):
    """The arrival of a message at one recipient of ours.

    The id is the spool entry's: a crash between storing and finishing cannot store it twice.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", "Received"
        PROCESSED = "processed", "Processed"
        REPLIED = "replied", "Replied"
        FAILED = "failed", "Failed"
        SPAM = "spam", "Spam"
        IGNORED = "ignored", "Ignored"

    id = models.BigIntegerField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="emails")
    inbox = models.ForeignKey(Inbox, null=True, on_delete=models.SET_NULL, related_name="emails")
    recipient = models.CharField(max_length=320)
    envelope_from = models.CharField(max_length=320, default="", blank=True)
    via = models.CharField(max_length=20, default="smtp")
    client_address = models.CharField(max_length=45, default="", blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PROCESSED)
    tags = models.JSONField(default=list)
    kept = models.BooleanField(default=False)
    assignee = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="assigned_emails"
    )
    flags = models.JSONField(default=list)
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField()

    objects = EmailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["inbox", "-id"], name="email_inbox"),
            models.Index(fields=["status", "-id"], name="email_status"),
            models.Index(fields=["received_at"], name="email_received"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "recipient"], name="email_arrives_once")
        ]

    def __str__(self) -> str:
        return f"{self.recipient} #{self.id}"
