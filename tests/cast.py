"""The cast of every story: Ada answers support, Bo answers billing, Cy is a customer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mailflow.accounts.models import User
    from mailflow.accounts.permissions import Actor
    from mailflow.inboxes.models import Inbox

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CY = "cy@customer.example"


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who works here, and the one inbox that is theirs."""

    user: "User"
    actor: "Actor"
    inbox: "Inbox"


@pytest.fixture
def ada(db: None) -> Agent:
    """Ada, an agent of the inbox Support, support@demo.example."""
    return _agent("ada@demo.example", "Ada", "Support", "support@demo.example")


@pytest.fixture
def bo(db: None) -> Agent:
    """Bo, an agent of another inbox: Billing, billing@demo.example. Sees nothing of Ada's."""
    return _agent("bo@demo.example", "Bo", "Billing", "billing@demo.example")


def _agent(username: str, name: str, inbox_name: str, address: str) -> Agent:
    from mailflow.accounts.models import Team, User
    from mailflow.accounts.permissions import Actor
    from mailflow.inboxes.models import Inbox, InboxAddress

    user = User.objects.create_user(username=username, first_name=name, role="agent")
    team = Team.objects.create(name=f"{inbox_name} team")
    team.members.add(user)
    inbox = Inbox.objects.create(
        name=inbox_name, assigned_team=team, created_at=NOW, updated_at=NOW
    )
    InboxAddress.objects.create(inbox=inbox, address=address)
    actor = Actor("user", name, "agent", user_id=user.pk, inbox_ids=frozenset({inbox.pk}))
    return Agent(user, actor, inbox)


def mail_from_cy(
    subject: str = "A question",
    body: str = "Where is my parcel?",
    to: str = "support@demo.example",
    message_id: str = "<cy-1@customer.example>",
    headers: str = "",
) -> bytes:
    """A plain message of Cy's, with CRLF line ends; `headers` are further header lines."""
    lines = (
        f"From: Cy <{CY}>\nTo: {to}\nSubject: {subject}\nMessage-ID: {message_id}\n"
        f"Date: Mon, 02 Mar 2026 09:30:00 +0000\n{headers}\n{body}\n"
    )
    return lines.replace("\n", "\r\n").encode()
