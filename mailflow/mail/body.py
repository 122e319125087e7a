"""Which parts of a message are its text and which are files: RFC 8621 4.1.4. Pure."""

from dataclasses import dataclass, field

from mailflow.mail.headers import parameters
from mailflow.mail.mime import Part

_TEXTS = ("text/plain", "text/html")


@dataclass(slots=True)
class Body:
    """The parts to read, by the version of the message they belong to, and the files."""

    text: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)


def sort_parts(root: Part) -> Body:
    """Every leaf of the tree under the role it has; a named text may be text and file in one."""
    body = Body()
    _sort([root], "mixed", body, in_alternative=False)
    if not body.text and not body.html:
        _take_any_text(body)
    return body


def disposition_of(part: Part) -> tuple[str, dict[str, str]]:
    """`inline`, `attachment`, … in lower case, "" when absent; and its parameters (RFC 2183)."""
    value = part.header("content-disposition")
    return parameters(value) if value else ("", {})


def filename_of(part: Part) -> str:
    """The name as sent: not safe for a path nor for display; "" when there is none."""
    return disposition_of(part)[1].get("filename") or part.parameters.get("name", "")


def _sort(parts: list[Part], container: str, body: Body, *, in_alternative: bool) -> None:
    """RFC 8621's parseStructure; depth is bounded by the reader's limit."""
    text_before, html_before = len(body.text), len(body.html)
    for position, part in enumerate(parts):
        if part.children:
            subtype = part.content_type.partition("/")[2]
            inside = in_alternative or subtype == "alternative"
            _sort(part.children, subtype, body, in_alternative=inside)
        elif _is_text(part, position, container):
            _add_text(part, body, container)
            if filename_of(part):
                body.files.append(part)
        elif not part.content_type.startswith("multipart/"):
            body.files.append(part)
    if container == "alternative":
        _complete(body, text_before, html_before)


def _is_text(part: Part, position: int, container: str) -> bool:
    """Whether the part is to be read, not saved."""
    if part.is_undivided:
        return True
    if part.content_type not in _TEXTS or disposition_of(part)[0] == "attachment":
        return False
    return position == 0 or (container != "related" and not filename_of(part))


def _add_text(part: Part, body: Body, container: str) -> None:
    if container == "alternative":
        (body.html if part.content_type == "text/html" else body.text).append(part)
    else:
        body.text.append(part)
        body.html.append(part)


def _complete(body: Body, text_before: int, html_before: int) -> None:
    """An alternative of one version only serves as the other version as well."""
    if len(body.text) == text_before:
        body.text += body.html[html_before:]
    elif len(body.html) == html_before:
        body.html += body.text[text_before:]


def _take_any_text(body: Body) -> None:
    """A message that is nothing but text/enriched, say, is still to be read."""
    for part in body.files:
        kind = part.content_type
        readable = kind.startswith("text/") and kind not in ("text/calendar", "text/rfc822-headers")
        if readable and not filename_of(part) and disposition_of(part)[0] != "attachment":
            body.text.append(part)
            body.html.append(part)
            body.files.remove(part)
            return
