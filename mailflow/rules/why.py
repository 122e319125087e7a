"""Why an email went where it went: the decision explained again, condition by condition.

The trace is not stored. It is made by asking the rules of that moment (the saved revision) one by
one about the facts of that moment: the stored raw message, and the saved snapshot of everything
else. See docs/adr/0004.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.mail.models import Email, RawMessage
from mailflow.mail.parse import parse
from mailflow.mail.understand import PARSER_VERSION
from mailflow.rules.evaluate import Trace, explain
from mailflow.rules.facts import Facts, InboxFact
from mailflow.rules.gather import facts_of
from mailflow.rules.loader import versions_at
from mailflow.rules.models import Decision, Effect
from mailflow.rules.plan import RuleInput, read_rule


@dataclass(frozen=True, slots=True)
class Why:
    """Everything that was decided for one email.

    `trace` is None for an email that no rule was asked about; `reason` says why. `exact` is false
    where the message would be read differently today than when it was decided on.
    """

    trace: Trace | None
    effects: tuple[Effect, ...]
    reason: str
    exact: bool


def why(email: Email) -> Why:
    """The explanation of this email's decision. Needs its raw message."""
    effects = tuple(email.effects.order_by("id"))
    decision = Decision.objects.filter(email=email).first()
    if decision is None or decision.reason:
        return Why(None, effects, decision.reason if decision else "no decision is stored", True)
    trace = explain(rules_at(decision.revision), stored_facts(email, decision))
    same = [[m.rule_id, m.version] for m in trace.plan.matched] == decision.matched
    return Why(trace, effects, "", same and email.message.parser_version == PARSER_VERSION)


def stored_facts(email: Email, decision: Decision) -> Facts:
    """What the rules saw of a stored email."""
    raw = RawMessage.objects.get(pk=email.message.raw_sha256)
    facts = facts_of(
        parse(bytes(raw.content)),
        envelope_from=email.envelope_from,
        recipient=email.recipient,
        received_at=email.received_at,
        size_bytes=raw.size_bytes,
        message_class=email.message.message_class,
        authentication=email.message.authentication,
        inbox=InboxFact(),
        contact=Facts().contact,
    )
    return facts.restore(decision.facts)


def rules_at(revision: int) -> Sequence[RuleInput]:
    """The rules of a revision, in no order. A version that cannot be read any more is left out."""
    read = [read_rule(v.rule_id, v.version, v.body) for v in versions_at(revision)]
    return [rule for rule in read if isinstance(rule, RuleInput)]
