"""Which emails a query finds, newest first, on SQLite (FTS5) and PostgreSQL (tsvector).

Which plan is quick depends on how many messages hold the words: few are fetched first and narrowed,
of many the newest emails are walked until enough hold them. A capped count chooses; the databases'
own planners choose wrong (docs/adr/0005).
"""

from typing import Any, TypeVar

from django.db import connections
from django.db.models import BooleanField, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from mailflow.accounts.permissions import Actor
from mailflow.contacts.finding import contacts_for
from mailflow.contacts.models import Contact
from mailflow.mail.models import Attachment, Email
from mailflow.search import fts5, tsearch
from mailflow.search.query import Filter, Query, Words
from mailflow.tickets.models import Ticket, TicketMessage

FEW = 1000

_Row = TypeVar("_Row", bound=Model)


def matching(emails: QuerySet[Email], query: Query) -> QuerySet[Email]:
    """Those of `emails` that the query finds; order them by -id. Asks the index once.

    `emails` is what the actor may see: this function widens nothing.
    """
    for each in query.filters:
        condition = _condition(each, emails)
        emails = emails.exclude(condition) if each.excluded else emails.filter(condition)
    return emails.filter(_holds(query.words, emails)) if query.words else emails


def tickets(found: QuerySet[Email], query: Query, tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Those of `tickets` that hold one of the newest emails found, or whose number was asked for.

    The ticket with the newest message comes first.
    """
    newest = list(found.order_by("-id").values_list("id", flat=True)[:FEW])
    numbers = [int(word) for word in query.plain_words if word.isdecimal() and len(word) < 18]
    held = TicketMessage.objects.filter(ticket=OuterRef("pk"), email__in=newest)
    return tickets.filter(Exists(held) | Q(pk__in=numbers)).order_by("-last_message_at", "-id")


def contacts(actor: Actor, text: str, query: Query) -> QuerySet[Contact]:
    """The contacts whose name, company or address holds the words; the latest seen first."""
    is_plain = len(query.plain_words) == len(query.words) and not query.filters
    wanted = text.strip() if is_plain else " ".join(query.plain_words)
    found = contacts_for(actor, wanted) if wanted else Contact.objects.none()
    return found.order_by("-last_seen", "-id")


def _holds(words: tuple[Words, ...], emails: QuerySet[Email]) -> Q:
    """The condition that the message holds the words."""
    engine = tsearch if _vendor(emails) == "postgresql" else fts5
    wanted = any(not word.excluded for word in words)
    if wanted:
        with connections[emails.db].cursor() as cursor:
            cursor.execute(engine.SOME, [engine.expression(words), FEW + 1])
            some = [row[0] for row in cursor.fetchall()]
        if len(some) <= FEW:
            return Q(message_id__in=some)
    return Q(_sql(engine.HOLDS if wanted else engine.LACKS, engine.expression(words)))


def _condition(each: Filter, emails: QuerySet[Email]) -> Q:
    value = each.value
    match each.field:
        case "to":
            return Q(recipient__contains=value)
        case "inbox":
            return Q(inbox__name__iexact=value)
        case "class":
            return Q(message__message_class=value)
        case "status":
            return Q(status=value)
        case "has":
            return Q(_has(value))
        case "tag":
            tagged = tsearch.TAGGED if _vendor(emails) == "postgresql" else fts5.TAGGED
            return Q(_sql(tagged, value))


def _has(what: str) -> Q | Exists:
    files = Attachment.objects.filter(message=OuterRef("message"), inline=False)
    if what in {"attachment", "attachments", "file"}:
        return Exists(files)
    return Q(pk__in=[])  # nothing else is known, so nothing has it


def _sql(statement: str, *values: Any) -> RawSQL:
    return RawSQL(statement, values, output_field=BooleanField())  # noqa: S611 (values are bound)


def _vendor(emails: QuerySet[Any]) -> str:
    return connections[emails.db].vendor
