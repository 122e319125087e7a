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
    r"(?:\bwrote|\bschrieb\b.{0,80}|\ba écrit|\bescribió|\bha scritto|\bescreveu|\bskrev\b.{0,80}"
    r"|\bschreef\b.{0,80}|\bnapisał(?:\(a\)|a)?|\bpisze|\bnapsal(?:\(a\)|a)?|\bnapísal(?:\(a\)|a)?"
    r"|\bpíše|\bkirjoitti|\bírta|\bta scris|\ba scris|\bnapisao(?:\(la\))?|\bнаписа"
    r"|\bпишет|\bнаписала?(?:\(а\))?|\bпише|\bέγραψε|\bşunu yazdı|\byazdı|\bmenulis|\bđã viết"
    r"|\bكتبت?\b.{0,80}|\bكتب/ت\b.{0,80}|\bتمت كتابة ما يلي بواسطة\b.{0,120}|نوشت|نوشته است"
    r"|נכתב על ידי.{0,120}|\bכתב/?ה?\b.{0,80}|写道|寫道|於 .{0,80}寫道"
    r"|のメール|さんは書きました|님이 작성(?:하였습니다)?)"
    r"\s?[:：]\s*$|<[^<>\s@]{1,100}@[^<>\s]{1,200}>[:：]\s*$",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"(?:On|Am|Le|El|Il|Em|No dia|Den|Op|W dniu|Dnia|Dne|Dňa|Pe|În|Στις|Vào|Pada|Dana|På|Kl)\b"
    r"|(?:في|بتاريخ|در|يوم|בתאריך|ב-|于|在|於)|\S+@\S+"
    r"|[\d٠-٩۰-۹]|(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница)\b",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"\s*(?:-{2,}|_{2,}|={2,})\s*(?:(?:original|forwarded|reply|replied)(?: message)?"
    r"|ursprüngliche nachricht|weitergeleitete nachricht|message (?:d'origine|transféré)"
    r"|mensaje (?:original|reenviado)|messaggio (?:originale|inoltrato)|mensagem (?:original"
    r"|encaminhada)|oorspronkelijk bericht|oprindelig meddelelse|opprinnelig melding"
    r"|ursprungligt meddelande|alkuperäinen viesti|wiadomość oryginalna|původní zpráva"
    r"|исходное сообщение|пересылаемое сообщение|özgün ileti|orijinal mesaj"
    r"|原始邮件|原始郵件|元のメッセージ|원본 메시지|الرسالة الأصلية"
    r"|رسالة أصلية|رسالة معاد توجيهها|پیام اصلی|הודעה מקורית)"
    r"\s*(?:-{2,}|_{2,}|={2,})?\s*",
    re.IGNORECASE,
)
_HEADER_FIRST = re.compile(
    r"\s*\*?(?:From|Von|De|Da|Van|Från|Fra|Od|Lähettäjä|От|Від|Kimden|Feladó|De la|Από|发件人"
    r"|寄件者"
    r"|差出人|보낸 사람|من|از|מאת)\s?\*?[:：]\*?\s",
    re.IGNORECASE,
)
_HEADER_NEXT = re.compile(
    r"\s*\*?(?:Sent|Date|To|Cc|Subject|Reply-To|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado"
    r"|Para|Asunto|Fecha|Inviato|Data|A|Oggetto|Assunto|Verzonden|Aan|Onderwerp|Skickat|Till|Ämne|Sendt"
    r"|Til|Emne|Dato|Wysłano|Do|Temat|Odesláno|Komu|Předmět|Lähetetty|Vastaanottaja|Aihe|Отправлено"
    r"|Дата|Кому|Тема|Gönderildi|Kime|Konu|Elküldve|Címzett|Tárgy|发送时间|收件人|主题|日期|寄件日期|收件者|主旨"
    r"|送信日時|宛先|件名|보낸 날짜|받는 사람|제목|تاريخ|التاريخ|تم الإرسال|أرسلت|إلى|الموضوع"
    r"|ارسال شده|تاریخ|به|موضوع|נשלח|אל|נושא)\s?\*?[:：]",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(?:Sent from (?:my|Mail|Outlook|Yahoo|Proton)|Get Outlook for|Von meinem .{1,40} gesendet"
    r"|Gesendet von|Envoyé (?:de|depuis) mon|Enviado (?:desde|do) m|Inviato da(?:l mio)?"
    r"|Verzonden vanaf|Skickat från min|Sendt fra min|Lähetetty .{1,30}stani|Wysłane z|Odesláno z"
    r"|Отправлено (?:с|из)|iPhoneから送信|从我的|發自我的|나의 .{1,20}에서 보냄"
    r"|أُ?رسلت? من|ارسال شده از)",
    re.IGNORECASE,
)
# Marks of direction stand in front of many Arabic, Persian and Hebrew attributions.
_DIRECTION = str.maketrans(
    "", "", "\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"
)
_WORD = re.compile(r"\w")
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
    kinds = _kinds([_plain(line) for line in lines])
    if not any(
        kind == "said" and _WORD.search(line) for kind, line in zip(kinds, lines, strict=True)
    ):
        kinds = ["said"] * len(lines)  # nothing new would stay in sight: then all of it does
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
        line = lines[at]
        if _is_quoted(line):
            kinds[at] = "quoted"
            _take_attribution(lines, kinds, at)
            at += 1
        elif _opens_history(lines, at):
            return _rest(kinds, at, "quoted")
        elif _SIGNATURE.match(line) or (at > 0 and _SENT_FROM.match(line)):
            at = _sign(lines, kinds, at)
        else:
            at += 1
    _join_gaps(lines, kinds)
    return kinds


def _is_quoted(line: str) -> bool:
    return line.lstrip(" \t|").startswith((">", "＞"))


def _plain(line: str) -> str:
    """The line without blanks around it and marks of direction; of a giant only the two ends."""
    if len(line) > 2 * _LONGEST_LINE:
        line = line[:_LONGEST_LINE] + line[-_LONGEST_LINE:]
    return line.strip() if line.isascii() else line.translate(_DIRECTION).strip()


def _opens_history(lines: list[str], at: int) -> bool:
    """From here to the end everything is an earlier message, as Outlook and web mail write it."""
    line = lines[at]
    if _DIVIDER.fullmatch(line):
        return True
    if _RULE.match(line) and at + 1 < len(lines) and _is_header_block(lines, at + 1):
        return True
    if _is_header_block(lines, at):
        return True
    return bool(_WROTE.search(line)) and _starts_attribution(lines, at) and _nothing_new(lines, at)


def _is_header_block(lines: list[str], at: int) -> bool:
    if not _HEADER_FIRST.match(lines[at] + " "):
        return False
    return sum(bool(_HEADER_NEXT.match(line)) for line in lines[at + 1 : at + 5]) >= 2


def _starts_attribution(lines: list[str], at: int) -> bool:
    earliest = max(0, at - _ATTRIBUTION_LINES + 1)
    return any(_BEGINS.match(lines[i]) for i in range(earliest, at + 1))


def _nothing_new(lines: list[str], at: int) -> bool:
    """Text without ">" follows an attribution only where the client does not mark quotes."""
    return not any(_is_quoted(line) for line in lines[at + 1 : at + 6])


def _take_attribution(lines: list[str], kinds: list[Kind], at: int) -> None:
    """The "On … wrote:" lines above a quote belong to it."""
    end = at - 1
    while end >= 0 and not lines[end].strip():
        end -= 1
    if end < 0 or kinds[end] != "said" or at - end > 3:
        return
    if not _WROTE.search(lines[end]):
        return
    start = end
    for i in range(end, max(-1, end - _ATTRIBUTION_LINES), -1):
        if not lines[i].strip() or kinds[i] != "said":
            break
        if _BEGINS.match(lines[i]):
            start = i
    for i in range(start, at):
        kinds[i] = "quoted"


def _sign(lines: list[str], kinds: list[Kind], at: int) -> int:
    """RFC 3676 4.3: after "-- " comes the signature, until a quote or an attribution."""
    end = at + 1
    while end < len(lines):
        line = lines[end]
        if _is_quoted(line) or _opens_history(lines, end):
            break
        if _WROTE.search(line):
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
