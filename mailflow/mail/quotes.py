"""Which part of a message's text is new, and which repeats an earlier one. Pure.

Linear time. Nothing is ever cut: the blocks joined give the text back. Folding what is not quoted
would hide a customer's words, so a doubtful line counts as new.
"""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["said", "quoted", "signature"]

# "On … wrote:" as mail clients write it; the language of the reader's client, not of the message.
_WROTE = re.compile(
    r"(?:\bwrote|\bschrieb\b.{0,80}|\ba écrit|\bescribió|\bha scritto|\bescreveu|\bskrev"
    r"|\bschreef\b.{0,80}|\bnapisał(?:\(a\)|a)?|\bпишет|\bнаписал(?:\(а\)|а)?"
    r"|\bكتبت?\b.{0,80}|نوشت|نوشته است|写道|のメール)\s?[:：]\s*$",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"^(?:On|Am|Le|El|Il|Em|Den|Op|W dniu|Dne|في|بتاريخ|در|On\s)\b|^\S+@\S+|^\d", re.IGNORECASE
)
_DIVIDER = re.compile(
    r"^\s*(?:-{2,}|_{2,})\s*(?:original message|forwarded message|ursprüngliche nachricht"
    r"|message d'origine|mensaje original|messaggio originale|mensagem original"
    r"|الرسالة الأصلية|رسالة أصلية)\s*(?:-{2,}|_{2,})?\s*$",
    re.IGNORECASE,
)
_HEADER_FIRST = re.compile(r"^\s*\*?(?:From|Von|De|Da|Van|Från|من)\s?:\*?\s", re.IGNORECASE)
_HEADER_NEXT = re.compile(
    r"^\s*\*?(?:Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|Para"
    r"|Asunto|Inviato|A|Oggetto|Assunto|Verzonden|Aan|Onderwerp|تاريخ|التاريخ|إلى|الموضوع)\s?:",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$")
_RULE = re.compile(r"^\s*_{10,}\s*$")
# An attribution may be wrapped over this many lines.
_ATTRIBUTION_LINES = 3
_LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines of one kind, with their line ends."""

    kind: Kind
    text: str


def fold(text: str) -> list[Block]:
    """The text in blocks, in order; joined they are the text."""
    lines = text.splitlines(keepends=True)
    kinds = _kinds(lines)
    blocks: list[Block] = []
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or kinds[at] != kinds[start]:
            blocks.append(Block(kinds[start], "".join(lines[start:at])))
            start = at
    return blocks


def _kinds(lines: list[str]) -> list[Kind]:
    kinds: list[Kind] = ["said"] * len(lines)
    at = 0
    while at < len(lines):
        line = lines[at].rstrip("\r\n")
        if line.lstrip().startswith(">"):
            kinds[at] = "quoted"
            _take_attribution(lines, kinds, at)
            at += 1
        elif _opens_history(lines, at):
            return _rest(kinds, at, "quoted")
        elif _SIGNATURE.match(line):
            at = _sign(lines, kinds, at)
        else:
            at += 1
    _join_gaps(lines, kinds)
    return kinds


def _opens_history(lines: list[str], at: int) -> bool:
    """From here to the end everything is an earlier message, as Outlook and web mail write it."""
    line = lines[at].rstrip("\r\n")[:_LONGEST_LINE]
    if _DIVIDER.match(line):
        return True
    if _RULE.match(line) and at + 1 < len(lines) and _is_header_block(lines, at + 1):
        return True
    if _is_header_block(lines, at):
        return True
    return bool(_WROTE.search(line)) and _starts_attribution(lines, at) and _nothing_new(lines, at)


def _is_header_block(lines: list[str], at: int) -> bool:
    if not _HEADER_FIRST.match(lines[at][:_LONGEST_LINE]):
        return False
    following = [line[:_LONGEST_LINE] for line in lines[at + 1 : at + 5]]
    return sum(bool(_HEADER_NEXT.match(line)) for line in following) >= 2


def _starts_attribution(lines: list[str], at: int) -> bool:
    earliest = max(0, at - _ATTRIBUTION_LINES + 1)
    return any(_BEGINS.match(lines[i].strip()[:_LONGEST_LINE]) for i in range(earliest, at + 1))


def _nothing_new(lines: list[str], at: int) -> bool:
    """Text without ">" follows an attribution only where the client does not mark quotes."""
    return not any(line.lstrip().startswith(">") for line in lines[at + 1 : at + 6])


def _take_attribution(lines: list[str], kinds: list[Kind], at: int) -> None:
    """The "On … wrote:" lines above a quote belong to it."""
    end = at - 1
    while end >= 0 and not lines[end].strip():
        end -= 1
    if end < 0 or kinds[end] != "said" or at - end > 3:
        return
    if not _WROTE.search(lines[end].rstrip("\r\n")[-_LONGEST_LINE:]):
        return
    start = end
    for i in range(end, max(-1, end - _ATTRIBUTION_LINES), -1):
        if not lines[i].strip() or kinds[i] != "said":
            break
        if _BEGINS.match(lines[i].strip()[:_LONGEST_LINE]):
            start = i
    for i in range(start, at):
        kinds[i] = "quoted"


def _sign(lines: list[str], kinds: list[Kind], at: int) -> int:
    """RFC 3676 4.3: after "-- " comes the signature, until a quote or an attribution."""
    end = at + 1
    while end < len(lines):
        line = lines[end]
        if line.lstrip().startswith(">") or _opens_history(lines, end):
            break
        if _WROTE.search(line.rstrip("\r\n")[-_LONGEST_LINE:]):
            break
        end += 1
    for i in range(at, end):
        kinds[i] = "signature"
    return end


def _rest(kinds: list[Kind], at: int, kind: Kind) -> list[Kind]:
    return kinds[:at] + [kind] * (len(kinds) - at)


def _join_gaps(lines: list[str], kinds: list[Kind]) -> None:
    """Blank lines between two quoted ones are part of the quote."""
    gap: list[int] = []
    inside = False
    for at, line in enumerate(lines):
        if kinds[at] == "quoted":
            for i in gap if inside else ():
                kinds[i] = "quoted"
            gap, inside = [], True
        elif not line.strip() and kinds[at] == "said":
            gap.append(at)
        else:
            gap, inside = [], False
