"""How many messages a second `mail.parse` understands: one process, the seeded mix.

Run: uv run python -m bench.parse [COUNT]
"""

import sys
import time
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from typing import Any

from bench.mix import messages
from mailflow.lib.html_text import text_of_html
from mailflow.mail.identity import content_key
from mailflow.mail.parse import parse


def main(count: int) -> None:
    mails = messages(count, seed=7)
    size = sum(map(len, mails)) / len(mails)
    print(f"{count} messages of the mix, {size:,.0f} bytes each\n")
    print(f"{'what':<44}{'per second':>12}{'microseconds':>14}")
    rows: list[tuple[str, Callable[[bytes], object]]] = [
        ("reference: email, compat32, parts decoded", _with_standard_library),
        ("mail.parse", parse),
        ("mail.identity.content_key", content_key),
    ]
    for name, work in rows:
        _row(name, mails, work)
    pages = [m.html for m in map(parse, mails) if m.html]
    _row("lib.html_text (HTML of 5 to 30 KB)", pages, text_of_html)
    try:
        from fast_mail_parser import parse_email_tree
    except ImportError:
        return
    _row("fast_mail_parser, tree only", mails, parse_email_tree)


def _row(name: str, mails: list[Any], work: Callable[[Any], object]) -> None:
    started = time.perf_counter()
    for mail in mails:
        work(mail)
    each = (time.perf_counter() - started) / len(mails)
    print(f"{name:<44}{1 / each:>12,.0f}{each * 1e6:>14,.1f}")


def _with_standard_library(raw: bytes) -> list[bytes | None]:
    def content(part: Message) -> bytes | None:
        found = part.get_payload(decode=True)
        return found if isinstance(found, bytes) else None

    return [content(part) for part in message_from_bytes(raw).walk() if not part.is_multipart()]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
