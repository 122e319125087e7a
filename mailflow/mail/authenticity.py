"""Who a message is really from: SPF, DKIM and DMARC checked by ourselves, or the findings of a
server that we were told to trust. Never raises; what we cannot find out is `temperror`."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache

from mailflow.lib.client_address import Network, is_private, parse_address
from mailflow.mail import dkim_signature, dmarc, sender_policy
from mailflow.mail.authentication_results import Finding, trusted_findings
from mailflow.mail.resolver import Answer, DnsTrouble, RecordType, Resolver

_TOTAL_S = 6.0
_QUESTION_S = 2.5
_MOST_QUESTIONS = 60
_MOST_SIGNATURES = 5


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it came. `from_addresses` are those of the header From; `client_address` is
    the SMTP client's, "" where it did not come by SMTP."""

    raw: bytes
    from_addresses: tuple[str, ...]
    envelope_from: str = ""
    helo: str = ""
    client_address: str = ""


@dataclass(frozen=True, slots=True)
class Trust:
    """`authserv_ids`: whose Authentication-Results count, and only on what `relays` (besides this
    machine and private networks) hand us: anybody else could have written them."""

    authserv_ids: tuple[str, ...] = ()
    relays: tuple[Network, ...] = ()
    verify: bool = True


@dataclass(frozen=True, slots=True)
class SignatureResult:
    """One DKIM signature, passed or not."""

    domain: str
    selector: str
    result: str
    reason: str


@dataclass(frozen=True, slots=True)
class Authentication:
    """The results in the words of RFC 8601; domains in lower case A-labels.

    `policy` is what the From domain's owner asks for if DMARC failed. `verified_domain` is the
    From domain when a signature or the sending server vouches for it, else None. `arc` (RFC 8617)
    is what a trusted relay found; it vouches for nothing here. `source`: `own`
    (we checked), `authentication-results` (a trusted server did), `none` (nothing could be said).
    """

    spf: str = "none"
    spf_domain: str = ""
    dkim: tuple[SignatureResult, ...] = ()
    dmarc: str = "none"
    dmarc_domain: str = ""
    policy: str = ""
    aligned_by: str = ""
    arc: str = "none"
    verified_domain: str | None = None
    source: str = "none"
    detail: tuple[str, ...] = ()

    @property
    def authenticated(self) -> bool | None:
        """True: the From domain is proven; False: it is contradicted; None: nobody can say."""
        if self.verified_domain:
            return True
        return False if self.dmarc == "fail" else None

    @property
    def dkim_result(self) -> str:
        """The best result of all signatures."""
        results = {signature.result for signature in self.dkim}
        order = ("pass", "temperror", "policy", "fail", "permerror", "neutral")
        return next((result for result in order if result in results), "none")

    def as_json(self) -> dict[str, object]:
        """Plain values, also with `dkim_result` and `authenticated`."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "dkim": [asdict(signature) for signature in self.dkim],
            "dkim_result": self.dkim_result,
            "authenticated": self.authenticated,
        }


NOTHING_KNOWN = Authentication()


def authenticate(
    arrival: Arrival,
    trust: Trust,
    resolver: Resolver,
    now: int,
    clock: Callable[[], float] = time.monotonic,
) -> Authentication:
    """Judges one message in at most about six seconds. `now` is Unix time.

    From this machine, a private network or a trusted relay, SPF says nothing (the relay is not
    the sender), so it is `none`; without a DKIM signature either, the DNS is not asked at all.
    """
    relayed = not arrival.client_address or _is_relay(arrival.client_address, trust.relays)
    head = _head(arrival.raw)
    signed = trust.verify and b"dkim-signature" in head
    if relayed and not signed and not trust.authserv_ids:
        return NOTHING_KNOWN
    message = dkim_signature.split(arrival.raw)
    if relayed and trust.authserv_ids:
        findings = trusted_findings(_values(message, b"authentication-results"), trust.authserv_ids)
        if findings:
            return _from_findings(findings, _author(arrival))
    if not trust.verify or (relayed and not signed):
        return NOTHING_KNOWN
    lookup = _Lookup(resolver, clock)
    return _check(arrival, message, relayed, lookup, now)


def authenticate_all(
    arrivals: Sequence[Arrival], trust: Trust, resolver: Resolver, now: int
) -> list[Authentication]:
    """As `authenticate`, for a batch: those that wait for the DNS wait at the same time."""
    if len(arrivals) < 2 or not any(_asks_dns(arrival, trust) for arrival in arrivals):
        return [authenticate(arrival, trust, resolver, now) for arrival in arrivals]
    with ThreadPoolExecutor(min(16, len(arrivals))) as pool:
        return list(pool.map(lambda one: authenticate(one, trust, resolver, now), arrivals))


def _asks_dns(arrival: Arrival, trust: Trust) -> bool:
    if not trust.verify:
        return False
    relayed = not arrival.client_address or _is_relay(arrival.client_address, trust.relays)
    return not relayed or b"dkim-signature" in _head(arrival.raw)


@lru_cache(maxsize=4096)
def _is_relay(address: str, relays: tuple[Network, ...]) -> bool:
    parsed = parse_address(address)
    return is_private(address) or (parsed is not None and any(parsed in one for one in relays))


def _head(raw: bytes) -> bytes:
    """The header block in lower case."""
    end = raw.find(b"\r\n\r\n")
    return raw[: end if end >= 0 else raw.find(b"\n\n")].lower()


def _values(message: dkim_signature.SplitMessage, name: bytes) -> list[str]:
    return [
        value.decode("utf-8", "replace")
        for key, value in message.headers
        if key.strip().lower() == name
    ]


def _author(arrival: Arrival) -> str:
    """The From domain; "" when there is not exactly one."""
    domains = {_domain(address) for address in arrival.from_addresses}
    return domains.pop() if len(domains) == 1 else ""


def _domain(address: str) -> str:
    """An address's domain in lower case A-labels, "" when it has none."""
    domain = address.rpartition("@")[2].strip().rstrip(".").lower()
    try:
        return domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        return ""


def _check(
    arrival: Arrival,
    message: dkim_signature.SplitMessage,
    relayed: bool,
    lookup: "_Lookup",
    now: int,
) -> Authentication:
    author = _author(arrival)
    signatures = _check_signatures(message, author, lookup, now)
    spf, spf_domain, spf_reason = "none", "", ""
    if not relayed:
        spf_domain = _domain(arrival.envelope_from) or _domain(arrival.helo)
        spf, spf_reason = sender_policy.check(
            arrival.client_address, arrival.envelope_from, arrival.helo, lookup, _QUESTION_S
        )
    verdict, policy_trouble = _verdict(author, signatures, spf, spf_domain, lookup)
    dmarc_result = _dmarc_result(verdict, arrival, signatures, spf, relayed)
    return Authentication(
        spf=spf,
        spf_domain=spf_domain,
        dkim=signatures,
        dmarc="temperror" if policy_trouble else dmarc_result,
        dmarc_domain=verdict.record_domain,
        policy=verdict.policy or "",
        aligned_by=verdict.aligned_by,
        verified_domain=author if verdict.aligned else None,
        source="own",
        detail=tuple(f"SPF: {spf_reason}" for _ in range(bool(spf_reason)))
        + tuple(f"DMARC: {policy_trouble}" for _ in range(bool(policy_trouble))),
    )


def _check_signatures(
    message: dkim_signature.SplitMessage, author: str, lookup: "_Lookup", now: int
) -> tuple[SignatureResult, ...]:
    """The first few; those of the From domain first, as only they can prove it."""
    fields = [field for field in message.headers if field[0].strip().lower() == b"dkim-signature"]
    needle = author.encode()
    fields.sort(key=lambda field: not author or needle not in field[1].lower())
    return tuple(_check_signature(message, one, lookup, now) for one in fields[:_MOST_SIGNATURES])


def _check_signature(
    message: dkim_signature.SplitMessage, field: tuple[bytes, bytes], lookup: "_Lookup", now: int
) -> SignatureResult:
    try:
        signature = dkim_signature.parse(field)
    except dkim_signature.Unusable as error:
        return SignatureResult("", "", "permerror", str(error))
    domain, selector = _domain(signature.domain), signature.selector
    name = f"{selector}._domainkey.{domain}"
    try:
        records = lookup.look_up(name, "TXT", _QUESTION_S).values
    except DnsTrouble as error:
        return SignatureResult(domain, selector, "temperror", str(error))
    record = next((text for text in records if "p=" in text), None)
    if record is None:
        return SignatureResult(domain, selector, "permerror", "there is no key in the DNS")
    result, reason = dkim_signature.verify(message, signature, record, now)
    return SignatureResult(domain, selector, result, reason)


def _verdict(
    author: str,
    signatures: Sequence[SignatureResult],
    spf: str,
    spf_domain: str,
    lookup: "_Lookup",
) -> tuple[dmarc.Verdict, str]:
    """The verdict, and our trouble in finding it ("" for none)."""
    if not author:
        return dmarc.Verdict("none"), ""
    signed = [one.domain for one in signatures if one.result == "pass"]
    try:
        verdict = dmarc.evaluate(
            author, signed, spf_domain if spf == "pass" else "", lookup.policy, lookup.exists
        )
    except DnsTrouble as error:
        return dmarc.Verdict("none"), str(error)
    return verdict, ""


def _dmarc_result(
    verdict: dmarc.Verdict,
    arrival: Arrival,
    signatures: Sequence[SignatureResult],
    spf: str,
    relayed: bool,
) -> str:
    """`fail` only where both ways of proving were open and none led there."""
    if not relayed and len({_domain(address) for address in arrival.from_addresses}) > 1:
        return "fail"  # several domains: DMARC cannot judge, the reader not either
    if verdict.result != "fail":
        return verdict.result
    if spf == "temperror" or any(one.result == "temperror" for one in signatures):
        return "temperror"
    return "none" if relayed else "fail"


def _from_findings(findings: Sequence[Finding], author: str) -> Authentication:
    """A trusted server's word; its DMARC result counts only for this message's From domain."""
    signatures = tuple(
        SignatureResult(
            one.properties.get("header.d", _domain(one.properties.get("header.i", ""))).lower(),
            one.properties.get("header.s", ""),
            one.result,
            one.properties.get("reason", ""),
        )
        for one in findings
        if one.method == "dkim"
    )
    spf = next((one for one in findings if one.method == "spf"), None)
    found = next((one for one in findings if one.method == "dmarc"), None)
    about = found.properties.get("header.from", author).lower() if found else ""
    mine = found is not None and bool(author) and _domain(about) == author
    result = found.result if found is not None and mine else "none"
    spf_domain = _domain(spf.properties.get("smtp.mailfrom", "")) if spf else ""
    exact = _exactly_aligned(author, signatures, spf_domain if spf and spf.result == "pass" else "")
    proven = result == "pass" or (result == "none" and bool(exact))
    return Authentication(
        spf=spf.result if spf else "none",
        spf_domain=spf_domain,
        dkim=signatures,
        dmarc=result,
        dmarc_domain=about if mine else "",
        policy=found.properties.get("policy.dmarc", "") if found else "",
        aligned_by=exact if proven else "",
        arc=next((one.result for one in findings if one.method == "arc"), "none"),
        verified_domain=author if proven and author else None,
        source="authentication-results",
    )


def _exactly_aligned(author: str, signatures: Sequence[SignatureResult], spf: str) -> str:
    if author and any(one.result == "pass" and one.domain == author for one in signatures):
        return "dkim"
    return "spf" if author and spf == author else ""


class _Lookup:
    """A resolver for one message: asks each question once, and stops when the time is up."""

    def __init__(self, resolver: Resolver, clock: Callable[[], float]) -> None:
        self._resolver = resolver
        self._clock = clock
        self._deadline = clock() + _TOTAL_S
        self._known: dict[tuple[str, RecordType], Answer] = {}
        self._asked = 0

    def look_up(self, name: str, kind: RecordType, timeout_s: float) -> Answer:
        if (name, kind) in self._known:
            return self._known[name, kind]
        left_s = self._deadline - self._clock()
        self._asked += 1
        if left_s <= 0 or self._asked > _MOST_QUESTIONS:
            raise DnsTrouble("the message needs too many answers")
        answer = self._resolver.look_up(name, kind, min(timeout_s, left_s))
        self._known[name, kind] = answer
        return answer

    def policy(self, name: str) -> dmarc.Record | None:
        """The DMARC record of a name."""
        return dmarc.parse_records(self.look_up(f"_dmarc.{name}", "TXT", _QUESTION_S).values)

    def exists(self, name: str) -> bool:
        return self.look_up(name, "A", _QUESTION_S).exists
