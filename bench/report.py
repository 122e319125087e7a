"""How measurements are shown: one table each, with where it was measured."""

import os
import platform
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

console = Console(width=110)


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], note: str) -> None:
    """Prints one table. The first column is text, the others are figures."""
    table = Table(title=title, title_justify="left", caption=note, caption_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console.print(table)


def machine() -> str:
    """What it was measured on."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]
