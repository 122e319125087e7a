"""PostgreSQL's full-text index: its expressions and statements. Pure."""

from collections.abc import Sequence

from mailflow.search.query import Scope, Words

_MATCHES = "search @@ to_tsquery('simple', %s)"
# Messages that hold the words, any of them: (expression, at most so many).
SOME = f"SELECT id FROM mail_message WHERE {_MATCHES} LIMIT %s"  # noqa: S608
_OF_EMAIL = f"FROM mail_message found WHERE found.id = mail_email.message_id AND found.{_MATCHES}"
HOLDS = f"EXISTS (SELECT 1 {_OF_EMAIL})"
LACKS = f"NOT EXISTS (SELECT 1 {_OF_EMAIL})"
TAGGED = "EXISTS (SELECT 1 FROM jsonb_array_elements_text(mail_email.tags) t WHERE lower(t) = %s)"

# The weights that the index gives to the places.
_WEIGHTS: dict[Scope, str] = {"anywhere": "", "subject": "A", "sender": "B"}


def expression(words: Sequence[Words]) -> str:
    """The text of the tsquery. Of excluded words alone: what must not be there.

    Words hold letters, digits and single spaces only (`query.parse`), so quotes hold them.
    """
    wanted = [_phrase(word) for word in words if not word.excluded]
    unwanted = [_phrase(word) for word in words if word.excluded]
    if wanted:
        return " & ".join([*wanted, *(f"!({phrase})" for phrase in unwanted)])
    return " | ".join(unwanted)


def _phrase(word: Words) -> str:
    weight = _WEIGHTS[word.scope]
    parts = [f"'{part}':{weight}" for part in word.text.split()]
    if word.prefix:
        parts[-1] += "*"
    return "(" + " <-> ".join(part.removesuffix(":") for part in parts) + ")"
