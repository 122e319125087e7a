"""`mailflow receive` keeps every message of a file once and says what became of each."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mailflow.inbound.models import SpoolEntry
from mailflow.inboxes.lookup import forget
from tests.cast import Agent, mail_from_cy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_remembered_addresses() -> None:
    forget()


def receive(*arguments: str) -> str:
    output = StringIO()
    call_command("receive", *arguments, stdout=output, stderr=output)
    return output.getvalue()


def test_what_is_received_waits_for_a_worker_once(ada: Agent, tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(mail_from_cy())
    (tmp_path / "2.eml").write_bytes(mail_from_cy(message_id="<cy-2@customer.example>"))
    assert receive(str(tmp_path)).startswith("2 accepted, 0 duplicate, 0 failed")
    assert receive(str(tmp_path)) == "0 accepted, 2 duplicate, 0 failed\n"
    entries = SpoolEntry.objects.order_by("id")
    assert [(e.recipient, e.envelope_from, e.via, e.run_rules) for e in entries] == [
        ("support@demo.example", "cy@customer.example", "file", True)
    ] * 2


def test_an_import_without_rules_says_so_to_the_worker(ada: Agent, tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(mail_from_cy(to="elsewhere@x.example"))
    receive(str(tmp_path), "--inbox", "support", "--no-rules")
    entry = SpoolEntry.objects.get()
    assert (entry.recipient, entry.run_rules) == ("support@demo.example", False)


def test_failures_are_named_and_do_not_stop_the_others(
    ada: Agent, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "1.eml").write_bytes(b"")
    (tmp_path / "2.eml").write_bytes(mail_from_cy(to="elsewhere@x.example"))
    (tmp_path / "3.eml").write_bytes(mail_from_cy())
    output = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("receive", str(tmp_path), stdout=output, stderr=output)
    assert ended.value.returncode == 1
    said = output.getvalue()
    assert "1 accepted, 0 duplicate, 2 failed" in said
    assert "1.eml is empty" in said
    assert "2.eml no recipient in its headers is an address of ours" in said


@pytest.mark.parametrize("inbox", ["Sales", "sales@x.example"])
def test_an_unknown_inbox_is_refused(ada: Agent, tmp_path: Path, inbox: str) -> None:
    with pytest.raises(CommandError, match=r"no inbox .* Support|no inbox has the address"):
        receive(str(tmp_path), "--inbox", inbox)
