"""winmail.dat, in which Outlook hides bodies and attachments: MS-OXTNEF. Pure; nothing raises."""

from dataclasses import dataclass

from mailflow.mail import charset
from mailflow.mail.parsed import Limits

_MAX_FILES = 200
_MAGIC = b"\x78\x9f\x3e\x22"
_MIME_TAG = 0x370E  # PidTagAttachMimeTag, MS-OXPROPS 2.586


@dataclass(frozen=True, slots=True)
class TnefContent:
    """What a winmail.dat holds: (name, content type, content) of each file, and the bodies."""

    files: tuple[tuple[str, str, bytes], ...] = ()
    text: str = ""
    html: str = ""


def read_tnef(content: bytes, limits: Limits, flags: set[str]) -> TnefContent:
    """The files and bodies inside; what cannot be read is left out, with the flag bad_tnef."""
    if not content.startswith(_MAGIC) or len(content) > limits.tnef_bytes:
        flags.add("bad_tnef")
        return TnefContent()
    # Most messages have none: the reader is loaded when the first one comes.
    from tnefparse import TNEF

    try:
        tnef = TNEF(content, do_checksum=False)
    except Exception:  # the reader raises whatever the bytes make it raise
        flags.add("bad_tnef")
        return TnefContent()
    found = TnefContent(
        files=tuple(_files(tnef, flags)),
        text=_text_of(tnef, "body", flags),
        html=_text_of(tnef, "htmlbody", flags),
    )
    if not (found.files or found.text or found.html):
        flags.add("bad_tnef")
    return found


def _files(tnef: object, flags: set[str]) -> list[tuple[str, str, bytes]]:
    found: list[tuple[str, str, bytes]] = []
    for one in getattr(tnef, "attachments", [])[:_MAX_FILES]:
        try:
            data = bytes(one.data or b"")
            name = _as_text(one.long_filename() or one.name)
        except Exception:
            flags.add("bad_tnef")
            continue
        found.append((name, _content_type(one), data))
    return found


def _content_type(one: object) -> str:
    for attribute in getattr(one, "mapi_attrs", []):
        if getattr(attribute, "name", None) == _MIME_TAG:
            value = _as_text(getattr(attribute, "data", "")).strip("\0 ").lower()
            return value if "/" in value else "application/octet-stream"
    return "application/octet-stream"


def _text_of(tnef: object, name: str, flags: set[str]) -> str:
    try:
        return _as_text(getattr(tnef, name, None))
    except Exception:
        flags.add("bad_tnef")
        return ""


def _as_text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        return charset.decode(value.rstrip(b"\0"), "", set())
    return charset.clean(value.rstrip("\0")) if isinstance(value, str) else ""
