"""The floor that accepting is compared with: a bare aiosmtpd handler that keeps the raw bytes.

aiosmtpd as it comes, SQLite with synchronous=FULL, and our own group commit: the least that any
receiver must do which keeps mail before it says so. `python -m bench.floor FILE` prints its port.
"""

import asyncio
import sqlite3
import sys

from aiosmtpd.smtp import SMTP

from mailflow.inbound.group_commit import GroupCommit
from mailflow.inbound.incoming import Accepted, IncomingMail


class Keeper:
    """Keeps a batch in one transaction."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.connection: sqlite3.Connection | None = None

    def keep(self, mails):
        if self.connection is None:  # in the thread that uses it
            self.connection = sqlite3.connect(self.path)
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=FULL")
            self.connection.execute(
                "CREATE TABLE raw (id INTEGER PRIMARY KEY, sender, recipients, content BLOB)"
            )
        with self.connection:
            self.connection.executemany(
                "INSERT INTO raw (sender, recipients, content) VALUES (?, ?, ?)",
                [(mail.envelope_from, ",".join(mail.recipients), mail.raw) for mail in mails],
            )
        return [[Accepted(0, mail.recipients[0], False)] for mail in mails]


class Handler:
    """The usual aiosmtpd handler."""

    def __init__(self, commits: GroupCommit) -> None:
        self.commits = commits

    async def handle_DATA(self, server, session, envelope):
        recipients = tuple(envelope.rcpt_tos)
        mail = IncomingMail(envelope.content, envelope.mail_from, recipients, "smtp")
        await self.commits.accept(mail)
        return "250 OK"


async def serve(path: str) -> None:
    loop = asyncio.get_running_loop()
    handler = Handler(GroupCommit(Keeper(path).keep))
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", loop=loop), "127.0.0.1", 0, backlog=1024
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
