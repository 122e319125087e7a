"""A light SMTP client: many connections in one process, bytes made before the clock starts.

`python -m bench.smtp_load PORT CONNECTIONS MESSAGES SEED` prints JSON:
seconds, and the milliseconds of each message from MAIL to the answer to its data.
"""

import asyncio
import json
import sys
import time

from bench.mix import messages

RECIPIENT = "support@demo.example"
_MAIL = b"MAIL FROM:<ada@example.com>\r\n"
_RCPT = f"RCPT TO:<{RECIPIENT}>\r\n".encode()


class Sender(asyncio.Protocol):
    """Sends messages, one after the other, until none are left."""

    def __init__(self, waiting: list[bytes], took_ms: list[float]) -> None:
        self.waiting = waiting
        self.took_ms = took_ms
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.steps = self._talk()
        self.expected = next(self.steps)

    def connection_made(self, transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        # Pieces are whole lines: they are small, and the peer waits for what we say next.
        last = data[data.rfind(b"\n", 0, -1) + 1 :]
        if last[3:4] == b"-":
            return
        if not last.startswith(self.expected):
            self.ended.set_exception(RuntimeError(f"expected {self.expected!r}, got {data!r}"))
            self.transport.abort()
            return
        self.expected = next(self.steps)

    def connection_lost(self, error) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def _talk(self):
        yield b"220 "
        self.transport.write(b"EHLO client.example\r\n")
        yield b"250 "
        while self.waiting:
            content = self.waiting.pop()
            started_s = time.perf_counter()
            self.transport.write(_MAIL)
            yield b"250 "
            self.transport.write(_RCPT)
            yield b"250 "
            self.transport.write(b"DATA\r\n")
            yield b"354 "
            self.transport.write(content)
            yield b"250 "
            self.took_ms.append((time.perf_counter() - started_s) * 1000)
        self.transport.write(b"QUIT\r\n")
        yield b"221 "
        yield b""


async def run(port: int, connections: int, contents: list[bytes]) -> dict[str, object]:
    """Sends all contents over so many connections."""
    loop = asyncio.get_running_loop()
    took_ms: list[float] = []
    started_s = time.perf_counter()
    senders = [
        (await loop.create_connection(lambda: Sender(contents, took_ms), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(sender.ended for sender in senders))
    return {"seconds": time.perf_counter() - started_s, "took_ms": took_ms}


def on_the_wire(message: bytes) -> bytes:
    """With dots doubled, and the end (RFC 5321 4.5.2)."""
    return (b"\r\n" + message).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"


def main() -> None:
    port, connections, count, seed = (int(argument) for argument in sys.argv[1:5])
    contents = [on_the_wire(message) for message in messages(count, seed, RECIPIENT)]
    print(json.dumps(asyncio.run(run(port, connections, contents))))


if __name__ == "__main__":
    main()
