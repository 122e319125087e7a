"""Pure: the messages of the demonstration, as complete bytes with CRLF line ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from mailflow.processes.demo import machines, people


@dataclass(frozen=True, slots=True)
class DemoMail:
    """A message and its envelope; `sender` is "" for a bounce."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


def messages(now: datetime) -> list[DemoMail]:
    """All of them, oldest first; the dates lie in the two hours before `now`."""
    made = [build() for build in _STORIES]
    step = timedelta(minutes=120 / len(made))
    return [
        DemoMail(
            sender,
            recipients,
            _wire(content.replace("{date}", format_datetime(now - step * (len(made) - n)))),
        )
        for n, (sender, recipients, content) in enumerate(made)
    ]


def _wire(content: str) -> bytes:
    return content.replace("\n", "\r\n").encode()


_STORIES = (
    people.question,
    people.arabic,
    machines.newsletter,
    people.statement,
    people.german,
    people.reply,
    machines.invitation,
    machines.mailing_list,
    machines.automatic_reply,
    machines.bounce,
    people.two_recipients,
    people.spoofed_bank,
    people.shop_order,
    people.stranger_in_the_thread,
)
