"""What the SMTP conversation asks: is this address ours, and is this message kept?"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Protocol

from mailflow.inbound.incoming import Accepted, IncomingMail
from mailflow.inbound.statuses import Status

log = logging.getLogger("mailflow.smtp")

Accept = Callable[[IncomingMail], Awaitable[Sequence[Accepted]]]


class Answer(Enum):
    """Whether an address is ours. UNSURE is any trouble of ours: the peer must try again."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    UNSURE = "unsure"


class Recipients(Protocol):
    """Knows which addresses are ours."""

    async def known(self, address: str) -> Answer: ...


class Receiver:
    """Answers RCPT and DATA. Whatever fails in here is a temporary failure for the peer."""

    def __init__(self, recipients: Recipients, accept: Accept) -> None:
        self._recipients = recipients
        self._accept = accept

    async def handle_RCPT(self, address: str) -> Status:
        """RECIPIENT_OK for an address of ours, else the refusal."""
        try:
            answer = await self._recipients.known(address)
        except Exception:
            log.exception("Looking up a recipient failed")
            return Status.RECIPIENT_UNSURE
        match answer:
            case Answer.KNOWN:
                return Status.RECIPIENT_OK
            case Answer.UNKNOWN:
                return Status.NO_SUCH_RECIPIENT
            case Answer.UNSURE:
                return Status.RECIPIENT_UNSURE

    async def handle_DATA(self, mail: IncomingMail) -> list[str]:
        """The lines that answer the end of the data: "250 …" only once `mail` is synced to disk."""
        try:
            accepted = await self._accept(mail)
        except Exception:
            log.exception("A message of %d octets was not kept", len(mail.raw))
            return [Status.NOT_KEPT.line()]
        return reply_lines(mail, accepted)


def reply_lines(mail: IncomingMail, accepted: Sequence[Accepted]) -> list[str]:
    """One reply for the whole transaction. (LMTP, RFC 2033 4.2, would return one a recipient.)"""
    missing = set(mail.recipients) - {one.recipient for one in accepted}
    if missing:
        log.error("Kept for %d recipients, not for %d", len(accepted), len(missing))
        return [Status.NOT_KEPT.line()]
    return [Status.KEPT.line(ids=",".join(str(one.id) for one in accepted))]
