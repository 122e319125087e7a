"""`mailflow receive`: takes messages from files, folders, Maildirs and mboxes."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

from mailflow.inbound.files import FoundMail, Unusable, files_in, mails_in
from mailflow.inbound.importing import Outcome, receive
from mailflow.inbound.recipients import is_ours
from mailflow.inboxes.lookup import table
from mailflow.inboxes.models import Inbox

_MOST_REASONS = 20


class Command(BaseCommand):
    """Ends with 0 where every message was accepted or known before, else with 1."""

    help = "Take messages from files, folders, Maildirs and mboxes. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|DIR|MBOX")
        parser.add_argument(
            "--inbox",
            metavar="A",
            help="the inbox, by name or address, that all messages are for; "
            "without it their headers say whom they were for",
        )
        parser.add_argument(
            "--no-rules", action="store_true", help="store the messages only: no rule acts on them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        missing = [str(path) for path in options["paths"] if not path.exists()]
        if missing:
            raise CommandError(f"there is no file or folder {', '.join(missing)}")
        recipient = _recipient(options["inbox"]) if options["inbox"] else None
        files = list(files_in(options["paths"]))
        counts: Counter[str] = Counter()
        reasons: list[str] = []
        with _progress() as progress:
            task = progress.add_task("", total=sum(file.stat().st_size for file in files))
            outcomes = receive(
                _mails(files), recipient, table_knows, run_rules=not options["no_rules"]
            )
            for outcome in outcomes:
                counts[outcome.status] += 1
                progress.update(task, advance=outcome.size_bytes, description=_line(counts))
                if outcome.reason:
                    reasons.append(_where(outcome))
        self._summarise(counts, reasons)

    def _summarise(self, counts: Counter[str], reasons: list[str]) -> None:
        for reason in reasons[:_MOST_REASONS]:
            self.stderr.write(reason)
        if len(reasons) > _MOST_REASONS:
            self.stderr.write(f"… and {len(reasons) - _MOST_REASONS} more")
        self.stdout.write(_line(counts))
        if counts["accepted"]:
            self.stdout.write("Workers process them: `mailflow up` runs some, `mailflow work` one.")
        if reasons:
            raise CommandError("some messages were not taken", returncode=1)


def table_knows(address: str) -> bool:
    """Whether a message for this address may come in."""
    return table().inbox_of(address) is not None or is_ours(
        address, settings.CONFIGURATION.recipient_policy
    )


def _recipient(inbox: str) -> str:
    """The address that `--inbox` names. Raises CommandError."""
    if "@" in inbox:
        if not table_knows(inbox):
            raise CommandError(f"no inbox has the address {inbox}")
        return inbox.lower()
    found = Inbox.objects.filter(name__iexact=inbox).first()
    if found is None:
        names = ", ".join(Inbox.objects.order_by("name").values_list("name", flat=True))
        raise CommandError(f"no inbox is named {inbox!r}; there are: {names or 'none yet'}")
    addresses = found.addresses.order_by("id").values_list("address", flat=True)
    own = next((address for address in addresses if not address.startswith("@")), None)
    if own is None:
        raise CommandError(f"the inbox {found.name} has no address of its own: name one instead")
    return own


def _mails(files: list[Path]) -> Iterator[FoundMail | Unusable]:
    for file in files:
        yield from mails_in(file, settings.CONFIGURATION.smtp_max_message_bytes)


def _progress() -> Progress:
    return Progress(
        "{task.description}", BarColumn(), DownloadColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip


def _line(counts: Counter[str]) -> str:
    return ", ".join(
        f"{counts[status]:,} {status}" for status in ("accepted", "duplicate", "failed")
    )


def _where(outcome: Outcome) -> str:
    number = f" (message {outcome.number})" if outcome.number > 1 else ""
    return f"{outcome.path}{number} {outcome.reason}"
