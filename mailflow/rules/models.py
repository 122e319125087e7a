"""Rules, their versions, and what they decided for each email."""

from typing import Self

from django.db import models

from mailflow.accounts.permissions import Actor
from mailflow.mail.models import Email


class RuleQuerySet(models.QuerySet["Rule"]):
    def visible_to(self, actor: Actor) -> Self:
        """Rules are shared by all inboxes."""
        return self if actor.may("read") else self.none()


class Rule(models.Model):
    """A rule as it stands now. Lower `priority` runs first; equal ones by id."""

    name = models.CharField(max_length=200)
    active = models.BooleanField(default=True)
    priority = models.IntegerField(default=100)
    stop = models.BooleanField(default=False)
    match_mode = models.CharField(max_length=3, default="all")
    conditions = models.JSONField(default=list)
    actions = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    last_matched_at = models.DateTimeField(null=True)
    match_count = models.PositiveIntegerField(default=0)

    objects = RuleQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """What a rule said from one revision of the rule set until another.

    The rule set at revision R is every version with from_revision <= R and
    (until_revision is null or until_revision > R). `rule_id` outlives a deleted rule.
    """

    rule_id = models.BigIntegerField(db_index=True)
    version = models.PositiveIntegerField()
    body = models.JSONField()
    from_revision = models.PositiveIntegerField(db_index=True)
    until_revision = models.PositiveIntegerField(null=True, db_index=True)
    saved_by = models.CharField(max_length=200, default="")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule_id", "version"], name="rule_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} v{self.version}"


class Decision(models.Model):
    """What the rules decided for one email, and what is needed to explain it again.

    `facts` holds what cannot be read again from the message (contact, inbox, tags, time);
    `matched` is [[rule_id, version], …] in order; `stopped_by` the rule that ended it.
    """

    email = models.OneToOneField(Email, primary_key=True, on_delete=models.CASCADE)
    revision = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    matched = models.JSONField(default=list)
    stopped_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, default="")

    def __str__(self) -> str:
        return f"decision for {self.email_id}"


class Effect(models.Model):
    """One action of one rule for one email. The key is unique: it is performed once.

    Key: "<email id>:<rule id>:<rule version>:<position of the action>".
    """

    class Status(models.TextChoices):
        SUCCESS = "success", "Success"
        FAILED = "failed", "Failed"
        SKIPPED = "skipped", "Skipped"

    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="effects")
    key = models.CharField(max_length=80, unique=True)
    rule_id = models.BigIntegerField()
    rule_version = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=8, choices=Status.choices)
    detail = models.CharField(max_length=300, default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["status", "-id"], name="effect_status")]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"
