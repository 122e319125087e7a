"""Mail that has come in: accepted, processed by a worker, stored."""

from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.worker import configured_checker, run_once
from mailflow.mail.models import Email
from tests.cast import CY


def arrive(*mails: bytes, to: str = "support@demo.example", sender: str = CY) -> list[Email]:
    """The emails that these raw messages became, in order."""
    answers = accept_batch([IncomingMail(raw, sender, (to,), "test") for raw in mails])
    checker = configured_checker()
    while run_once(checker, "tester"):
        pass
    return [Email.objects.get(pk=answer[0].id) for answer in answers]
