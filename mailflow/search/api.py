"""The API of the search over everything."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from mailflow.accounts.doors import require
from mailflow.contacts.api import ContactOut, contact_shown
from mailflow.mail.api import EmailOut, email_shown, emails_shown
from mailflow.search import find
from mailflow.search.query import parse
from mailflow.tickets.api import TicketOut, ticket_shown, tickets_shown

router = Router(tags=["Search"])


class SearchIn(Schema):
    """What is looked for, as docs/api.md explains it; an empty text finds nothing."""

    q: str = ""
    limit: int = Field(25, ge=1, le=50)


class SearchOut(Schema):
    """At most `limit` of each, the newest first."""

    query: str
    emails: list[EmailOut]
    tickets: list[TicketOut]
    contacts: list[ContactOut]


@router.get("/search", response=SearchOut)
def search(request: HttpRequest, asked: Query[SearchIn]) -> dict[str, Any]:
    """Emails, the tickets that hold them, and contacts; every text is a valid search."""
    actor = require(request, "read")
    query = parse(asked.q)
    if query.is_empty:
        return {"query": asked.q, "emails": [], "tickets": [], "contacts": []}
    emails = find.matching(emails_shown(request, "read"), query)
    tickets = find.tickets(emails, query, tickets_shown(request, "read"))
    contacts = find.contacts(actor, asked.q, query)
    shown = emails.defer("message__text", "message__html").order_by("-id")
    return {
        "query": asked.q,
        "emails": [email_shown(email) for email in shown[: asked.limit]],
        "tickets": [ticket_shown(ticket) for ticket in tickets[: asked.limit]],
        "contacts": [contact_shown(contact) for contact in contacts[: asked.limit]],
    }
