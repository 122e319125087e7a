"""The seeded mix of mail that every measurement uses: the same n and seed give the same bytes."""

import base64
import quopri
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
WORDS = """
order invoice refund delivery account password meeting report question answer please thanks today
tomorrow contract customer support ticket printer server network problem solution the and with from
about could would should when where after before monday friday price offer parcel address phone
number urgent attached document version update release broken working
résumé Grüße naïve 東京 سلام متشكر кошка
""".split()
PEOPLE = (
    "Ada Lovelace|ada",
    "Bo Diddley|bo",
    "Cy Young|cy",
    "Dana Scully|dana",
    "Émile Zola|emile",
    "Fatima Noor|fatima",
    "Grace Hopper|grace",
    "Hal Jordan|hal",
)
DOMAINS = ("example.com", "example.org", "example.net", "kunde.example", "shop.example")


def messages(n: int, seed: int = 1, to: str = "support@demo.example") -> list[bytes]:
    """`n` messages with CRLF line ends: of each hundred about 60 plain of 1-3 KB, 25 multipart
    with HTML of 5-30 KB, 10 with one attachment of 50-200 KB, and 5 replies to earlier ones."""
    return list(stream(n, seed, to))


def stream(n: int, seed: int = 1, to: str = "support@demo.example") -> Iterator[bytes]:
    """The same as `messages`, one at a time, for runs that do not fit into memory."""
    random = Random(seed)
    for number in range(n):
        yield _message(random, number, seed, to)


def _message(random: Random, number: int, seed: int, to: str) -> bytes:
    draw = random.random()
    if draw < 0.60:
        head, content = _headers(random, number, seed, to), _plain(random, 1000, 3000)
    elif draw < 0.85:
        head, content = _headers(random, number, seed, to), _alternative(random)
    elif draw < 0.95:
        head, content = _headers(random, number, seed, to), _with_attachment(random)
    else:
        parent = random.randrange(number) if number else 0
        head, content = _headers(random, number, seed, to, reply_to=parent), _reply(random)
    return head.encode() + content


def _headers(random: Random, number: int, seed: int, to: str, reply_to: int | None = None) -> str:
    name, local = random.choice(PEOPLE).split("|")
    domain = random.choice(DOMAINS)
    sender = f"{local}{random.randrange(500)}@{domain}"
    sent = START + timedelta(seconds=37 * number)
    subject = _encoded(_words(random, 5))
    lines = [
        f"Received: from mx.{domain} (mx.{domain} [192.0.2.{number % 250}])\r\n"
        f"\tby mx.demo.example with ESMTPS id q{number:08x}; {format_datetime(sent)}",
        f"From: {_encoded(name)} <{sender}>",
        f"To: Support <{to}>",
        f"Subject: {'Re: ' if reply_to is not None else ''}{subject}",
        f"Date: {format_datetime(sent)}",
        f"Message-ID: <mix-{seed}-{number}@{domain}>",
        "MIME-Version: 1.0",
        "User-Agent: Mix/1.0",
    ]
    if reply_to is not None:
        parent = f"<mix-{seed}-{reply_to}@{domain}>"
        lines += [f"In-Reply-To: {parent}", f"References: {parent}"]
    return "\r\n".join(lines) + "\r\n"


def _plain(random: Random, low: int, high: int) -> bytes:
    body = _text(random, random.randint(low, high))
    return _quoted_printable("plain", body) if random.random() < 0.5 else _eight_bit(body)


def _alternative(random: Random) -> bytes:
    boundary = f"=_alt_{random.randrange(10**12)}"
    text = _quoted_printable("plain", _text(random, random.randint(800, 2500)))
    html = _quoted_printable("html", _html(random, random.randint(5_000, 30_000)))
    return _multipart("alternative", boundary, [text, html])


def _with_attachment(random: Random) -> bytes:
    boundary = f"=_mix_{random.randrange(10**12)}"
    size = random.randint(50_000, 200_000)
    encoded = base64.encodebytes(random.randbytes(size)).replace(b"\n", b"\r\n")
    attachment = (
        b'Content-Type: application/pdf; name="document.pdf"\r\n'
        b'Content-Disposition: attachment; filename="document.pdf"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded
    )
    text = _eight_bit(_text(random, random.randint(500, 2000)))
    return _multipart("mixed", boundary, [text, attachment])


def _reply(random: Random) -> bytes:
    said, quoted = _text(random, 400), _text(random, 800)
    intro = "On Mon, 5 Jan 2026 at 09:00, Support <support@demo.example> wrote:\n"
    return _eight_bit(said + "\n" + intro + "".join(f"> {line}\n" for line in quoted.split("\n")))


def _multipart(subtype: str, boundary: str, parts: list[bytes]) -> bytes:
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode()
    mark = b"--" + boundary.encode()
    return head + b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def _eight_bit(text: str) -> bytes:
    head = 'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    return head.encode() + text.replace("\n", "\r\n").encode()


def _quoted_printable(subtype: str, text: str) -> bytes:
    head = (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + quopri.encodestring(text.encode()).replace(b"\n", b"\r\n")


def _html(random: Random, size: int) -> str:
    rows: list[str] = []
    length = 0
    while length < size:
        link = f"https://{random.choice(DOMAINS)}/{random.randrange(10**6)}"
        rows.append(
            f'<tr><td style="padding:8px;color:#333;font-family:Arial" align="left">'
            f'<p>{_words(random, 25)}</p><a href="{link}">{_words(random, 3)}</a>'
            f'<img src="{link}.png" width="20" height="20" alt=""></td></tr>\n'
        )
        length += len(rows[-1])
    return (
        '<html><head><style>td{padding:0}</style></head><body><table width="600">\n'
        + "".join(rows)
        + "</table></body></html>\n"
    )


def _text(random: Random, size: int) -> str:
    lines: list[str] = []
    length = 0
    while length < size:
        lines.append(_words(random, random.randint(6, 11)))
        length += len(lines[-1]) + 2
    return "\n".join(lines) + "\n"


def _words(random: Random, count: int) -> str:
    return " ".join(random.choices(WORDS, k=count))


def _encoded(text: str) -> str:
    """The text as a header may carry it: an encoded word where it is not ASCII (RFC 2047)."""
    if text.isascii():
        return text
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="
