"""`mailflow prune`: removes what the retention settings say; workers do the same by themselves."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from mailflow.mail import retention


class Command(BaseCommand):
    """Prints how much was removed."""

    help = "Removes events and attachments older than the settings allow. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        removed = retention.apply(timezone.now())
        self.stdout.write(f"Removed {removed.events} events, {removed.attachments} attachments.")
