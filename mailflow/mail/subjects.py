"""Subjects without their reply and forward marks, in the languages of mail programs. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

# What Outlook, Gmail, Apple Mail, Thunderbird, Lotus and webmails put before the subject of a
# reply or a forward, by language. RFC 5322 3.6.5 knows only "Re:", the world does not keep to it.
_REPLY = (
    "re", "ref", "r", "aw", "antw", "antwort", "sv", "svar", "vs", "vast", "odp", "atb", "res",
    "resp", "rép", "rif", "ynt", "yan", "cevap", "bls", "balas", "vá", "válasz", "răsp", "adj",
    "odg", "ответ", "на", "отв", "відп", "απ", "σχετ", "απαντηση", "תשובה", "תגובה",
    "رد", "الرد", "ردّ", "پاسخ", "جواب",
    "回复", "回覆", "答复", "答覆", "返信", "답장", "회신", "ตอบ", "trả lời",
)  # fmt: skip
_FORWARD = (
    "fw", "fwd", "forward", "wg", "weitergeleitet", "vb", "vl", "doorst", "vidb",
    "vidarebefordrat", "videresendt", "pd", "tr", "transf", "rv", "reenv", "enc", "i", "ilt", "trs",
    "továbbítás", "redir", "pren", "přep", "пересл", "fs", "пер", "πρθ", "הועבר",
    "إعادة توجيه", "اعادة توجيه", "تحويل", "ارسال", "هدایت",
    "转发", "轉寄", "轉發", "転送", "전달", "ส่งต่อ", "chuyển tiếp",
)  # fmt: skip


def _alternatives(words: tuple[str, ...]) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


# "Re:", "RE[3]:", "Re(2) :", "Re^2:", "回复：". Matched at a position that only moves forward, and
# no part of it can match the empty string twice: linear in the subject's length.
_MARK = re.compile(
    rf"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]*"
    rf"(?:(?P<reply>{_alternatives(_REPLY)})|(?:{_alternatives(_FORWARD)}))"
    r"\.?(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4})? ?[:\uff1a]",
    re.IGNORECASE,
)
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@dataclass(frozen=True, slots=True)
class Subject:
    """`base` is folded for comparing: no marks, no case, single spaces; "" when nothing is left."""

    base: str
    reply: bool
    forward: bool


@lru_cache(maxsize=4096)
def read_subject(subject: str) -> Subject:
    """The marks at the start taken off, however many; never raises, linear time."""
    position, reply, forward = 0, False, False
    while mark := _MARK.match(subject, position):
        position = mark.end()
        if mark["reply"]:
            reply = True
        else:
            forward = True
    rest = " ".join(subject[position:].translate(_INVISIBLE).split()).casefold()
    return Subject(base=rest.removesuffix(" (fwd)"), reply=reply, forward=forward)
