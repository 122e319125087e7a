"""Generators of rules and facts that often meet, for property tests and measurements."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from mailflow.rules.facts import (
    AttachmentFact,
    AuthenticationFact,
    ContactFact,
    Facts,
    InboxFact,
)
from mailflow.rules.fields import FIELDS, Field

WORDS = (
    "invoice",
    "Invoice",
    "in",
    "voice",
    "rechnung",
    "STRASSE",
    "straße",
    "İstanbul",
    "istanbul",
    "ISTANBUL",
    "ﬁle",
    "file",
    "فاتورة",
    "عاجل",
    "发票",
    "票",
    "é",
    "e\u0301",
    "Σίσυφος",
    "ΣΊΣΥΦΟΣ",
    "a",
    "aa",
    "aaa",
    "aaaa",
    "order 17",
    "order",
    "K",
    "\u212a",
    "\ud800x",
)
LOCALS = ("ada", "Bo", "cy+x", "")
DOMAINS = ("example.com", "mail.Example.com", "b\u00fccher.de", "xn--bcher-kva.de", "com", "")
PATTERNS = (
    r"invoice",
    r"in\w+ice",
    r"(?i)ORDER \d+",
    r"^a{2,3}$",
    r"^$",
    r"(order|rechnung)\s?\d*",
    r"(order|\d)",
    r"stra(ss|ß)e",
    r"[a-z]+@example",
    r"(a+)+$",
    r"عاجل|invoice",
    r"k",
    r"(?:fi)le?",
    r"x?voice",
    r"[[:alpha:]]+17",
    r".",
    r"\bin\b",
)
NAMES = ("X-Kind", "x-kind", "Subject", "X-Other")
KINDS = ("ordinary", "bounce", "list")
RESULTS = ("pass", "fail", "none", "")

_STEP = timedelta(minutes=1)
words = st.sampled_from(WORDS)
texts = st.one_of(
    st.lists(words, max_size=6).map(" ".join), st.lists(words, max_size=4).map("".join)
)
addresses = st.builds("{}@{}".format, st.sampled_from(LOCALS), st.sampled_from(DOMAINS))
people = st.lists(st.tuples(texts, addresses), max_size=3).map(tuple)
tags = st.lists(words, max_size=2).map(tuple)
moments = st.integers(0, 10**6).map(lambda n: datetime(2025, 1, 1, tzinfo=UTC) + n * _STEP)

facts = st.builds(
    Facts,
    envelope_from=addresses,
    recipient=addresses,
    from_=people,
    to=people,
    cc=people,
    reply_to=people,
    subject=texts,
    body=texts,
    headers=st.lists(st.tuples(st.sampled_from(NAMES), texts), max_size=4).map(tuple),
    attachments=st.lists(
        st.builds(AttachmentFact, texts, words, st.integers(0, 3)), max_size=2
    ).map(tuple),
    message_class=st.sampled_from(KINDS),
    list_id=texts,
    language=st.sampled_from(("en", "ar", "")),
    size_bytes=st.integers(0, 3),
    received_at=moments,
    authentication=st.builds(
        AuthenticationFact,
        *[st.sampled_from(RESULTS)] * 3,
        st.sampled_from(DOMAINS),
    ),
    tags=tags,
    inbox=st.builds(InboxFact, st.one_of(st.none(), st.integers(1, 2)), words),
    contact=st.builds(
        ContactFact, st.booleans(), st.booleans(), st.booleans(), words, tags, st.booleans()
    ),
)

_SHARED = {"invoice", "en", "ar", "1", *KINDS, "pass", "fail"}
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "address": st.one_of(addresses, words),
    "text": words,
    "word": st.sampled_from(sorted(_SHARED)),
}


def _domains() -> st.SearchStrategy[str]:
    return st.sampled_from([domain for domain in DOMAINS if domain] + ["*.example.com", "@com"])


@st.composite
def leaf_json(draw: st.DrawFn) -> dict[str, Any]:
    """One condition, mostly on the fields that texts are in."""
    often = ("subject", "body", "text", "anywhere", "from", "sender", "header", "recipient")
    field = FIELDS[draw(st.one_of(st.sampled_from(often), st.sampled_from(sorted(FIELDS))))]
    found: dict[str, Any] = {"field": field.name, **draw(_question(field))}
    if field.name == "header":
        found["name"] = draw(st.sampled_from(NAMES))
    if draw(st.integers(0, 7)) == 0:
        found["negate"] = True
    return found


def _question(field: Field) -> st.SearchStrategy[dict[str, Any]]:
    if field.kind == "flag":
        return st.fixed_dictionaries({"value": st.booleans()})
    if field.kind == "number":
        how = st.sampled_from(("at_least", "at_most"))
        return st.fixed_dictionaries({"op": how, "value": st.integers(0, 3)})
    if field.kind == "time":
        hours = st.lists(st.sampled_from(("00:00", "08:30", "17:00", "23:00")), min_size=2)
        pairs = hours.map(lambda found: found[:2]).filter(lambda pair: pair[0] != pair[1])
        return st.fixed_dictionaries({"value": pairs, "zone": _zones()})
    if field.kind == "weekday":
        days = st.lists(st.sampled_from(("mon", "Sunday", "wed")), min_size=1, max_size=3)
        return st.fixed_dictionaries({"value": days, "zone": _zones()})
    return _asked_of_text(field)


def _asked_of_text(field: Field) -> st.SearchStrategy[dict[str, Any]]:
    value = _VALUES[field.kind].filter(lambda text: text.isascii() or _whole(text))
    hows = (
        ["equals"] if field.kind == "word" else ["equals", "contains", "starts_with", "ends_with"]
    )
    asked = [
        st.fixed_dictionaries(
            {"op": st.sampled_from(hows), "value": st.lists(value, min_size=1, max_size=3)}
        ),
        st.fixed_dictionaries({"op": st.just("present"), "value": st.booleans()}),
    ]
    if field.kind != "word":
        asked.append(
            st.fixed_dictionaries(
                {
                    "op": st.just("regex"),
                    "value": st.sampled_from(PATTERNS),
                    "case_sensitive": st.booleans(),
                }
            )
        )
    if field.kind == "address":
        listed = st.lists(st.one_of(addresses, _domains()), min_size=1, max_size=4)
        asked.append(
            st.fixed_dictionaries(
                {"op": st.just("domain"), "value": _domains(), "subdomains": st.booleans()}
            )
        )
        asked.append(st.fixed_dictionaries({"op": st.just("in_list"), "value": listed}))
    return st.one_of(asked)


def _zones() -> st.SearchStrategy[str]:
    return st.sampled_from(("UTC", "Asia/Riyadh", "America/New_York"))


def _whole(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _groups(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    children = st.lists(inner, min_size=1, max_size=3)
    return st.sampled_from(("all", "any", "none")).flatmap(
        lambda kind: children.map(lambda found: {kind: found})
    )


trees_json = st.one_of(st.just([]), st.recursive(leaf_json(), _groups, max_leaves=6))
