"""Seeded rules for measuring: a business's mixture, of which a few match any one message."""

from random import Random

KINDS = ("subject", "sender", "recipient", "domain", "keywords", "regex", "header")


def make_rules(count: int, seed: int = 7) -> None:
    """Saves an inbox, an intake rule that opens tickets for a tenth, and `count` more rules."""
    from django.utils import timezone

    from mailflow.accounts.permissions import SYSTEM
    from mailflow.inboxes.models import Inbox, InboxAddress
    from mailflow.rules.changes import save_many

    now = timezone.now()
    inbox = Inbox.objects.create(name="Support", created_at=now, updated_at=now)
    InboxAddress.objects.create(inbox=inbox, address="support@demo.example")
    random = Random(seed)
    save_many([rule(random, number) for number in range(count)], SYSTEM)


def rule(random: Random, number: int) -> dict[str, object]:
    """One rule's body; words are mostly of a vocabulary that mail does not use."""
    kind = random.choice(KINDS)
    word = f"{random.choice(('order', 'case', 'rma', 'invoice'))}-{random.randrange(10**6):06}"
    condition: dict[str, object]
    if kind == "subject":
        condition = {"type": "subject_contains", "value": word}
    elif kind == "sender":
        condition = {"type": "sender_contains", "value": f"{word}@"}
    elif kind == "recipient":
        condition = {"type": "recipient_equals", "value": f"{word}@demo.example"}
    elif kind == "domain":
        condition = {"type": "domain_matches", "value": f"{word}.example"}
    elif kind == "keywords":
        condition = {"type": "keywords", "value": [word, f"{word}-b", f"{word}-c"]}
    elif kind == "header":
        condition = {"type": "header_contains", "name": "X-Mailer", "value": word}
    else:
        condition = {"type": "regex", "value": rf"{word}-[a-z]{{2,4}}\d+"}
    actions: list[dict[str, object]] = [{"type": "tag_email", "tags": [f"tag-{number}"]}]
    if number == 0:
        condition = {"type": "subject_contains", "value": "invoice"}
        actions = [{"type": "create_ticket"}]
    return {
        "name": f"Rule {number}",
        "priority": random.randrange(100),
        "conditions": [condition],
        "actions": actions,
    }
