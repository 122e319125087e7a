"""One SMTP conversation: aiosmtpd's protocol with our own commands, DATA and replies.

aiosmtpd gives the connection, its timer and STARTTLS. It would read DATA line by line, refuse long
lines, end commands at a lone LF and tell the text of exceptions to the peer: all that is ours.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, AnyStr

from aiosmtpd.smtp import SMTP, TLSSetupException

from mailflow.inbound.commands import parse_mail, parse_rcpt
from mailflow.inbound.content import MAX_LINE_OCTETS
from mailflow.inbound.data import read_message
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.limits import Clients, Held, Limits, Memory
from mailflow.inbound.receiver import Receiver
from mailflow.inbound.statuses import Status, hello_lines

log = logging.getLogger("mailflow.smtp")

MAX_COMMAND_OCTETS = 4096  # RFC 5321 4.5.3.1.4 says 512; long VERP senders and UTF-8 need more.


class Conversation(SMTP):
    """Speaks with one client until it leaves, errs too often or waits too long."""

    # What aiosmtpd sets before the first command; it declares them as possibly None.
    session: Any
    envelope: Any
    _reader: Any
    _timeout_handle: Any
    transport: Any

    line_length_limit = MAX_LINE_OCTETS  # of the stream: so much is read ahead, twice at most

    def __init__(
        self,
        receiver: Receiver,
        limits: Limits,
        clients: Clients,
        memory: Memory,
        hostname: str,
        tls: ssl.SSLContext | None = None,
        on_end: Callable[["Conversation"], None] = lambda _: None,
    ) -> None:
        super().__init__(
            receiver,
            hostname=hostname,
            tls_context=tls,
            timeout=limits.command_timeout_s,
            loop=asyncio.get_running_loop(),
        )
        self._limits = limits
        self._clients = clients
        self._memory = memory
        self._on_end = on_end
        self._address = ""
        self._unsent: list[str] = []
        self._errors = 0
        self._commands = 0
        self._deadline_s = 0.0
        self._idle = False
        self._keeping = False
        self._stopping = False
        self._ended = False

    # -- the connection ---------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        """Called for the connection, and by aiosmtpd once more when TLS has begun."""
        super().connection_made(transport)
        self._address = str((self.session.peer or ("",))[0]).partition("%")[0]
        self._sender: str | None = None
        self._smtputf8 = False

    def eof_received(self) -> bool:
        """The client will say no more; what it said before is still answered."""
        asyncio.StreamReaderProtocol.eof_received(self)
        return self.session.ssl is None

    def connection_lost(self, error: Exception | None) -> None:
        """Called twice by aiosmtpd when a TLS handshake fails."""
        if self._ended:
            return
        self._ended = True
        self._clients.disconnect(self._address)
        self._on_end(self)
        super().connection_lost(error)

    def stop(self) -> None:
        """Part at the next pause: now if the client says nothing, else after the command."""
        self._stopping = True
        if self._idle:
            self._part(Status.STOPPING)

    def abort(self) -> None:
        """Cut the connection."""
        if self.transport is not None:
            self.transport.abort()

    def _reset_timeout(self, duration: float | None = None) -> None:
        """Moves the deadline; the timer is set anew only when it would ring too late."""
        self._deadline_s = self.loop.time() + (duration or self._timeout_duration)
        if self._timeout_handle is None or self._timeout_handle.when() > self._deadline_s:
            self._set_timer()

    def _set_timer(self) -> None:
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        self._timeout_handle = self.loop.call_at(self._deadline_s, self._timeout_cb)

    def _timeout_cb(self) -> None:
        if self._keeping:  # waiting for our own disk is not the client's fault
            self._deadline_s = self.loop.time() + self._timeout_duration
        if self.loop.time() < self._deadline_s:
            self._set_timer()
        else:
            self._part(Status.TIMEOUT)

    def _part(self, status: Status) -> None:
        if self.transport is not None:
            self._writer.write("".join([*self._unsent, f"{status.line()}\r\n"]).encode())
            self.transport.close()

    # -- the loop ---------------------------------------------------------------------------

    async def _handle_client(self) -> None:
        allowed = self._clients.connect(self._address)
        try:
            if allowed:
                await self.say(Status.GREETING, hostname=self.hostname)
                await self._converse()
            else:
                await self.say(Status.TOO_MANY_CONNECTIONS)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client left
        finally:
            if self.transport is not None:
                self.transport.close()

    async def _converse(self) -> None:
        while self.transport is not None and not self.transport.is_closing():
            if self._stopping:
                await self.say(Status.STOPPING)
                return
            try:
                await self._one_command()
            except (ConnectionError, asyncio.IncompleteReadError):
                raise
            except TLSSetupException:
                return
            except Exception as error:
                await self.push(await self.handle_exception(error))

    async def _one_command(self) -> None:
        self._idle = True
        try:
            line: bytes = await self._reader.readuntil(b"\n")
        except asyncio.LimitOverrunError:
            await self.say(Status.LINE_TOO_LONG)
            await self.say(Status.TOO_MANY_ERRORS)
            return
        finally:
            self._idle = False
        self._commands += 1
        if self._commands > self._limits.commands_without_message:
            await self.say(Status.TOO_MANY_COMMANDS)
        elif len(line) > MAX_COMMAND_OCTETS:
            await self.say(Status.LINE_TOO_LONG)
        elif not line.endswith(b"\r\n") or b"\r" in line[:-2] or b"\0" in line:
            await self.say(Status.BARE_LINE_END)
        else:
            await self._obey(line)

    async def _obey(self, line: bytes) -> None:
        verb, _, argument = line.strip().decode("utf-8", "surrogateescape").partition(" ")
        command = _COMMANDS.get(verb.upper())
        if command is None:
            await self.say(Status.UNKNOWN_COMMAND)
            return
        self._reset_timeout()
        await command(self, argument.strip())

    async def say(self, status: Status, **places: str) -> None:
        """Send one reply of the table; ends the conversation where the reply says so."""
        await self._send([status.line(**places)])
        self._errors += status.refuses
        if self._errors > self._limits.errors and not status.closes:
            status = Status.TOO_MANY_ERRORS
            await self._send([status.line()])
        if status.closes and self.transport is not None:
            await self._flush()
            self.transport.close()

    async def _send(self, lines: list[str]) -> None:
        """Send now, or with the next reply where the client has sent more already."""
        self._unsent.extend(f"{line}\r\n" for line in lines)
        if b"\n" not in self._reader._buffer:  # RFC 2920 3.2: replies may share a packet
            await self._flush()

    async def _flush(self) -> None:
        if self._unsent and self.transport is not None:
            self._writer.write("".join(self._unsent).encode())
            self._unsent.clear()
            await self._writer.drain()

    async def push(self, status: AnyStr) -> None:
        """aiosmtpd's own words never reach the peer; it speaks only to start TLS."""
        await self.say(Status.START_TLS if status[:3] in ("220", b"220") else Status.TROUBLE)
        await self._flush()

    async def handle_exception(self, error: Exception) -> str:
        """A surprise is ours: it is logged here, and the peer hears 451 and no more."""
        log.error("Surprise in an SMTP conversation", exc_info=error)
        self._errors += 1
        self._forget_transaction()
        return Status.TROUBLE.line()

    # -- the commands -----------------------------------------------------------------------

    async def smtp_EHLO(self, hostname: str) -> None:
        await self._greet(hostname, extended=True)

    async def smtp_HELO(self, hostname: str) -> None:
        await self._greet(hostname, extended=False)

    async def _greet(self, hostname: str, extended: bool) -> None:
        if not hostname or not hostname.isprintable() or " " in hostname:
            await self.say(Status.SYNTAX)
            return
        self._forget_transaction()
        self.session.host_name = hostname[:255]
        self.session.extended_smtp = extended
        if not extended:
            await self.say(Status.HELLO, hostname=self.hostname)
            return
        offers_tls = self.tls_context is not None and self.session.ssl is None
        await self._send(hello_lines(self.hostname, self._limits.message_bytes, offers_tls))

    async def smtp_MAIL(self, argument: str) -> None:
        if not self.session.host_name:
            await self.say(Status.HELLO_FIRST)
        elif self._sender is not None:
            await self.say(Status.WRONG_ORDER)
        else:
            await self.say(self._take_sender(argument))

    def _take_sender(self, argument: str) -> Status:
        sender = parse_mail(argument)
        if isinstance(sender, Status):
            return sender
        if sender.size_bytes > self._limits.message_bytes:
            return Status.TOO_BIG
        if not self._clients.may_send(self._address, time.monotonic()):
            return Status.TOO_MANY_MESSAGES
        self._sender = sender.address
        self._smtputf8 = sender.smtputf8
        return Status.SENDER_OK

    async def smtp_RCPT(self, argument: str) -> None:
        if self._sender is None:
            await self.say(Status.WRONG_ORDER)
        elif len(self.envelope.rcpt_tos) >= self._limits.recipients:
            await self.say(Status.TOO_MANY_RECIPIENTS)
        else:
            await self.say(await self._take_recipient(argument))

    async def _take_recipient(self, argument: str) -> Status:
        address = parse_rcpt(argument, self._smtputf8, self.hostname)
        if isinstance(address, Status):
            return address
        status = await self.event_handler.handle_RCPT(address)
        if status is Status.RECIPIENT_OK and address not in self.envelope.rcpt_tos:
            self.envelope.rcpt_tos.append(address)
        return Status(status)

    async def smtp_DATA(self, argument: str) -> None:
        if argument:
            await self.say(Status.SYNTAX)
        elif self._sender is None:
            await self.say(Status.WRONG_ORDER)
        elif not self.envelope.rcpt_tos:
            await self.say(Status.NO_VALID_RECIPIENTS)
        else:
            await self._take_message()

    async def _take_message(self) -> None:
        await self.say(Status.SEND_DATA)
        await self._flush()
        held = Held(self._memory)
        try:
            message = await read_message(
                self._reader, self._limits.message_bytes, held, self._on_block
            )
            if isinstance(message, Status):
                await self.say(message)
                return
            self._keeping = True
            await self._send(await self.event_handler.handle_DATA(self._mail(message)))
            self._commands = 0
        finally:
            self._keeping = False
            held.give_back()
            self._forget_transaction()
            if not self._ended:
                self._reset_timeout()

    def _mail(self, raw: bytes) -> IncomingMail:
        return IncomingMail(
            raw=raw,
            envelope_from=self._sender or "",
            recipients=tuple(self.envelope.rcpt_tos),
            via="smtp",
            client_address=self._address,
            helo=self.session.host_name,
            tls=self.session.ssl is not None,
        )

    def _on_block(self) -> None:
        self._reset_timeout(self._limits.data_timeout_s)

    async def smtp_STARTTLS(self, argument: str) -> None:
        if argument:
            await self.say(Status.SYNTAX)
        elif self.tls_context is None or self.session.ssl is not None:
            await self.say(Status.NO_TLS)
        else:
            # What was sent in clear behind the command is thrown away by aiosmtpd when TLS
            # begins, and the conversation starts anew (RFC 3207 4.2).
            await super().smtp_STARTTLS("")

    async def smtp_RSET(self, argument: str) -> None:
        self._forget_transaction()
        await self.say(Status.SYNTAX if argument else Status.OK)

    async def smtp_NOOP(self, argument: str) -> None:
        await self.say(Status.OK)

    async def smtp_HELP(self, argument: str) -> None:
        await self.say(Status.HELP)

    async def smtp_VRFY(self, argument: str) -> None:
        await self.say(Status.VRFY)

    async def smtp_QUIT(self, argument: str) -> None:
        await self.say(Status.SYNTAX if argument else Status.BYE)

    async def _not_offered(self, argument: str) -> None:
        await self.say(Status.NOT_OFFERED)

    def _forget_transaction(self) -> None:
        self._sender = None
        self._smtputf8 = False
        self._set_rset_state()  # type: ignore[no-untyped-call]


_COMMANDS: Mapping[str, Callable[[Conversation, str], Awaitable[None]]] = {
    "EHLO": Conversation.smtp_EHLO,
    "HELO": Conversation.smtp_HELO,
    "MAIL": Conversation.smtp_MAIL,
    "RCPT": Conversation.smtp_RCPT,
    "DATA": Conversation.smtp_DATA,
    "RSET": Conversation.smtp_RSET,
    "NOOP": Conversation.smtp_NOOP,
    "QUIT": Conversation.smtp_QUIT,
    "HELP": Conversation.smtp_HELP,
    "VRFY": Conversation.smtp_VRFY,
    "STARTTLS": Conversation.smtp_STARTTLS,
} | dict.fromkeys(("AUTH", "EXPN", "BDAT", "ETRN", "TURN"), Conversation._not_offered)
