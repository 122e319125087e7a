"""`mailflow migrate`: brings every database of the installation to this version's tables."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import migrate

from mailflow.inbound.sequence import continue_after_stored_mail


class Command(migrate.Command):
    """Django's `migrate` over all databases, unless one is named with --database."""

    help = "Brings the tables of every database up to date. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=None)

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        aliases = [options["database"]] if options["database"] else list(settings.DATABASES)
        checks: Any = super().get_check_kwargs(options)
        return {**checks, "databases": aliases}

    def handle(self, *args: Any, **options: Any) -> None:
        if options["database"]:
            super().handle(*args, **options)
            return
        for alias in settings.DATABASES:
            super().handle(*args, **{**options, "database": alias})
        if not options["plan"] and not options["check_unapplied"]:
            continue_after_stored_mail()
