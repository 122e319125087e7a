"""`mailflow reparse` reads again and does nothing else."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.models import SpoolEntry
from mailflow.inbound.worker import configured_checker, run_once
from mailflow.mail.models import Email, Message, RawMessage
from tests.cast import CY, Agent, mail_from_cy

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output, stderr=output)
    return output.getvalue()


@pytest.fixture
def email(ada: Agent) -> Email:
    accept_batch([IncomingMail(mail_from_cy(), CY, ("support@demo.example",), "file")])
    run_once(configured_checker(), "test")
    return Email.objects.get()


def test_a_stored_message_is_read_again_and_nothing_else_happens(email: Email) -> None:
    Message.objects.update(subject="read wrongly once", text="")
    assert run("reparse", str(email.pk)) == "1 read, 1 read differently now\n"
    assert run("reparse", "--all") == "1 read, 0 read differently now\n"
    message = Message.objects.get()
    assert (message.subject, message.text.strip()) == ("A question", "Where is my parcel?")


def test_a_message_without_its_raw_bytes_is_named(email: Email) -> None:
    SpoolEntry.objects.all().delete()
    RawMessage.objects.all().delete()
    with pytest.raises(CommandError, match="1 could not be read"):
        run("reparse", "--all")


@pytest.mark.parametrize("arguments", [(), ("7", "--all"), ("7",)])
def test_reparse_wants_to_know_which(db: None, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"name the ids|there is no email 7"):
        run("reparse", *arguments)
