"""Our walk over the parts gives what the standard library gives, wherever mail is well formed."""

import email
import re
from email.header import decode_header, make_header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.mix import messages
from mailflow.mail.headers import decode_words
from mailflow.mail.mime import Part, Reader
from mailflow.mail.parse import parse
from mailflow.mail.parsed import Limits
from mailflow.mail.tests.corpus import read, real_messages

# Where the standard library loses content and we do not; each has its own test in test_parse.py.
BETTER_THAN_STDLIB = {"boundary_guessed", "bad_encoding", "malformed_header", "boundary_missing"}


def _ours(raw: bytes) -> tuple[list[tuple[str, bytes]], set[str]]:
    reader = Reader(raw, Limits(), set())
    leaves: list[tuple[str, bytes]] = []

    def visit(part: Part) -> None:
        if not part.children:
            leaves.append((part.content_type, reader.content(part)))
        for child in part.children:
            visit(child)

    visit(reader.read())
    return leaves, reader.flags


def _theirs(raw: bytes) -> list[tuple[str, bytes]]:
    leaves: list[tuple[str, bytes]] = []

    def visit(part: Message) -> None:
        if part.get_content_maintype() == "message":
            leaves.append((part.get_content_type(), b""))
        elif part.is_multipart():
            for child in part.get_payload():
                visit(child)  # type: ignore[arg-type]
        else:
            content = part.get_payload(decode=True)
            leaves.append((part.get_content_type(), content if isinstance(content, bytes) else b""))

    visit(email.message_from_bytes(raw))
    return leaves


def _comparable(leaves: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Nested messages are ours as bytes and theirs as trees; line ends may be repaired."""
    return [
        (
            kind.split()[0],
            b"" if kind.startswith("message/") else re.sub(rb"\s+", b" ", content).strip(),
        )
        for kind, content in leaves
    ]


@pytest.mark.parametrize("path", real_messages("mime", "bounces", "replies"))
def test_real_messages_have_the_same_parts(path: Path) -> None:
    raw = read(path)
    ours, flags = _ours(raw)
    if flags & BETTER_THAN_STDLIB:
        return
    assert _comparable(ours) == _comparable(_theirs(raw))


@pytest.mark.parametrize("path", real_messages("mime", "bounces", "replies"))
def test_real_messages_have_the_same_headers(path: Path) -> None:
    raw = read(path)
    parsed = parse(raw)
    if parsed.flags & BETTER_THAN_STDLIB or not raw.isascii():
        return
    theirs = [(name, _decoded(str(value))) for name, value in email.message_from_bytes(raw).items()]
    ours = [(name, "".join(value.split())) for name, value in parsed.headers]
    assert ours == [(name.rstrip(), value) for name, value in theirs]


def _decoded(value: str) -> str:
    unfolded = re.sub(r"\r?\n[ \t]*", " ", value)
    try:
        text = str(make_header(decode_header(unfolded)))
    except (LookupError, UnicodeDecodeError, email.errors.HeaderParseError):
        text = decode_words(unfolded)  # the standard library gives up on these
    return "".join(re.sub(r"[\x00-\x1f]", " ", text).split())


def test_the_mix_has_the_same_parts() -> None:
    for raw in messages(300, seed=3):
        assert _ours(raw)[0] == _theirs(raw)


_text = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\x85\u2028\u2029"),
    max_size=60,
)
_leaf = st.one_of(
    st.builds(lambda text: MIMEText(text, "plain", "utf-8"), _text),
    st.builds(lambda text: MIMEText(text, "html", "utf-8"), _text),
    st.builds(lambda data: _file(data), st.binary(max_size=200)),
)


def _file(data: bytes) -> MIMEBase:
    part = MIMEBase("application", "octet-stream")
    part.set_payload(data)
    email.encoders.encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename="a b.bin")
    return part


def _container(children: list[Message]) -> MIMEMultipart:
    container = MIMEMultipart("mixed")
    for child in children:
        container.attach(child)
    return container


_tree = st.recursive(_leaf, lambda inner: st.lists(inner, min_size=1, max_size=4).map(_container))


@given(_tree, st.sampled_from([b"\n", b"\r\n"]))
def test_any_tree_has_the_same_parts(message: Message, line_end: bytes) -> None:
    raw = message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", line_end)
    assert _ours(raw)[0] == _theirs(raw)
