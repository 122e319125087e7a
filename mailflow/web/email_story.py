"""What the page of one email tells beside its text: headers, checks, conversation, decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from mailflow.accounts.permissions import Actor
from mailflow.history.models import Event
from mailflow.mail.models import Email, Message, RawMessage
from mailflow.mail.parse import parse
from mailflow.mail.parsed import FLAGS
from mailflow.rules.evaluate import RuleResult
from mailflow.rules.models import Decision, Effect, Rule
from mailflow.web.stored_words import flag_meanings

MOST_IN_CONVERSATION = 50


def raw_bytes(message: Message) -> bytes:
    """The message as it was received. Raises RawMessage.DoesNotExist when it was pruned."""
    raw = RawMessage.objects.get(pk=message.raw_sha256)
    return bytes(raw.content)


def headers(message: Message) -> list[tuple[str, str]]:
    """Every header in order, repeats kept, read again from the raw message."""
    try:
        return [(name, value) for name, value in parse(raw_bytes(message)).headers]
    except RawMessage.DoesNotExist:
        return []


def conversation(email: Email, actor: Actor) -> list[Email]:
    """The emails of the same thread that the actor may see, oldest first."""
    found = (
        Email.objects.visible_to(actor)
        .filter(message__thread_id=email.message.thread_id)
        .select_related("message")
        .only("id", "received_at", "recipient", "status", "message__subject",
              "message__from_name", "message__from_address", "message__preview")
        .order_by("-id")[:MOST_IN_CONVERSATION]
    )  # fmt: skip
    return sorted(found, key=lambda one: one.pk)


@dataclass(frozen=True, slots=True)
class Check:
    """One authentication result as a page shows it."""

    name: str
    result: str
    detail: str


def checks(authentication: Mapping[str, Any]) -> list[Check]:
    """SPF, DKIM, DMARC and ARC in this order; a check that was not made is left out."""
    found = []
    for name in ("spf", "dkim", "dmarc", "arc"):
        value = authentication.get(name)
        if isinstance(value, Mapping):
            found.append(Check(name.upper(), str(value.get("result", "none")), _detail(value)))
        elif value:
            found.append(Check(name.upper(), str(value), ""))
    return found


def _detail(value: Mapping[str, Any]) -> str:
    rest = {key: said for key, said in value.items() if key != "result" and said}
    if set(rest) == {"detail"}:
        return str(rest["detail"])
    return ", ".join(f"{key} {said}" for key, said in rest.items())


def flags(email: Email) -> list[str]:
    """What was unusual about this message, in the reader's language."""
    return flag_meanings((*email.message.flags, *email.flags), dict(FLAGS))


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that took the email, with what became of its actions."""

    rule_id: int
    version: int
    name: str
    effects: list[Effect]


@dataclass(frozen=True, slots=True)
class Story:
    """What the rules decided, in their order."""

    matches: list[Match]
    reason: str
    stopped_by: str


def decision(email: Email) -> Story | None:
    """What the rules decided for an email; None when none ran."""
    row = Decision.objects.filter(pk=email.pk).first()
    if row is None:
        return None
    effects: QuerySet[Effect] = email.effects.order_by("id")
    by_rule: dict[int, list[Effect]] = {}
    for effect in effects:
        by_rule.setdefault(effect.rule_id, []).append(effect)
    ids = {rule_id for rule_id, _version in row.matched} | {row.stopped_by or 0}
    names = dict(Rule.objects.filter(pk__in=ids).values_list("pk", "name"))
    matches = [
        Match(rule_id, version, names.get(rule_id, f"#{rule_id}"), by_rule.get(rule_id, []))
        for rule_id, version in row.matched
    ]
    stopped_by = names.get(row.stopped_by, f"#{row.stopped_by}") if row.stopped_by else ""
    return Story(matches, row.reason, stopped_by)


def effects_of(result: RuleResult, effects: Iterable[Effect]) -> list[Effect]:
    """What became of one rule's actions."""
    return [effect for effect in effects if effect.rule_id == result.rule.rule_id]


def events(email: Email) -> list[Event]:
    """What happened to the email, oldest first."""
    return list(Event.objects.filter(email_id=email.pk).order_by("id")[:100])
