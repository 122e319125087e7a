"""Tables of phrases, readable in the source. Pure."""


def phrases(table: str) -> tuple[str, ...]:
    """The phrases of a table: divided by bars and lines; lines that begin with # are remarks."""
    lines = (line for line in table.splitlines() if not line.startswith("#"))
    return tuple(phrase for line in lines for one in line.split("|") if (phrase := one.strip()))
