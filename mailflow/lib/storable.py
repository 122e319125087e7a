"""Pure: which text a database can keep."""


def is_storable(text: str, most: int) -> bool:
    """At most `most` characters, no NUL (PostgreSQL refuses it), no lone surrogate (not UTF-8)."""
    fits = len(text) <= most and "\0" not in text
    return fits and not any("\ud800" <= character <= "\udfff" for character in text)
