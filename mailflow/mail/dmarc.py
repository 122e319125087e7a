"""DMARC (RFC 9989): whose policy applies to a From domain, and whether a message meets it. Pure.

RFC 9989 replaced RFC 7489 in May 2026: the organisational domain is found by walking up the DNS
tree, not in the public suffix list; `pct` is gone, `psd`, `np` and `t` are new.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Policy = Literal["none", "quarantine", "reject"]
Psd = Literal["y", "n", "u"]

_POLICIES: dict[str, Policy] = {"none": "none", "quarantine": "quarantine", "reject": "reject"}
_TESTING: dict[Policy, Policy] = {"reject": "quarantine", "quarantine": "none", "none": "none"}
_PSD: dict[str, Psd] = {"y": "y", "n": "n"}
_MOST_QUERIES = 8


@dataclass(frozen=True, slots=True)
class Record:
    """One DMARC policy record (RFC 9989 4.7); a tag that is absent has its default or is None."""

    policy: Policy
    subdomain_policy: Policy | None = None
    missing_policy: Policy | None = None
    strict_dkim: bool = False
    strict_spf: bool = False
    psd: Psd = "u"
    testing: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`policy` is what the domain's owner asks for when the result is fail.

    `record_domain` is where the record was found, "" for none; `aligned` names the domain that
    was authenticated and belongs to the From domain's organisation, "" for none.
    """

    result: Literal["none", "pass", "fail"]
    policy: Policy | None = None
    record_domain: str = ""
    organizational_domain: str = ""
    aligned_by: Literal["", "dkim", "spf"] = ""
    aligned: str = ""


Find = Callable[[str], Record | None]


def parse_records(texts: Iterable[str]) -> Record | None:
    """The one DMARC record among the TXT records of a name; of several, none counts (4.10)."""
    records = [record for text in texts if (record := parse_record(text)) is not None]
    return records[0] if len(records) == 1 else None


def parse_record(text: str) -> Record | None:
    """None when it is no DMARC record. Unknown tags are ignored; never raises (4.7)."""
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip().lower(), value.strip())
    if text.partition(";")[0].replace(" ", "").replace("\t", "") != "v=DMARC1":
        return None
    policy = _POLICIES.get(tags.get("p", "").lower())
    if policy is None and "rua" not in tags:
        return None  # 4.7: without a valid p and without rua the record is not applied
    return Record(
        policy=policy or "none",
        subdomain_policy=_POLICIES.get(tags.get("sp", "").lower()),
        missing_policy=_POLICIES.get(tags.get("np", "").lower()),
        strict_dkim=tags.get("adkim", "").lower() == "s",
        strict_spf=tags.get("aspf", "").lower() == "s",
        psd=_PSD.get(tags.get("psd", "").lower(), "u"),
        testing=tags.get("t", "").lower() == "y",
    )


def walk(domain: str) -> tuple[str, ...]:
    """The names of a tree walk, longest first, at most eight (RFC 9989 4.10)."""
    labels = domain.split(".")
    if len(labels) > _MOST_QUERIES:
        starts = range(len(labels) - (_MOST_QUERIES - 1), len(labels))
        return (domain, *(".".join(labels[start:]) for start in starts))
    return tuple(".".join(labels[start:]) for start in range(len(labels)))


def organizational_domain(domain: str, find: Find) -> str:
    """Where the organisation of this domain begins (RFC 9989 4.10.2)."""
    topmost = domain
    for name in walk(domain):
        record = find(name)
        if record is not None:
            if record.psd == "n":
                return name
            if record.psd == "y" and name != domain:
                return _child(name, domain)
            topmost = name
    return topmost


def evaluate(
    author: str,
    signed: Sequence[str],
    spf: str,
    find: Find,
    exists: Callable[[str], bool],
) -> Verdict:
    """Judges a From domain by the domains that DKIM (`signed`) and SPF ("" for none) vouch for.

    All domains are lower case A-labels. `find` reads the record of a name and may raise; what it
    raises passes through. `exists` says whether a name is in the DNS at all (for `np`).
    """
    organization = organizational_domain(author, find)
    found = _applicable(author, organization, find)
    if found is None:
        return _without_record(author, signed, spf, organization)
    record_domain, record = found
    policy = _policy(record, record_domain == author, lambda: exists(author))
    by_dkim = (d for d in signed if _aligned(d, author, organization, record.strict_dkim, find))
    if domain := next(by_dkim, ""):
        return Verdict("pass", policy, record_domain, organization, "dkim", domain)
    if spf and _aligned(spf, author, organization, record.strict_spf, find):
        return Verdict("pass", policy, record_domain, organization, "spf", spf)
    return Verdict("fail", policy, record_domain, organization)


def _applicable(author: str, organization: str, find: Find) -> tuple[str, Record] | None:
    """RFC 9989 4.10.1: the author domain's record, its organisation's, or its registry's."""
    parent = organization.partition(".")[2]
    for name in (author, organization, parent):
        record = find(name) if name else None
        if record is not None and (name != parent or record.psd == "y"):
            return name, record
    return None


def _without_record(author: str, signed: Sequence[str], spf: str, organization: str) -> Verdict:
    """No policy: only the very same domain is known to belong together."""
    if author in signed:
        return Verdict("none", None, "", organization, "dkim", author)
    if spf == author:
        return Verdict("none", None, "", organization, "spf", author)
    return Verdict("none", None, "", organization)


def _policy(record: Record, own: bool, exists: Callable[[], bool]) -> Policy:
    policy = record.policy
    if not own:
        policy = record.subdomain_policy or record.policy
        if record.missing_policy is not None and not exists():
            policy = record.missing_policy
    return _TESTING[policy] if record.testing else policy


def _aligned(domain: str, author: str, organization: str, strict: bool, find: Find) -> bool:
    """RFC 9989 4.4: the same domain, or (relaxed) the same organisation."""
    if domain == author:
        return True
    if strict or not (domain == organization or domain.endswith("." + organization)):
        return False
    return organizational_domain(domain, find) == organization


def _child(parent: str, domain: str) -> str:
    """The name one label below `parent` on the way to `domain`."""
    rest = domain.removesuffix("." + parent)
    return f"{rest.rpartition('.')[2]}.{parent}"
