"""A running SMTP server on a free port, and a client that says exactly what it wants."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mailflow.inbound.incoming import Accepted, IncomingMail
from mailflow.inbound.limits import Limits
from mailflow.inbound.receiver import Answer, Receiver
from mailflow.inbound.smtp_server import SmtpServer


class Post:
    """Who is known, and what was kept. A recipient unsure@… or a raw that says so makes trouble."""

    def __init__(self) -> None:
        self.port = 0
        self.kept: list[IncomingMail] = []

    async def known(self, address: str) -> Answer:
        if address.startswith("unsure@"):
            raise OSError("the database is away: secret detail")
        return Answer.KNOWN if address.endswith("@x.test") else Answer.UNKNOWN

    async def accept(self, mail: IncomingMail) -> list[Accepted]:
        if b"X-Trouble" in mail.raw:
            raise RuntimeError("disk full at /secret/path")
        self.kept.append(mail)
        return [Accepted(len(self.kept), one, False) for one in mail.recipients]


@contextmanager
def listening(limits=None, tls=None) -> Iterator[Post]:
    """A server that stops, with its thread, at the end of the block."""
    post = Post()
    started = threading.Event()
    loop = asyncio.new_event_loop()
    server = SmtpServer(Receiver(post, post.accept), limits=limits or Limits(), tls=tls)

    def run() -> None:
        asyncio.set_event_loop(loop)
        post.port = loop.run_until_complete(server.start("127.0.0.1", 0))
        started.set()
        loop.run_forever()

    thread = threading.Thread(target=run)
    thread.start()
    started.wait(10)
    try:
        yield post
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(0.2), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


class Talk:
    """A client over a plain socket. Replies are (code, text of all lines)."""

    def __init__(self, port: int, *, greet: bool = True) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.file = self.socket.makefile("rb")
        if greet:
            assert self.reply()[0] == 220
            assert self.ask("EHLO client.test")[0] == 250

    def __enter__(self) -> "Talk":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reply(self) -> tuple[int, str]:
        """The next reply; (0, "") when the server has closed."""
        lines = []
        while True:
            line = self.file.readline().decode()
            lines.append(line.strip())
            if line[3:4] != "-":
                return int(line[:3] or 0), "\n".join(lines)

    def ask(self, command: str) -> tuple[int, str]:
        self.send(command.encode() + b"\r\n")
        return self.reply()

    def begin(self, sender: str = "ada@a.test", recipient: str = "bo@x.test") -> None:
        """Up to 354."""
        assert self.ask(f"MAIL FROM:<{sender}>")[0] == 250
        assert self.ask(f"RCPT TO:<{recipient}>")[0] == 250
        assert self.ask("DATA")[0] == 354

    def message(self, data: bytes) -> tuple[int, str]:
        """Sends `data` as it is, with its end; the answer."""
        self.begin()
        self.send(data)
        return self.reply()
