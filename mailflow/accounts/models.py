"""People and teams."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who works here. `username` is the e-mail address in lower case."""

    class RoleName(models.TextChoices):
        ADMIN = "admin", "Admin"
        MANAGER = "manager", "Manager"
        AGENT = "agent", "Agent"
        VIEWER = "viewer", "Viewer"

    role = models.CharField(max_length=8, choices=RoleName.choices, default=RoleName.AGENT)

    @property
    def display_name(self) -> str:
        """The name to show; the address where no name was given."""
        return self.get_full_name() or self.username


class Team(models.Model):
    """People who share work."""

    name = models.CharField(max_length=100, unique=True)
    members = models.ManyToManyField(User, related_name="teams", blank=True)

    def __str__(self) -> str:
        return self.name
