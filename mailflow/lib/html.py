"""HTML of strangers made safe to store and to show: an allow-list over the standard's parser. Pure.

What is stored fetches nothing: remote pictures wait in `data-remote-src` until the reader asks.
The page that shows it adds a sandboxed frame with its own Content-Security-Policy; neither layer
relies on the other.
"""

import html as entities
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import nh3

from mailflow.lib.css_allowed import safe_style
from mailflow.lib.html_guard import flattened, is_costly

MAX_CHARS = 4 * 1024 * 1024

_TAGS = set(
    "a abbr acronym address b big blockquote br caption center cite code col colgroup dd del "
    "details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins "
    "kbd li main mark nobr ol p pre q s samp section article aside small span strike strong sub "
    "summary sup table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
# Their content is code, or shown in place of what we do not show.
_DROPPED_WITH_CONTENT = set(
    "script style title template iframe object embed noembed noframes audio video canvas".split()
)
_BOX = {"align", "bgcolor", "background", "height", "valign", "width"}
_ATTRIBUTES = {
    "*": {"dir", "hidden", "lang", "style", "title"},
    "a": {"href"},
    "blockquote": {"type"},
    "col": _BOX | {"span"},
    "colgroup": _BOX | {"span"},
    "div": {"align"},
    "font": {"color", "face", "size"},
    "hr": {"align", "color", "noshade", "size", "width"},
    "img": {"alt", "align", "border", "height", "hspace", "src", "vspace", "width"},
    "li": {"type", "value"},
    "ol": {"start", "type", "reversed"},
    "ul": {"type"},
    "table": _BOX | {"border", "cellpadding", "cellspacing", "frame", "rules"},
    "tbody": _BOX,
    "tfoot": _BOX,
    "thead": _BOX,
    "tr": _BOX,
    "td": _BOX | {"colspan", "rowspan", "nowrap", "abbr", "scope"},
    "th": _BOX | {"colspan", "rowspan", "nowrap", "abbr", "scope"},
    **{name: {"align"} for name in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "center", "caption")},
}
# The mark under which a remote picture leaves the filter, which can change values, not names.
_WAITING = "mailflow-remote"
_PICTURE_SCHEMES = {"http", "https", "cid", "data", _WAITING}
_LINK_SCHEMES = {"http", "https", "mailto", "tel"}
_SCHEMES = _PICTURE_SCHEMES | _LINK_SCHEMES
_PICTURE_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=%\s]*", re.I)
_PLAIN_URL = re.compile(r"https?://[!-\[\]-~]+")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# Browsers pass over these anywhere in front of, or inside, a scheme (URL Standard 4.4).
_PASSED_OVER = re.compile(
    r"[\x00-\x20\x7f-\xa0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\ufeff]+"
)
_OVERRIDES = re.compile("[\u202d\u202e]")
_CID = re.compile(r' src="cid:([^"]*)"')
# A whole tag of the regular markup: quotes never stand inside its values, so it cannot begin there.
_LINK = re.compile(r'<a((?: [a-z-]+="[^"]*")*)>')
_HREF = re.compile(r' href="(https?:[^"]*)"')
_TITLE = re.compile(r' title="[^"]*"')


@dataclass(frozen=True, slots=True)
class Sanitised:
    """HTML that runs nothing, fetches nothing and covers nothing.

    `blocked_remote` counts pictures and backgrounds that wait for the reader or were dropped.
    `is_cut`: only the beginning was read; `is_flattened`: too costly to parse, so the text only.
    """

    html: str
    blocked_remote: int
    is_cut: bool = False
    is_flattened: bool = False


def sanitise(html: str, max_chars: int = MAX_CHARS) -> Sanitised:
    """The HTML with nothing left but what the allow-lists name; the readable text survives."""
    is_cut = len(html) > max_chars
    html = html[:max_chars]
    if is_costly(html):
        return Sanitised(_OVERRIDES.sub("", flattened(html)), 0, is_cut, is_flattened=True)
    judge = _Judge()
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=judge.judge,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    cleaned = cleaned.replace(f' src="{_WAITING}:', ' data-remote-src="').replace("\0", "\ufffd")
    return Sanitised(_OVERRIDES.sub("", cleaned), judge.blocked, is_cut)


def show(html: str, *, remote: bool = False, cid_urls: Mapping[str, str] | None = None) -> str:
    """Sanitised HTML as the reader's frame gets it.

    Pictures of the message itself (`cid:`) get their URL from `cid_urls`, by content id without
    brackets; those it does not name are left empty. Remote pictures only with `remote`. Each
    link's title is the host it really leads to.
    """
    urls = cid_urls or {}

    def resolved(match: re.Match[str]) -> str:
        url = urls.get(unquote(entities.unescape(match[1])).strip("<>"))
        return f' src="{entities.escape(url)}"' if url else ""

    html = _CID.sub(resolved, html)
    if remote:
        html = html.replace(' data-remote-src="', ' src="')
    return _LINK.sub(_with_host, html)


def _with_host(match: re.Match[str]) -> str:
    """The link's tag with the host it leads to as its title, in place of any the sender gave."""
    href = _HREF.search(match[1])
    if not href:
        return match[0]
    try:
        host = urlsplit(entities.unescape(href[1])).hostname or ""
    except ValueError:
        host = ""
    return f'<a title="{entities.escape(host)}"{_TITLE.sub("", match[1])}>'


@dataclass(slots=True)
class _Judge:
    """Passes, changes or drops (None) each attribute that the allow-list lets through."""

    blocked: int = 0

    def judge(self, tag: str, name: str, value: str) -> str | None:
        if name == "style":
            style = safe_style(value)
            self.blocked += style.fetches
            return style.kept or None
        if name == "href":
            return value if _PLAIN_URL.fullmatch(value) else _link(value)
        if name == "src":
            return self._picture(value)
        if name == "background":
            self.blocked += 1
            return None
        return value

    def _picture(self, value: str) -> str | None:
        url = value if _PLAIN_URL.fullmatch(value) else _picture_url(value)
        if url is not None and url.startswith("http"):
            self.blocked += 1
            return f"{_WAITING}:{url}"
        return url


def _picture_url(value: str) -> str | None:
    """The URL of a picture as a browser reads it, if it is of a kind we show."""
    if value[:5].lower() == "data:":
        url = value.strip()
        return url if _PICTURE_DATA.fullmatch(url) else None
    url = _PASSED_OVER.sub("", value)
    if url.startswith("//"):
        url = f"https:{url}"
    scheme = _scheme(url)
    return f"{scheme}{url[len(scheme) :]}" if scheme in ("http", "https", "cid") else None


def _link(value: str) -> str | None:
    """The URL of a link, if it is of a kind that only leads somewhere."""
    url = value.strip(" \t\r\n\f\0")
    if url.startswith("//"):
        url = f"https:{url}"
    return url if _scheme(url) in _LINK_SCHEMES else None


def _scheme(url: str) -> str:
    found = _SCHEME.match(url)
    return found[1].lower() if found else ""
