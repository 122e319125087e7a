"""SQLite's full-text index: its expressions and statements. Pure."""

from collections.abc import Sequence

from mailflow.search.query import Words

_TABLE = "mail_message_fts"
_FOUND = f"SELECT rowid FROM {_TABLE} WHERE {_TABLE} MATCH %s"  # noqa: S608
# Messages that hold the words, any of them: (expression, at most so many).
SOME = f"{_FOUND} LIMIT %s"
# The plus keeps SQLite from starting at the words and sorting all they find: it reads the ids once
# and walks the emails from the newest.
HOLDS = f"+mail_email.message_id IN ({_FOUND})"
LACKS = f"+mail_email.message_id NOT IN ({_FOUND})"
TAGGED = "EXISTS (SELECT 1 FROM json_each(mail_email.tags) WHERE lower(json_each.value) = %s)"


def expression(words: Sequence[Words]) -> str:
    """The MATCH expression. Of excluded words alone: what must not be there.

    Words hold letters, digits and single spaces only (`query.parse`), so nothing in the quotes
    can end them; in quotes AND, OR, NOT and NEAR are words.
    """
    wanted = " AND ".join(_phrase(word) for word in words if not word.excluded)
    unwanted = " OR ".join(_phrase(word) for word in words if word.excluded)
    if wanted and unwanted:
        return f"({wanted}) NOT ({unwanted})"
    return wanted or unwanted


def _phrase(word: Words) -> str:
    column = "" if word.scope == "anywhere" else f"{word.scope} : "
    return f'{column}"{word.text}"{"*" if word.prefix else ""}'
