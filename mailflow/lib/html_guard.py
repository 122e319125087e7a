"""Keeps hostile HTML from costing more than linear time in the HTML parser. Pure.

The parser follows the HTML standard, whose algorithms walk up the open elements for every tag,
rebuild every unclosed <font> in every paragraph and compare each attribute with all before it.
Ordinary mail is far from these limits; what is over them is read as text without its tags.
"""

import html as entities
import re

MAX_DEPTH = 400
MAX_REFERENCES = 20_000
MAX_ATTRIBUTES = 500

_FORMATTING = "a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u"
_OPENS_FORMATTING = re.compile(rf"<(?:{_FORMATTING})[\s/>]", re.IGNORECASE)
_FORMATTING_NAMES = frozenset(_FORMATTING.split("|"))
# Elements whose start closes the one before, or that hold nothing: these never nest by themselves.
_FLAT = frozenset(
    "p li dd dt td th tr tbody thead tfoot option colgroup caption br img hr input meta link area "
    "base col embed source track wbr param html head body".split()
)
# Where tags are not tags, or closing tags do not close: dropped by the sanitiser in any case.
_OPAQUE = re.compile(
    r"<(?:(!--)|(title|textarea|style|script|xmp|iframe|noembed|noframes|select|svg|math|template)"
    r"(?=[\s/>]))",
    re.IGNORECASE,
)
_COMMENT_END = re.compile("--!?>")
_STILL_OPAQUE = re.compile(
    r"<(?:!--|/?(?:title|textarea|style|script|xmp|iframe|noembed|noframes|noscript|plaintext"
    r"|select|svg|math|template|frameset)\b)",
    re.IGNORECASE,
)
# One tag exactly as the standard's tokenizer sees it (HTML 13.2.5); possessive, so linear.
_TAG = re.compile(
    r"<(/?)([a-zA-Z][^\s/>]*+)"
    r"((?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+)?+)?+)*+)"
    r"(?:>|\Z)"
)
_BREAKING = frozenset(
    "p div br tr li table ul ol blockquote h1 h2 h3 h4 h5 h6 hr pre section article".split()
)
_SEPARATORS = re.compile(r"[\s/\"']")


def is_costly(html: str) -> bool:
    """Whether parsing could take more than linear time."""
    if html.count("&") > MAX_REFERENCES:
        return True
    tags = html.count("<")
    # An attribute takes two characters at least; so many are compared in a few milliseconds.
    has_few_attributes = len(html) <= 24_000 or _separators(html) <= 12_000
    if tags <= 1200 and has_few_attributes:
        return False
    formatting = len(_OPENS_FORMATTING.findall(html))
    if tags <= 2000 and tags * formatting <= 100_000 and has_few_attributes:
        return False
    return _is_really_costly(html)


def without_opaque(html: str) -> str:
    """The HTML without comments, scripts, styles and the like, which are never shown."""
    lower = html.lower()
    if len(lower) != len(html):  # a few capitals have a longer small form; none of them in a tag
        lower = html
    pieces: list[str] = []
    kept = position = 0
    unclosed: set[str] = set()
    while opening := _OPAQUE.search(html, position):
        name = (opening[2] or "").lower()
        end = -1 if name in unclosed else _end_of_opaque(lower, opening.end(), name)
        if end < 0:
            unclosed.add(name)
            position = opening.end()
            continue
        pieces.append(html[kept : opening.start()])
        kept = position = end
    pieces.append(html[kept:])
    return "".join(pieces)


def _end_of_opaque(lower: str, position: int, name: str) -> int:
    """Where the comment (no name) or element ends; -1 when it never does."""
    if name:
        close = lower.find(f"</{name}", position)
        return lower.find(">", close) + 1 or -1 if close >= 0 else -1
    if lower.startswith((">", "->"), position):  # <!--> and <!---> are whole comments
        return lower.index(">", position) + 1
    end = _COMMENT_END.search(lower, position)
    return end.end() if end else -1


def flattened(html: str) -> str:
    """The text of HTML that is too costly to parse: escaped, lines divided by <br>, no tags."""
    pieces: list[str] = []
    position = 0
    html = without_opaque(html)
    for tag in _TAG.finditer(html):
        pieces.append(_escaped(html[position : tag.start()]))
        if tag[2].lower() in _BREAKING:
            pieces.append("<br>")
        position = tag.end()
    pieces.append(_escaped(html[position:]))
    return "".join(pieces)


def _escaped(text: str) -> str:
    return entities.escape(entities.unescape(text)) if text else ""


def _separators(html: str) -> int:
    return sum(map(html.count, (" ", "\n", "\t", "/", '"', "'", "\f", "\r")))


def _is_really_costly(html: str) -> bool:
    """The exact look: follows every tag of the text."""
    html = without_opaque(html)
    closes_count = _STILL_OPAQUE.search(html) is None
    open_by_name: dict[str, int] = {}
    depth = deepest = formatting = most_formatting = opened = 0
    for tag in _TAG.finditer(html):
        if tag.end() - tag.start() > MAX_ATTRIBUTES and _has_many_attributes(tag[3]):
            return True
        name = tag[2].lower()
        if name in _FLAT:
            opened += 1
            continue
        if tag[1]:
            step = -1 if closes_count and open_by_name.get(name, 0) else 0
        else:
            step = 1
            opened += 1
        open_by_name[name] = open_by_name.get(name, 0) + step
        depth += step
        deepest = max(deepest, depth)
        if name in _FORMATTING_NAMES:
            formatting += step
            most_formatting = max(most_formatting, formatting)
    return deepest > MAX_DEPTH or most_formatting * opened > 200_000


def _has_many_attributes(inside: str) -> bool:
    return len(_SEPARATORS.findall(inside)) > MAX_ATTRIBUTES
