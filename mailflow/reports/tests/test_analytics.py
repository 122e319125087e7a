"""The figures count what the actor may see, and nothing outside the span."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mailflow.accounts.permissions import ANONYMOUS, SYSTEM
from mailflow.inboxes.models import Inbox
from mailflow.mail.models import Attachment, Email, Message, Thread
from mailflow.reports.analytics import analytics
from mailflow.reports.spans import Span
from mailflow.tickets.models import Ticket
from tests.cast import Agent

pytestmark = pytest.mark.django_db
DAYS = Span(date(2026, 3, 1), date(2026, 3, 2))


def arrive(number: int, when: datetime, inbox: Inbox | None, sender: str) -> None:
    thread = Thread.objects.create(created_at=when, last_message_at=when)
    message = Message.objects.create(
        content_key=f"k{number}", raw_sha256="r", size_bytes=1, thread=thread,
        from_address=sender, received_at=when,
    )  # fmt: skip
    Email.objects.create(
        id=number, message=message, inbox=inbox, recipient="a@demo.example", received_at=when,
        processed_at=when,
    )  # fmt: skip
    Ticket.objects.create(
        thread=thread, inbox=inbox, created_at=when, updated_at=when, last_message_at=when
    )
    for position, inline in enumerate([False, True]):
        Attachment.objects.create(
            message=message, position=position, content_type="image/png", size_bytes=1,
            sha256="s", inline=inline, created_at=when,
        )  # fmt: skip


@pytest.fixture
def _mail(ada: Agent, bo: Agent) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    arrive(1, start, ada.inbox, "cy@customer.example")
    arrive(2, start + timedelta(hours=47, minutes=59), ada.inbox, "dee@customer.example")
    arrive(3, start, bo.inbox, "cy@shop.example")
    arrive(4, start, None, "")
    arrive(5, start - timedelta(seconds=1), ada.inbox, "before@customer.example")
    arrive(6, start + timedelta(days=2), ada.inbox, "after@customer.example")


@pytest.mark.usefixtures("_mail")
def test_every_figure_is_counted_within_the_span() -> None:
    found = analytics(SYSTEM, DAYS)
    assert found.emails_over_time == [("2026-03-01", 3), ("2026-03-02", 1)]
    assert found.tickets_over_time == found.emails_over_time
    assert dict(found.emails_by_inbox) == {"Support": 2, "Billing": 1, "Unassigned": 1}
    assert found.top_domains == [("customer.example", 2), ("shop.example", 1)]
    assert found.attachment_types == [("image/png", 4)]


@pytest.mark.usefixtures("_mail")
def test_an_agent_sees_the_figures_of_their_inboxes(ada: Agent, bo: Agent) -> None:
    assert analytics(ada.actor, DAYS).emails_by_inbox == [("Support", 2)]
    assert analytics(bo.actor, DAYS).emails_by_inbox == [("Billing", 1)]
    assert analytics(ANONYMOUS, DAYS).emails_by_inbox == []


@pytest.mark.usefixtures("_mail")
def test_one_report_takes_few_queries_and_the_next_none(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(5):
        analytics(SYSTEM, DAYS)
    with django_assert_num_queries(0):
        analytics(SYSTEM, DAYS)
