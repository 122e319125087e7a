"""A resolver over a table, in place of the internet."""

from mailflow.mail.resolver import Answer, DnsTrouble, RecordType


class TableResolver:
    """`{("example.com", "TXT"): ["v=spf1 …"]}`; a name that is nowhere does not exist.

    A value of None is a name server that does not answer. `asked` records every question.
    """

    def __init__(self, table: dict[tuple[str, str], list[str] | None]) -> None:
        self._table = table
        self._names = {name for name, _ in table}
        self.asked: list[tuple[str, str]] = []

    def look_up(self, name: str, kind: RecordType, timeout_s: float) -> Answer:
        self.asked.append((name, kind))
        values = self._table.get((name, kind), [])
        if values is None:
            raise DnsTrouble("timed out")
        return Answer(tuple(values), exists=name in self._names)
