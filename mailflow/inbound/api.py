"""The API's ways in: a raw message, a simulated one, and work that waits for a person."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import AuthenticationError

from mailflow.accounts.api_auth import API_AUTH
from mailflow.accounts.doors import require
from mailflow.history.changes import record
from mailflow.inbound import simulate
from mailflow.inbound.changes import retry_stuck
from mailflow.inbound.group_commit import Overloaded
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.keeping import keep
from mailflow.inbound.models import SeenSignature, SpoolEntry
from mailflow.inbound.recipients import is_ours
from mailflow.inbound.signature import OLDEST_S, Valid, verify
from mailflow.lib.addresses import address_of
from mailflow.lib.api import ApiError
from mailflow.lib.claims import State
from mailflow.lib.refusals import Refused
from mailflow.mail.models import Email
from mailflow.mail.reparse import reparse

router = Router(tags=["Inbound"])

LARGEST_ID = 2**63 - 1
MOST_RECIPIENTS = 100


class Signed:
    """Lets a request in whose body is signed with our secret; every signature works once."""

    def __call__(self, request: HttpRequest) -> Any:
        header = request.headers.get("X-MailFlow-Signature", "")
        if not header:
            return None
        secret = settings.CONFIGURATION.inbound_signing_secret
        result = verify(header, request.body, secret, int(time.time()))
        if not isinstance(result, Valid) or not _first_use(result.mac):
            raise AuthenticationError
        return result


def _first_use(mac: str) -> bool:
    """Remembers the signature for longer than it could be used again."""
    now = timezone.now()
    try:
        with transaction.atomic(using=settings.INTAKE_DATABASE):
            SeenSignature.objects.create(mac=mac, seen_at=now)
            SeenSignature.objects.filter(seen_at__lt=now - 3 * timedelta(seconds=OLDEST_S)).delete()
    except IntegrityError:
        return False
    return True


class Kept(Schema):
    """The message is on the disk. `id` and `duplicate` are those of the first recipient."""

    ok: bool
    id: int
    duplicate: bool
    recipients: list[dict[str, Any]]


@router.post("/inbound/raw", response={202: Kept}, auth=[Signed(), *API_AUTH])
def receive_raw(request: HttpRequest, to: Query[list[str]]) -> Status[dict[str, Any]]:
    """Takes one raw message (`message/rfc822`); envelope in `?from=` and `?to=` (repeat `to`)."""
    signature = getattr(request, "auth", None)
    if not isinstance(signature, Valid):
        require(request, "administer")
    mail = IncomingMail(
        raw=_raw(request),
        envelope_from=_sender(request.GET.get("from", "")),
        recipients=tuple(_recipients(to)),
        via="http",
        client_address=getattr(request, "client_address", ""),
    )
    try:
        kept = keep(mail)
    except (Overloaded, TimeoutError, DatabaseError):
        if isinstance(signature, Valid):  # so that this very request can be repeated
            SeenSignature.objects.filter(mac=signature.mac).delete()
        raise ApiError(
            503, "The message was not kept. Send it again.", "database_unavailable"
        ) from None
    return Status(
        202,
        {
            "ok": True,
            "id": kept[0].id,
            "duplicate": kept[0].duplicate,
            "recipients": [
                {"to": one.recipient, "id": one.id, "duplicate": one.duplicate} for one in kept
            ],
        },
    )


def _raw(request: HttpRequest) -> bytes:
    raw = request.body
    if not raw.strip():
        raise Refused({"body": "The body is empty. Send the whole message, headers first."})
    return raw


def _sender(text: str) -> str:
    """The envelope sender, "" for the null sender (RFC 5321 4.5.5)."""
    bare = text.strip().removeprefix("<").removesuffix(">")
    if bare and address_of(bare) is None:
        raise Refused({"from": "from: write one address, or leave it empty for the null sender."})
    return bare


def _recipients(given: list[str]) -> list[str]:
    policy = settings.CONFIGURATION.recipient_policy
    if not 1 <= len(given) <= MOST_RECIPIENTS:
        raise Refused({"to": f"to: name 1 to {MOST_RECIPIENTS} recipients."})
    for one in given:
        address = address_of(one.strip().removeprefix("<").removesuffix(">"))
        if address is None or not is_ours(address, policy):
            raise Refused({"to": f"to: {one[:80]!r} is no address of an inbox here."})
    return [one.strip().removeprefix("<").removesuffix(">") for one in given]


class TestEmailIn(Schema):
    """A simulated message, in the shape of the original."""

    model_config = {"populate_by_name": True}

    sender: str = Field(alias="from")
    to: str
    subject: str = ""
    body: str = ""
    htmlBody: str = ""
    messageId: str = ""
    headers: dict[str, str] = {}
    inReplyTo: str = ""
    references: str | list[str] = ""
    hasAttachments: bool = False

    def to_parts(self) -> simulate.Simulated:
        """As `simulate` takes it."""
        references = self.references
        return simulate.Simulated(
            sender=self.sender,
            to=self.to,
            subject=self.subject,
            text=self.body,
            html=self.htmlBody,
            message_id=self.messageId,
            in_reply_to=self.inReplyTo,
            references=references if isinstance(references, str) else " ".join(references),
            headers=self.headers,
            has_attachments=self.hasAttachments,
        )


class TestEmailOut(Schema):
    """What became of it, or with `dry_run` would have."""

    event: dict[str, Any]
    matchedRules: list[dict[str, Any]]
    actionResults: list[dict[str, Any]]


@router.post("/test-email", response=TestEmailOut)
def test_email(request: HttpRequest, body: TestEmailIn, dry_run: bool = False) -> dict[str, Any]:
    """Simulates one inbound email; `dry_run` asks the rules and stores nothing."""
    actor = require(request, "administer")
    parts = body.to_parts()
    if dry_run:
        outcome = simulate.rehearse(parts)
    else:
        try:
            outcome = simulate.simulate(parts)
        except (Overloaded, TimeoutError):
            raise ApiError(503, "The message was kept, but is not processed yet.") from None
        record("test_email_sent", parts.to, actor=actor.name, email_id=outcome.event["id"])
    return {
        "event": outcome.event,
        "matchedRules": outcome.matched_rules,
        "actionResults": outcome.action_results,
    }


class Reprocessed(Schema):
    """`reparsed` names what reads differently now; `retried`: it waits for a worker again."""

    ok: bool
    reparsed: list[str]
    retried: bool


@router.post("/emails/{int:email_id}/reprocess", response=Reprocessed)
def reprocess(request: HttpRequest, email_id: int) -> dict[str, Any]:
    """Reads a stored email again without any effect, or retries one that waits for a person."""
    actor = require(request, "configure")
    if email_id > LARGEST_ID:
        raise Http404
    email = Email.objects.visible_to(actor).select_related("message").filter(pk=email_id).first()
    if email is not None:
        return {
            "ok": True,
            "reparsed": reparse(email.message, actor.name).changed,
            "retried": False,
        }
    if actor.inbox_ids is not None or not retry_stuck([email_id], timezone.now()):
        raise Http404
    record("spool_retried", f"email {email_id}", actor=actor.name, email_id=email_id)
    return {"ok": True, "reparsed": [], "retried": True}


class Waiting(Schema):
    """A message that could not be processed and waits for a person."""

    id: int
    recipient: str
    envelope_from: str
    attempts: int
    last_error: str
    received_at: datetime


class WaitingOut(Schema):
    """How many messages wait for a worker, and those that wait for a person, oldest first."""

    ready: int
    stuck: list[Waiting]


@router.get("/spool", response=WaitingOut)
def spool(request: HttpRequest) -> dict[str, Any]:
    """The spool: what was accepted and is not processed yet."""
    require(request, "administer")
    columns = ("id", "recipient", "envelope_from", "attempts", "last_error", "received_at")
    stuck = SpoolEntry.objects.filter(state=State.STUCK).order_by("id")
    waiting = SpoolEntry.objects.filter(state__in=[State.READY, State.CLAIMED])
    return {"ready": waiting.count(), "stuck": list(stuck.values(*columns)[:250])}
