"""Stored run-time settings. `preferences.registry` says what they mean."""

from django.db import models


class Preference(models.Model):
    """A setting that somebody changed; a setting without a row has its default.

    `value` is JSON text, or sealed text where the setting is a secret.
    """

    key = models.CharField(max_length=64, primary_key=True)
    value = models.TextField()
    updated_at = models.DateTimeField()
    updated_by = models.CharField(max_length=200, default="")

    def __str__(self) -> str:
        return self.key
