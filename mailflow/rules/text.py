"""How rules compare text: one way of folding case, used on both sides of every comparison. Pure."""

from functools import lru_cache
from unicodedata import normalize


def clean(text: str) -> str:
    """The text composed (NFC) and without lone surrogates, which no matcher takes.

    Composed, because a Mac writes file names decomposed and a rule is typed composed.
    """
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode(errors="replace").decode()
    return normalize("NFC", text)


def fold(text: str) -> str:
    """The text for a comparison that ignores case: composed, then Unicode's full case folding.

    Full folding makes ß and SS equal. Turkish dotted İ folds to i with a dot above (Unicode's
    locale-free rule), so it equals itself and contains i, but does not equal a plain I.
    It is not composed again afterwards: each character folds by itself, so whatever is a part
    of a text is also a part of the folded text.
    """
    if text.isascii():
        return text.lower()
    return clean(text).casefold()


def fold_address(address: str) -> str:
    """The address for comparison: case folded, the domain in its Unicode form."""
    folded = fold(address.strip())
    local, at, domain = folded.rpartition("@")
    if not at:
        return folded
    return f"{local}@{fold_domain(domain)}"


@lru_cache(maxsize=4096)
def fold_domain(domain: str) -> str:
    """The domain for comparison: case folded, no dot at the end, `xn--` labels decoded."""
    folded = fold(domain.strip()).rstrip(".")
    if "xn--" not in folded:
        return folded
    return ".".join(_decode_label(label) for label in folded.split("."))


def domain_of(address: str) -> str:
    """The folded domain of an address; empty when there is none."""
    _, at, domain = address.rpartition("@")
    return fold_domain(domain) if at else ""


def _decode_label(label: str) -> str:
    try:
        return fold(label.encode("ascii").decode("idna"))
    except UnicodeError:
        return label
