"""`mailflow reparse`: reads stored messages again with today's parser; nothing else happens."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import track

from mailflow.mail.models import Email, Message, RawMessage
from mailflow.mail.reparse import reparse


class Command(BaseCommand):
    """No rule runs, no ticket changes, nothing is sent. Ends with 1 where a message failed."""

    help = "Read stored messages again from their raw bytes; no rule runs, nothing is sent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, metavar="EMAIL", help="ids of emails")
        parser.add_argument("--all", action="store_true", help="every stored message")

    def handle(self, *args: Any, **options: Any) -> None:
        ids = _message_ids(options["ids"], options["all"])
        changed = failed = 0
        for message_id in track(ids, "Reading", console=Console(stderr=True), transient=True):
            message = Message.objects.get(pk=message_id)
            try:
                result = reparse(message, actor="command line")
            except RawMessage.DoesNotExist:
                failed += 1
                self.stderr.write(f"message {message_id}: its raw bytes are not kept any more")
                continue
            changed += bool(result.changed)
            if result.changed and options["verbosity"] > 1:
                self.stdout.write(f"message {message_id}: {', '.join(result.changed)}")
        self.stdout.write(f"{len(ids) - failed:,} read, {changed:,} read differently now")
        if failed:
            raise CommandError(f"{failed:,} could not be read")


def _message_ids(email_ids: list[int], all_of_them: bool) -> list[int]:
    """The messages to read, each once, oldest first. Raises CommandError."""
    if bool(email_ids) == all_of_them:
        raise CommandError("name the ids of emails, or --all")
    if all_of_them:
        return list(Message.objects.order_by("id").values_list("id", flat=True))
    found = dict(Email.objects.filter(id__in=email_ids).values_list("id", "message_id"))
    if missing := sorted(set(email_ids) - found.keys()):
        raise CommandError(f"there is no email {', '.join(map(str, missing))}")
    return sorted(set(found.values()))
