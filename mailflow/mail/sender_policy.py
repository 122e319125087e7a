"""SPF (RFC 7208): whether a client may send for the envelope sender's domain. By pyspf."""

from typing import Any

import spf

from mailflow.mail.resolver import Answer, DnsTrouble, RecordType, Resolver

_LONGEST_RECORD = 4_096
_RESULTS = frozenset({"none", "pass", "fail", "softfail", "neutral", "temperror", "permerror"})


def check(
    client: str, envelope_from: str, helo: str, resolver: Resolver, timeout_s: float
) -> tuple[str, str]:
    """The result and its reason in words; never raises.

    The null sender is checked as postmaster of the HELO name (RFC 7208 2.4).
    """
    try:
        result, _, reason = _Query(client, envelope_from, helo, resolver, timeout_s).check()
    except DnsTrouble as error:
        return "temperror", str(error)
    except Exception as error:
        # pyspf raises what it happens to raise on hostile records; that is the record's fault.
        return "permerror", f"the record cannot be evaluated ({type(error).__name__})"
    return (result if result in _RESULTS else "permerror"), str(reason)[:200]


class _Query(spf.query):  # type: ignore[misc]
    """pyspf's evaluation over our resolver; its own would ask the system's name servers."""

    def __init__(
        self, client: str, envelope_from: str, helo: str, resolver: Resolver, timeout_s: float
    ) -> None:
        super().__init__(i=client, s=envelope_from, h=helo)
        self._resolver = resolver
        self._timeout_s = timeout_s

    def dns(
        self, name: str, qtype: RecordType, cnames: object = None, ignore_void: bool = False
    ) -> list[Any]:
        """The values in pyspf's shapes. Counts void lookups (RFC 7208 4.6.4)."""
        name = str(name).rstrip(".").lower()
        if not all(0 < len(label) < 64 for label in name.split(".")):
            return []
        try:
            answer = self._resolver.look_up(name, qtype, self._timeout_s)
        except DnsTrouble as error:
            raise spf.TempError(f"DNS: {error}") from error
        values = _values(answer, qtype)
        if not values and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("Void lookup limit exceeded")
        return values

    def get_explanation(self, spec: object) -> str:
        """The domain's own words for a refusal; we refuse nothing and do not ask for them."""
        return ""


def _values(answer: Answer, kind: RecordType) -> list[Any]:
    if kind == "TXT":
        return [(text.encode(),) for text in answer.values if len(text) <= _LONGEST_RECORD]
    if kind == "MX":
        pairs = (value.partition(" ") for value in answer.values)
        return [(int(preference), host) for preference, _, host in pairs if host]
    return list(answer.values)
