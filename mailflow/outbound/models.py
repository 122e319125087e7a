"""What we send. So far its templates: sending itself comes later."""

from typing import Self

from django.db import models

from mailflow.accounts.permissions import Actor


class TemplateQuerySet(models.QuerySet["Template"]):
    def visible_to(self, actor: Actor) -> Self:
        """Templates are shared by all inboxes."""
        return self if actor.may("read") else self.none()


class Template(models.Model):
    """A prepared answer. Subject, text and HTML may hold `{{name}}` and `{{a.b}}`."""

    name = models.CharField(max_length=100, unique=True)
    description = models.CharField(max_length=500, default="", blank=True)
    subject = models.CharField(max_length=998)
    text = models.TextField(default="", blank=True)
    html = models.TextField(default="", blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = TemplateQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
