"""What deciding costs: `uv run python bench/rules.py`. Prints two tables.

Messages against 0 to 10,000 rules, and the same rules asked one by one as the reference.
"""

import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import mix, rules_mix
from mailflow.mail.parse import parse
from mailflow.rules.actions import Action
from mailflow.rules.compile import compile_rules
from mailflow.rules.conditions import Group
from mailflow.rules.decide import decide
from mailflow.rules.evaluate import explain
from mailflow.rules.facts import AttachmentFact, ContactFact, Facts, InboxFact
from mailflow.rules.gather import facts_of
from mailflow.rules.parse import parse_conditions
from mailflow.rules.plan import RuleInput, read_rule

BODY_CHARACTERS = 4_096
MESSAGES = 200
SEED = 20_250_101


def main() -> None:
    chance = random.Random(SEED)
    words = [word(chance) for _ in range(20_000)]
    messages = [message(chance, words) for _ in range(MESSAGES)]
    table(
        "4 KB messages; rules of their own words, which is harsh",
        lambda n: hostile(n, chance, words),
        messages,
    )
    arrivals = [arrival(raw) for raw in mix.messages(MESSAGES)]
    table("the project's mix of messages and rules", usual, arrivals)


def table(title: str, make: Callable[[int], list[RuleInput]], messages: list[Facts]) -> None:
    print(f"\n{title}: {MESSAGES} messages, median of 5 runs, CPU time")
    print("  rules   build s  decide ms  one by one ms   ratio  matched")
    for count in (0, 100, 1_000, 10_000):
        row(count, make(count), messages)


def hostile(count: int, chance: random.Random, words: list[str]) -> list[RuleInput]:
    return [rule(number, chance, words) for number in range(count)]


def usual(count: int) -> list[RuleInput]:
    chance = random.Random(SEED)
    read = [read_rule(number, 1, rules_mix.rule(chance, number)) for number in range(count)]
    return [one for one in read if isinstance(one, RuleInput)]


def arrival(raw: bytes) -> Facts:
    return facts_of(
        parse(raw),
        envelope_from="someone@example.com",
        recipient="support@demo.example",
        received_at=datetime(2025, 6, 1, 12, tzinfo=UTC),
        size_bytes=len(raw),
        message_class="ordinary",
        authentication={},
        inbox=InboxFact(1, "Support"),
        contact=ContactFact(),
    )


def row(count: int, rules: list[RuleInput], messages: list[Facts]) -> None:
    start = process_time()
    rule_set = compile_rules(rules)
    build = process_time() - start
    plans = [decide(rule_set, facts) for facts in messages]
    fast = median(timed(lambda: [decide(rule_set, facts) for facts in messages]) for _ in range(5))
    few = messages[: max(2, 2_000 // max(count, 20))]
    slow = timed(lambda: [explain(rules, facts) for facts in few]) / len(few)
    fast /= len(messages)
    hits = sum(len(plan.matched) for plan in plans) / len(plans)
    assert [explain(rules, facts).plan for facts in few] == plans[: len(few)]
    print(
        f"{count:>7} {build:>9.3f} {fast * 1e3:>10.4f} {slow * 1e3:>14.3f} "
        f"{slow / fast:>7.0f} {hits:>8.2f}"
    )


def timed(work: Any) -> float:
    start = process_time()
    work()
    return process_time() - start


def word(chance: random.Random) -> str:
    return "".join(chance.choices("etaoinshrdlucmfwypvbgk", k=chance.randint(4, 10)))


def message(chance: random.Random, words: list[str]) -> Facts:
    writer = f"{chance.choice(words)}@{chance.choice(words)}.example"
    recipient = chance.choice(("support@ours.example", "sales@ours.example"))
    attached = (AttachmentFact("report.pdf", "application/pdf", 90_000),)
    return Facts(
        envelope_from=writer,
        recipient=recipient,
        from_=((chance.choice(words), writer),),
        to=(("", recipient),),
        subject=" ".join(chance.choices(words, k=6)),
        body=" ".join(chance.choices(words, k=BODY_CHARACTERS // 5))[:BODY_CHARACTERS],
        headers=tuple((f"X-{n}", chance.choice(words)) for n in range(20)),
        attachments=attached if chance.random() < 0.1 else (),
        size_bytes=chance.randint(1_000, 200_000),
        received_at=datetime(2025, 6, 1, chance.randint(0, 23), tzinfo=UTC),
        inbox=InboxFact(1, "Support"),
        contact=ContactFact(known=chance.random() < 0.5),
    )


def rule(number: int, chance: random.Random, words: list[str]) -> RuleInput:
    tree = parse_conditions(conditions(chance, words))
    assert isinstance(tree, Group), tree
    action = Action("tag_email", {"tags": ["seen"]})
    return RuleInput(number, 1, f"rule {number}", tree, (action,), chance.randint(1, 100))


def conditions(chance: random.Random, words: list[str]) -> Any:
    one, two = chance.choice(words), chance.choice(words)
    number = chance.randint(100, 99_999)
    kinds: list[tuple[int, Any]] = [
        (20, {"domain_matches": f"{one}.example"}),
        (12, {"sender_equals": f"{one}@{two}.example"}),
        (18, {"subject_contains": f"{one} {two}"}),
        (8, {"recipient_equals": "sales@ours.example", "subject_contains": two}),
        (14, {"body_contains": f"{one} {number}"}),
        (8, {"keywords": [f"{one} {two}", f"{two} {one}", f"{one}-{number}"]}),
        (4, {"header_contains": {"name": f"X-{chance.randint(0, 5)}", "value": one}}),
        (6, {"has_attachment": True, "domain_matches": f"{two}.example"}),
        (
            4,
            {
                "all": [
                    {"field": "size", "op": "at_least", "value": number},
                    {"subject_contains": one + two},
                ]
            },
        ),
        (3, {"none": [{"field": "contact_known"}], "body_contains": f"{two} {number}"}),
        (3, {"regex": rf"\b{one}[-\s]?{number % 97}\d+"}),
    ]
    weights, bodies = zip(*kinds, strict=True)
    return chance.choices(bodies, weights)[0]


if __name__ == "__main__":
    main()
