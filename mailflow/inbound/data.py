"""Reads the content of a message from the connection, in blocks and not line by line."""

import asyncio
from collections.abc import Callable
from typing import Any

from mailflow.inbound.content import END_OF_DATA, message_of
from mailflow.inbound.limits import Held
from mailflow.inbound.statuses import Status

_FAR_TOO_MUCH = 4  # times the limit: then we do not wait for the end


async def read_message(
    reader: Any, limit_bytes: int, held: Held, on_block: Callable[[], None]
) -> bytes | Status:
    """What comes up to CRLF.CRLF, or why it is refused (RFC 5321 4.1.1.4).

    What is over a limit is read on, and not kept, so that the refusal comes where the client
    listens for it. `held` accounts for the octets; `on_block` is called before each wait.
    `reader` is an asyncio.StreamReader that has just given the DATA line.
    """
    # The CRLF that ended the DATA line begins the CRLF.CRLF of an empty message.
    reader._buffer[:0] = b"\r\n"
    limit = limit_bytes + len(END_OF_DATA)
    refusal: Status | None = None
    blocks: list[bytes] = []
    size = 0
    ended = False
    while not ended:
        on_block()
        block, ended = await _read_block(reader)
        size += len(block)
        if refusal is None and size > limit:
            refusal = Status.TOO_BIG
        if refusal is None and not held.take(len(block)):
            refusal = Status.NO_MEMORY
        if refusal is None:
            blocks.append(block)
        elif size > _FAR_TOO_MUCH * limit:
            return Status.TOO_MUCH_DATA
        else:
            blocks.clear()
            held.give_back()
    return refusal or message_of(b"".join(blocks))


async def _read_block(reader: Any) -> tuple[bytes, bool]:
    """Some octets, and whether they end the data. The end is never split over two blocks."""
    try:
        return await reader.readuntil(END_OF_DATA), True
    except asyncio.LimitOverrunError as overrun:
        return await reader.read(overrun.consumed), False
