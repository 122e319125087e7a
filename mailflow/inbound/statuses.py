"""Pure: every reply our SMTP receiver can send, with its meaning (a test compares docs/smtp.md).

Codes are of RFC 5321 4.2.3, the enhanced codes of RFC 3463, the two for SMTPUTF8 of RFC 6531 3.5.
A refusal with 4xx makes the sender try again: that is what any trouble of our own answers.
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply. `text` may hold {name} places that `Status.line` fills in."""

    code: int
    enhanced: str
    text: str
    meaning: str


class Status(Enum):
    """The table. The name is what the code says, the value what the peer reads."""

    GREETING = Reply(220, "", "{hostname} ESMTP", "Ready for commands.")
    START_TLS = Reply(220, "2.0.0", "Ready to start TLS", "The TLS handshake may begin.")
    BYE = Reply(221, "2.0.0", "Bye", "Answer to QUIT; the connection closes.")
    HELLO = Reply(250, "", "{hostname}", "Answer to EHLO and HELO, with what we offer.")
    OK = Reply(250, "2.0.0", "OK", "Done.")
    SENDER_OK = Reply(250, "2.1.0", "Sender OK", "MAIL was taken.")
    RECIPIENT_OK = Reply(250, "2.1.5", "Recipient OK", "The address is one of ours.")
    KEPT = Reply(250, "2.0.0", "Kept as {ids}", "The message is committed and synced to disk.")
    VRFY = Reply(252, "2.5.2", "Send the mail to find out", "VRFY tells nothing.")
    HELP = Reply(214, "2.0.0", "See RFC 5321", "Answer to HELP.")
    SEND_DATA = Reply(354, "", "End data with <CR><LF>.<CR><LF>", "The content may be sent.")

    TIMEOUT = Reply(421, "4.4.2", "Waited too long, goodbye", "A command or data came too slowly.")
    STOPPING = Reply(421, "4.3.2", "Stopping, try again", "The server is being stopped.")
    TOO_MANY_CONNECTIONS = Reply(
        421, "4.7.0", "Too many connections, try again", "No room, for all or for your address."
    )
    TOO_MANY_ERRORS = Reply(
        421, "4.7.0", "Too many errors, goodbye", "More refused commands than a session may have."
    )
    TOO_MANY_COMMANDS = Reply(
        421, "4.7.0", "Too many commands, goodbye", "Many commands, and no message."
    )
    TOO_MUCH_DATA = Reply(
        421, "4.3.4", "Far too much data, goodbye", "Data went on long after it was over the limit."
    )
    TOO_MANY_MESSAGES = Reply(
        450, "4.7.1", "Too many messages, try again", "More messages a minute than allowed."
    )
    TROUBLE = Reply(451, "4.3.0", "Trouble here, try again", "Something of ours failed.")
    NOT_KEPT = Reply(451, "4.3.0", "Not kept, try again", "The message could not be committed.")
    RECIPIENT_UNSURE = Reply(
        451, "4.3.0", "Cannot look this up, try again", "We cannot tell if the address is ours."
    )
    NO_MEMORY = Reply(452, "4.3.1", "No room now, try again", "Too much mail is waiting at once.")
    TOO_MANY_RECIPIENTS = Reply(
        452, "4.5.3", "Too many recipients", "Send the rest in another transaction."
    )
    NO_TLS = Reply(454, "4.7.0", "TLS not available", "No certificate, or TLS is already on.")

    UNKNOWN_COMMAND = Reply(500, "5.5.2", "Command not recognized", "No command of ours.")
    LINE_TOO_LONG = Reply(500, "5.5.6", "Command line too long", "A command over its limit.")
    BARE_LINE_END = Reply(
        500, "5.5.2", "Lines end with CRLF", "A command with a lone CR or LF, or a NUL."
    )
    SYNTAX = Reply(501, "5.5.4", "Syntax error in parameters", "The arguments make no sense.")
    NOT_OFFERED = Reply(502, "5.5.1", "Not offered", "AUTH, EXPN, BDAT and the like.")
    WRONG_ORDER = Reply(503, "5.5.1", "Bad sequence of commands", "For example RCPT before MAIL.")
    HELLO_FIRST = Reply(503, "5.5.1", "Send EHLO first", "MAIL before EHLO.")
    NO_SUCH_RECIPIENT = Reply(550, "5.1.1", "No such mailbox here", "The address is not ours.")
    TOO_BIG = Reply(552, "5.3.4", "Message over the size limit", "By SIZE, or counted.")
    BAD_SENDER = Reply(553, "5.1.7", "Malformed sender address", "MAIL FROM is no address.")
    BAD_RECIPIENT = Reply(553, "5.1.3", "Malformed recipient address", "RCPT TO is no address.")
    NEEDS_SMTPUTF8 = Reply(
        553, "5.6.7", "Address needs SMTPUTF8", "Not ASCII, and MAIL did not say SMTPUTF8."
    )
    BARE_LINE_END_IN_DATA = Reply(
        554, "5.6.0", "Lone CR or LF in the message", "Not to be sent (RFC 5321 2.3.8): smuggling."
    )
    DATA_LINE_TOO_LONG = Reply(
        554, "5.6.0", "A line of the message is too long", "A line over 64 KiB."
    )
    NO_VALID_RECIPIENTS = Reply(554, "5.5.1", "No valid recipients", "DATA, and no RCPT was taken.")
    UNKNOWN_PARAMETER = Reply(
        555, "5.5.4", "Parameter not recognized", "MAIL or RCPT with one that we do not offer."
    )

    def line(self, **places: str) -> str:
        """The reply as one line, without line end."""
        reply = self.value
        text = reply.text.format(**places)
        return f"{reply.code} {reply.enhanced} {text}" if reply.enhanced else f"{reply.code} {text}"

    @property
    def refuses(self) -> bool:
        """Whether it counts as an error of the peer (5xx)."""
        return self.value.code >= 500

    @property
    def closes(self) -> bool:
        """Whether the connection ends after it (RFC 5321 3.8)."""
        return self.value.code in (221, 421)


def hello_lines(hostname: str, size_limit_bytes: int, tls: bool) -> list[str]:
    """The answer to EHLO: our name, then one extension a line (RFC 5321 4.1.1.1)."""
    offers = [f"SIZE {size_limit_bytes}", "8BITMIME", "SMTPUTF8", "PIPELINING"]
    offers += ["ENHANCEDSTATUSCODES"] + ["STARTTLS"] * tls
    lines = [hostname, *offers]
    return [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]
