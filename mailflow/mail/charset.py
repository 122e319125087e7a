"""Bytes to text: the declared character set, then a likelier one, then replacement. Pure."""

import codecs
import re
from functools import lru_cache

from charset_normalizer import from_bytes

# Labels that senders use and Python does not know, or means more narrowly than senders do.
# WHATWG Encoding Standard 4.2: latin1 means windows-1252, gb2312 means gb18030, …
_WIDER = {
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
_ALIASES = {
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-6-e": "iso8859-6",
    "logical": "iso8859-8",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "windows-949": "cp949",
    "x-windows-949": "cp949",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "x-sjis": "cp932",
    "x-ms-cp932": "cp932",
    "windows-31j": "cp932",
    "cp-850": "cp850",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "windows-874": "cp874",
    "windows-936": "gb18030",
    "windows-950": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "cn-gb": "gb18030",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "x-unicode-2-0-utf-7": "utf-7",
    "x-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "x-user-defined": "cp1252",
}
# Only these of Python's codecs are character sets; others (zlib, punycode, …) do work for others.
_CHARSETS = re.compile(
    r"utf-(?:7|8|8-sig|16|16-be|16-le|32|32-be|32-le)|ascii|iso8859-\d+|cp\d+|koi8-[rtu]"
    r"|mac-\w+|gb2312|gbk|gb18030|hz|big5|big5hkscs|euc_\w+|iso2022_\w+|shift_jis\w*|johab"
    r"|tis-620|ptcp154|kz1048|hp-roman8"
)
_JAPANESE_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([@BD]|\([BIJH])")
_UTF8_LONG = re.compile(rb"[\xe0-\xf4][\x80-\xbf]{2,3}")
_UTF8_SHORT = re.compile(rb"[\xc2-\xdf][\x80-\xbf]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MULTIBYTE = ("gb", "big5", "cp932", "cp949", "euc", "shift", "johab", "hz")
_DETECTION_BYTES = 4096


def decode(data: bytes, label: str, flags: set[str]) -> str:
    """The text of `data`, declared as `label` ("" for none), without NUL and lone surrogates.

    Never raises and never drops bytes: what nothing can read becomes U+FFFD. Adds
    charset_unknown, charset_wrong and charset_replaced to `flags`.
    """
    if data.isascii() and b"\x1b" not in data and b"\0" not in data:
        if not label or _is_ascii_like(label):
            return data.decode("ascii")
        if not codec_of(label):
            flags.add("charset_unknown")
            return data.decode("ascii")
    return clean(_decode(data, label, flags))


def clean(text: str) -> str:
    """The text without NUL and lone surrogates, which neither UTF-8 nor PostgreSQL can hold."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


@lru_cache(maxsize=512)
def codec_of(label: str) -> str:
    """Python's codec for a charset label as mail uses it; "" when the label is unknown."""
    name = label.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    if not _CHARSETS.fullmatch(found):
        return ""
    return _WIDER.get(found, found)


@lru_cache(maxsize=512)
def _is_ascii_like(label: str) -> bool:
    """Whether ASCII bytes mean themselves in this character set."""
    codec = codec_of(label)
    return codec != "" and not codec.startswith(("utf-7", "utf-16", "utf-32", "hz", "iso2022"))


def _decode(data: bytes, label: str, flags: set[str]) -> str:
    codec = codec_of(label) if label else ""
    if label and not codec:
        flags.add("charset_unknown")
    if _JAPANESE_ESCAPE.search(data) and not codec.startswith(("utf-16", "utf-32")):
        return _decode_japanese(data, flags)
    if codec and codec != "utf-8" and _is_really_utf8(data, codec):
        flags.add("charset_wrong")
        return data.decode("utf-8", "replace")
    try:
        return data.decode(codec or "utf-8")
    except (UnicodeError, ValueError):
        return _guess(data, codec, flags)


def _is_really_utf8(data: bytes, codec: str) -> bool:
    """Whether text declared as another character set is UTF-8 after all.

    Text of a single-byte set is hardly ever valid UTF-8. Two double-byte characters may be by
    chance, so those sets need more evidence.
    """
    if data.isascii() or codec.startswith(("utf-", "iso2022")):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if not codec.startswith(_MULTIBYTE):
        return True
    sample = data[:_DETECTION_BYTES]
    return 3 * len(_UTF8_LONG.findall(sample)) + len(_UTF8_SHORT.findall(sample)) >= 4


def _guess(data: bytes, codec: str, flags: set[str]) -> str:
    """The text when the declared character set (UTF-8 where none is declared) does not fit."""
    if codec not in ("", "ascii"):
        flags.add("charset_wrong")
    start = _first_misfit(data, codec)
    sample = data[start : start + _DETECTION_BYTES]
    if not _is_merely_damaged(data, codec or "utf-8"):
        codec = _detected(sample)
    text = data.decode(codec or "utf-8", "replace")
    if "\ufffd" in text:
        flags.add("charset_replaced")
    return text


def _first_misfit(data: bytes, codec: str) -> int:
    try:
        data.decode(codec or "utf-8")
    except UnicodeDecodeError as error:
        return max(0, error.start - _DETECTION_BYTES // 2)
    return 0


def _is_merely_damaged(data: bytes, codec: str) -> bool:
    """Whether the text is in its character set but for some broken characters."""
    text = data.decode(codec, "replace")
    broken = text.count("\ufffd")
    if codec == "utf-8":
        return len(_UTF8_LONG.findall(data)) + len(_UTF8_SHORT.findall(data)) > broken
    return codec != "ascii" and broken * 20 < len(text)


def _detected(sample: bytes) -> str:
    """The likeliest codec of text that is not UTF-8."""
    high = sum(byte > 0x7F for byte in sample)
    # Few high bytes among many letters: a Western language. A guesser adds only noise there.
    if len(sample) < 16 or high * 4 < len(sample):
        return "cp1252"
    try:
        found = from_bytes(sample, enable_fallback=False).best()
    except Exception:  # a guesser that fails has merely no guess
        return "cp1252"
    return (codec_of(found.encoding) if found else "") or "cp1252"


def _decode_japanese(data: bytes, flags: set[str]) -> str:
    """ISO-2022-JP as it is really written: with the vendor characters of cp932 (RFC 1468)."""
    try:
        return data.decode("iso2022_jp")
    except UnicodeDecodeError:
        pass
    pieces, mode, position = [], b"(B", 0
    for escape in _JAPANESE_ESCAPE.finditer(data):
        pieces.append(_japanese_run(data[position : escape.start()], mode))
        mode, position = escape[1], escape.end()
    pieces.append(_japanese_run(data[position:], mode))
    text = "".join(pieces)
    if "\ufffd" in text:
        flags.add("charset_replaced")
    return text


def _japanese_run(run: bytes, mode: bytes) -> str:
    if mode in (b"$@", b"$B", b"$(@", b"$(B"):
        return _to_shift_jis(run).decode("cp932", "replace")
    if mode == b"(I":  # half-width katakana in seven bits
        return bytes(byte | 0x80 for byte in run).decode("cp932", "replace")
    if mode == b"$(D":
        return (b"\x1b$(D" + run + b"\x1b(B").decode("iso2022_jp_2", "replace")
    return run.decode("utf-8", "replace")


def _to_shift_jis(run: bytes) -> bytes:
    """Pairs of JIS X 0208 as Shift JIS; line ends and blanks between them stay."""
    out = bytearray()
    position = 0
    while position < len(run):
        lead = run[position]
        if lead < 0x21 or lead > 0x7E or position + 1 == len(run):
            out.append(lead)
            position += 1
            continue
        trail = run[position + 1]
        shifted = (lead - 0x21) // 2 + (0x81 if lead < 0x5F else 0xC1)
        if lead % 2:
            trail += 0x1F if trail < 0x60 else 0x20
        else:
            trail += 0x7E
        out += bytes((shifted & 0xFF, trail & 0xFF))
        position += 2
    return bytes(out)
