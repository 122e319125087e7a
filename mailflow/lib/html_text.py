"""HTML as the text a reader would see; hidden text is left out and told. Pure; linear time.

The HTML parser of the sanitiser makes the markup regular first, so one regular expression can
walk it and both always agree on what is shown.
"""

import html as entities
import re
from dataclasses import dataclass, field

import nh3

from mailflow.lib import css
from mailflow.lib.html_guard import flattened, is_costly

MAX_CHARS = 2 * 1024 * 1024
_MAX_QUOTE_DEPTH = 20
_MAX_STYLE_CHARS = 200_000

_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl pre blockquote table".split())
_LINES = frozenset(
    "div tr li dt dd section article header footer main aside nav address center figure "
    "figcaption form fieldset legend details summary caption hr".split()
)
_INLINE = frozenset(
    "a abbr b bdi bdo big br cite code del dfn em font i img ins kbd label mark nobr q s samp "
    "small span strike strong sub sup td th time tt u var thead tbody tfoot body".split()
)
_VOID = frozenset(("br", "img", "hr"))
_TAGS = set(_PARAGRAPHS | _LINES | _INLINE)
_DROPPED = {
    "script", "style", "title", "template", "svg", "math", "iframe", "object", "noframes",
    "select", "textarea", "audio", "video", "canvas", "head",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"style", "hidden", "class", "id", "bgcolor", "color", "background"},
    "img": {"alt"},
    "ol": {"start"},
}
_TOKEN = re.compile(r"<(/?)([a-z0-9]+)((?: [a-z-]+=\"[^\"]*\")*)>|([^<]+)")
_ATTRIBUTE = re.compile(r" ([a-z-]+)=\"([^\"]*)\"")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_BLANK_LINES = re.compile(r"\n(?:[ \t>]*\n){2,}")
_STYLE_BLOCK = re.compile(r"<style\b[^<>]*>(.*?)(?:</style|\Z)", re.IGNORECASE | re.DOTALL)
_BODY = re.compile(r"<body\b([^<>]{1,2000})>", re.IGNORECASE)
_RAW_ATTRIBUTE = re.compile(r"""\s+([a-zA-Z-]+)\s*=\s*(?:["']([^"']*)["']|([^\s"'>]+))""")
_CSS_NOISE = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_AT_BLOCK = re.compile(r"@[^{};@]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_SIMPLE_SELECTOR = re.compile(r"(?:[a-z0-9]+)?([.#][a-z_][\w-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HtmlText:
    """The text; `hidden`: something was left out; `cut`: only the beginning was read."""

    text: str
    hidden: bool
    cut: bool


def text_of_html(html: str, max_chars: int = MAX_CHARS) -> HtmlText:
    """The text a reader sees. Quoted blocks begin with "> ", rows and blocks are lines."""
    is_cut = len(html) > max_chars
    html = html[:max_chars]
    if is_costly(html):
        return HtmlText(
            _tidy(entities.unescape(flattened(html).replace("<br>", "\n"))), False, is_cut
        )
    hiding = _hiding_selectors(html) if "<style" in html or "<STYLE" in html else frozenset()
    regular = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED - {"head"},
        attributes=_ATTRIBUTES,
        link_rel=None,
    )
    writer = _Writer(hiding)
    writer.enter("body", _body_attributes(html))
    for token in _TOKEN.finditer(regular):
        slash, name, attributes, text = token.groups()
        if text is not None:
            writer.write(text)
        elif slash:
            writer.leave(name)
        else:
            writer.enter(name, attributes)
    return HtmlText(_tidy(writer.finish()), writer.hidden, is_cut)


def _tidy(text: str) -> str:
    return _BLANK_LINES.sub(lambda m: "\n\n", text).strip("\n") + "\n" if text.strip() else ""


def _body_attributes(html: str) -> str:
    """The attributes of <body>, which the parser of fragments drops: its colours count."""
    found = _BODY.search(html)
    return _RAW_ATTRIBUTE.sub(r' \1="\2\3"', found[1]).lower() if found else ""


def _hiding_selectors(html: str) -> frozenset[str]:
    """The classes (".x") and ids ("#x") that a style block outside any @media rule hides."""
    found: set[str] = set()
    for block in _STYLE_BLOCK.findall(html):
        rules = _AT_BLOCK.sub("", _CSS_NOISE.sub("", block[:_MAX_STYLE_CHARS]))
        for rule in rules.split("}"):
            selectors, _, body = rule.rpartition("{")
            look = css.look_of(body)
            if look.gone or look.invisible or look.tiny:
                names = (_SIMPLE_SELECTOR.fullmatch(one.strip()) for one in selectors.split(","))
                found.update(match[1] for match in names if match)
    return frozenset(found)


def _prefix(quotes: int) -> str:
    return "> " * min(quotes, _MAX_QUOTE_DEPTH)


@dataclass(frozen=True, slots=True)
class _State:
    """How text is seen at one place of the tree."""

    gone: bool = False
    invisible: bool = False
    tiny: bool = False
    transparent: bool = False
    colour: css.Colour | None = (0, 0, 0)
    background: css.Colour | None = (255, 255, 255)

    @property
    def hidden(self) -> bool:
        if self.gone or self.invisible or self.tiny or self.transparent:
            return True
        if self.colour is None or self.background is None:
            return False
        return css.are_alike(self.colour, self.background)


@dataclass(slots=True)
class _Writer:
    """Follows the tags and collects lines."""

    hiding: frozenset[str]
    hidden: bool = False
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    states: list[tuple[str, _State]] = field(default_factory=lambda: [("", _State())])
    lists: list[int | None] = field(default_factory=list)
    quotes: int = 0
    last_quotes: int = 0
    gap: bool = False
    preformatted: int = 0

    def enter(self, name: str, attributes: str) -> None:
        state = self.states[-1][1]
        if name in _VOID:
            self._void(name, attributes, state)
            return
        if attributes:
            state = self._look(attributes, state)
        self.states.append((name, state))
        if state.gone:
            return
        self._break(name)
        match name:
            case "blockquote":
                self.quotes += 1
            case "pre":
                self.preformatted += 1
            case "ul":
                self.lists.append(None)
            case "ol":
                self.lists.append(0)
            case "li":
                self._bullet()
            case "td" | "th" if self.line and self.line[-1][-1:] not in ("", " ", "\t"):
                self.line.append(" \t")

    def leave(self, name: str) -> None:
        # The markup is regular: the last open element is the one that closes.
        if len(self.states) == 1 or self.states[-1][0] != name:
            return
        was_gone = self.states.pop()[1].gone
        if was_gone:
            return
        self._break(name)
        if name == "blockquote":
            self.quotes -= 1
        elif name == "pre":
            self.preformatted -= 1
        elif name in ("ul", "ol") and self.lists:
            self.lists.pop()

    def write(self, text: str) -> None:
        state = self.states[-1][1]
        if "&" in text:
            text = entities.unescape(text)
        if state.hidden:
            self.hidden = self.hidden or not text.isspace()
            return
        if self.preformatted:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self.line.append(first)
            for one in rest:
                self._end_line()
                self.line.append(one)
            return
        text = _SPACE.sub(" ", text)
        if text[:1] == " " and (not self.line or self.line[-1][-1:] in (" ", "\t")):
            text = text[1:]
        if text:
            self.line.append(text)

    def finish(self) -> str:
        if self.line:
            self._end_line()
        return "\n".join(self.lines)

    def _void(self, name: str, attributes: str, state: _State) -> None:
        if attributes and self._look(attributes, state).gone:
            return
        if state.hidden:
            return
        if name == "br":
            self._end_line()
        elif name == "hr":
            self._break("div")
        elif alternative := dict(_ATTRIBUTE.findall(attributes)).get("alt", "").strip():
            self.line.append(f"[{_SPACE.sub(' ', entities.unescape(alternative))}]")

    def _look(self, text: str, state: _State) -> _State:
        found = dict(_ATTRIBUTE.findall(text))
        look = css.look_of(entities.unescape(found["style"])) if "style" in found else css.PLAIN
        gone = state.gone or look.gone or "hidden" in found or self._is_hidden_by_rule(found)
        colour = look.colour or (css.colour_of(found["color"]) if "color" in found else None)
        background = look.background or (
            css.colour_of(found["bgcolor"]) if "bgcolor" in found else None
        )
        paints = (look.paints or "background" in found) and background is None
        return _State(
            gone=gone,
            invisible=state.invisible if look.invisible is None else look.invisible,
            tiny=state.tiny if look.tiny is None else look.tiny,
            transparent=look.transparent or (state.transparent and colour is None),
            colour=colour or state.colour,
            background=None if paints else background or state.background,
        )

    def _is_hidden_by_rule(self, found: dict[str, str]) -> bool:
        if not self.hiding:
            return False
        names = {f".{name}" for name in found.get("class", "").split()}
        return not self.hiding.isdisjoint(names | {f"#{found.get('id', '')}"})

    def _break(self, name: str) -> None:
        """A block begins or ends: a new line; around paragraphs a blank one as well."""
        is_paragraph = name in _PARAGRAPHS
        if self.line and (is_paragraph or name in _LINES):
            self._end_line()
        self.gap = self.gap or is_paragraph

    def _end_line(self) -> None:
        text = "".join(self.line).rstrip()
        self.line.clear()
        if not self.preformatted:
            text = text.strip()
        if self.gap and text:
            if self.lines and self.lines[-1].strip("> "):
                self.lines.append(_prefix(min(self.quotes, self.last_quotes)).rstrip())
            self.gap = False
        self.lines.append((_prefix(self.quotes) + text).rstrip())
        self.last_quotes = self.quotes

    def _bullet(self) -> None:
        number = self.lists[-1] if self.lists else None
        if number is None:
            self.line.append("- ")
            return
        self.lists[-1] = number + 1
        self.line.append(f"{number + 1}. ")
