"""The listening side of SMTP: sockets, conversations in progress, and a stop that loses nothing."""

import asyncio
import logging
import ssl
from pathlib import Path

from mailflow.inbound.limits import Clients, Limits, Memory
from mailflow.inbound.receiver import Receiver
from mailflow.inbound.smtp import Conversation

# aiosmtpd tells each connection four times; what matters is logged as mailflow.smtp.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class SmtpServer:
    """Listens for SMTP clients. `hostname` is the name it gives itself in replies."""

    def __init__(
        self,
        receiver: Receiver,
        *,
        limits: Limits | None = None,
        hostname: str = "localhost",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._receiver = receiver
        self._limits = limits or Limits()
        self._hostname = hostname
        self._tls = tls
        self._clients = Clients(self._limits)
        self._memory = Memory(self._limits.memory_bytes)
        self._conversations: set[Conversation] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen, and return the port (for 0: the one that was free). Raises OSError if taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._converse, host, port, backlog=1024)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self, grace_s: float = 5.0) -> None:
        """Take no more clients; let those that are sending a message end it, within `grace_s`."""
        if self._server is not None:
            self._server.close()
        deadline_s = asyncio.get_running_loop().time() + grace_s
        for conversation in list(self._conversations):
            conversation.stop()
        while self._conversations and asyncio.get_running_loop().time() < deadline_s:
            await asyncio.sleep(0.02)
        for conversation in list(self._conversations):
            conversation.abort()

    def _converse(self) -> Conversation:
        conversation = Conversation(
            self._receiver,
            self._limits,
            self._clients,
            self._memory,
            self._hostname,
            self._tls,
            self._conversations.discard,
        )
        self._conversations.add(conversation)
        return conversation


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """A server's context from PEM files. Raises OSError or ssl.SSLError if they do not serve."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context
