"""`mailflow user`: the people whom mail and tickets can be assigned to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mailflow.accounts.changes import add_user
from mailflow.accounts.models import User
from mailflow.lib.refusals import Refused


class Command(BaseCommand):
    """Adds people and lists them."""

    help = "Add people whom mail and tickets can be assigned to, and list them."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True, metavar="add|list")
        add = commands.add_parser("add", help="add a person")
        add.add_argument("address", help="their e-mail address; rules and pages name them by it")
        add.add_argument("--name", default="", help="the name that is shown")
        add.add_argument("--role", default="agent", choices=User.RoleName.values)
        add.add_argument(
            "--team", action="append", default=[], help="a team of theirs; may be repeated"
        )
        commands.add_parser("list", help="list everybody")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["command"] == "list":
            self._list()
            return
        try:
            user = add_user(
                options["address"],
                options["name"],
                options["role"],
                options["team"],
                "command line",
            )
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"Added {user.display_name} <{user.username}> as {user.role}.")

    def _list(self) -> None:
        for user in User.objects.prefetch_related("teams").order_by("username"):
            teams = ", ".join(team.name for team in user.teams.all())
            state = "" if user.is_active else "  (inactive)"
            self.stdout.write(f"{user.username}  {user.role}  {teams}{state}".rstrip())
