"""`mailflow user`: the people who sign in and whom mail and tickets can be assigned to."""

import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mailflow.accounts.changes import add_user, set_password
from mailflow.accounts.directory import person_named
from mailflow.accounts.models import User
from mailflow.lib.refusals import Refused

_ACTOR = "command line"


class Command(BaseCommand):
    """Adds people, sets their passwords, and lists them."""

    help = "Add people who sign in and answer mail, set their passwords, and list them."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True, metavar="add|password|list")
        add = commands.add_parser("add", help="add a person")
        add.add_argument("address", help="their e-mail address; rules and pages name them by it")
        add.add_argument("--name", default="", help="the name that is shown")
        add.add_argument("--role", default="agent", choices=User.RoleName.values)
        add.add_argument(
            "--team", action="append", default=[], help="a team of theirs; may be repeated"
        )
        add.add_argument(
            "--password", action="store_true", help="let them sign in: asks for a password"
        )
        password = commands.add_parser("password", help="set a person's password")
        password.add_argument("address")
        commands.add_parser("list", help="list everybody")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            match options["command"]:
                case "list":
                    self._list()
                case "add":
                    self._add(options)
                case "password":
                    self._set_password(options["address"])
        except Refused as refused:
            raise CommandError(str(refused)) from None

    def _add(self, options: dict[str, Any]) -> None:
        password = _ask_password() if options["password"] else ""
        user = add_user(
            options["address"], options["name"], options["role"], options["team"], _ACTOR, password
        )
        self.stdout.write(f"Added {user.display_name} <{user.username}> as {user.role}.")

    def _set_password(self, address: str) -> None:
        user = person_named(address, "address")
        if user is None:
            raise CommandError("name a person by their e-mail address")
        set_password(user, _ask_password(), _ACTOR)
        self.stdout.write(f"{user.username} signs in with the new password from now on.")

    def _list(self) -> None:
        for user in User.objects.prefetch_related("teams").order_by("username"):
            teams = ", ".join(team.name for team in user.teams.all())
            state = "" if user.is_active else "  (inactive)"
            self.stdout.write(f"{user.username}  {user.role}  {teams}{state}".rstrip())


def _ask_password() -> str:
    """From the terminal, twice, unseen; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("Password: ")
    if getpass("Again: ") != password:
        raise CommandError("the two passwords differ; nothing was changed")
    return password
