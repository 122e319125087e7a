"""`mailflow up --demo` fills a new installation by SMTP, once."""

import json
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from mailflow.processes.demo.messages import messages
from tests.program import Program, running

pytestmark = pytest.mark.slow


def _ask(program: Program, path: str) -> Any:
    request = urllib.request.Request(f"{program.url}/api/v1{path}", headers=program.headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def _wait_for(program: Program, emails: int) -> int:
    """How many emails there are once nothing waits any more and at least so many are there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = _ask(program, "/stats")["totalProcessed"]
        if found >= emails and not _ask(program, "/spool")["ready"]:
            return int(found)
        time.sleep(0.2)
    raise AssertionError(f"only {found} emails after a minute")


def test_the_demonstration_arrives_whole_and_a_second_start_adds_nothing(tmp_path: Path) -> None:
    from django.utils import timezone

    arrivals = sum(len(mail.recipients) for mail in messages(timezone.now()))
    with running(tmp_path / "data", "--demo") as program:
        assert _wait_for(program, arrivals) == arrivals
        tickets = len(_ask(program, "/tickets")["tickets"])
        assert tickets >= 4
    with running(tmp_path / "data", "--demo") as program:
        assert _wait_for(program, arrivals) == arrivals
        assert len(_ask(program, "/tickets")["tickets"]) == tickets
        assert len(_ask(program, "/inboxes")["items"]) == 3
        assert not _ask(program, "/spool")["stuck"]
