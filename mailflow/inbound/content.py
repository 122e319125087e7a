"""Pure: from the octets after DATA to the message (RFC 5321 4.5.2), or why it is refused."""

from mailflow.inbound.statuses import Status

END_OF_DATA = b"\r\n.\r\n"

# RFC 5321 4.5.3.1.6 says 1,000 octets; about 1% of real mail has longer lines.
MAX_LINE_OCTETS = 64 * 1024


def message_of(data: bytes) -> bytes | Status:
    """The message, dots undone. `data` is CRLF, the lines as sent, and the lone dot's CRLF.CRLF.

    A lone CR or LF is refused: peers that take one for a line end see another message than we do.
    """
    ends = data.count(b"\n")
    if data.count(b"\r") != ends or data.count(b"\r\n") != ends:
        return Status.BARE_LINE_END_IN_DATA
    if has_line_over(data, MAX_LINE_OCTETS):
        return Status.DATA_LINE_TOO_LONG
    stuffed = data.find(b"\r\n.") < len(data) - len(END_OF_DATA)
    if not stuffed:
        return data[2:-3]
    return data[:-3].replace(b"\r\n.", b"\r\n")[2:]


def has_line_over(data: bytes, limit: int) -> bool:
    """Whether a line has more octets than `limit`, its CRLF not counted. Looks in long strides."""
    start = 0
    while len(data) - start > limit:
        end = data.rfind(b"\r\n", start, start + limit + 2)
        if end < 0:
            return True
        start = end + 2
    return False
