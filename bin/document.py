"""Writes the tables of the documents from the code: `make docs`. A test finds stale ones.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent / "docs"
_TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

Row = tuple[str, ...]


def table(head: Row, rows: Iterable[Row]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(
        "| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |\n" for row in lines
    )


def options() -> str:
    """What is set before the start."""
    from config.options import OPTIONS

    rows = [
        (
            f"`{o.toml}`",
            f"`{o.env}`" + (f" or `{o.env}_FILE`" if o.secret else ""),
            _default(o.default),
            o.help,
        )
        for o in OPTIONS
    ]
    return table(("key in mailflow.toml", "environment variable", "default", "meaning"), rows)


def preferences() -> str:
    """What people change at run time."""
    from mailflow.preferences.registry import SETTINGS

    rows = [
        (f"`{s.key}`", _kind(s.kind), _default(s.default), str(s.help or s.label))
        for s in SETTINGS.values()
    ]
    return table(("key", "value", "default", "meaning"), rows)


def events() -> str:
    """Every kind of event."""
    from mailflow.history.vocabulary import KINDS

    rows = [(f"`{k.name}`", k.meaning, "yes" if k.audit else "") for k in KINDS.values()]
    return table(("kind", "meaning", "audit log"), rows)


def fields() -> str:
    """What a condition may ask about."""
    from mailflow.rules.fields import COMBINED, FIELDS, OPERATORS

    def meaning(field: Any) -> str:
        parts = COMBINED.get(field.name)
        also = f"Any of {', '.join(f'`{part}`' for part in parts)}." if parts else ""
        choices = f"One of {', '.join(field.choices)}." if field.choices else ""
        return " ".join(part for part in (str(field.help), also, choices) if part)

    rows = [
        (f"`{f.name}`", ", ".join(f"`{op}`" for op in OPERATORS[f.kind]), meaning(f))
        for f in FIELDS.values()
    ]
    return table(("field", "operators", "meaning"), rows)


def actions() -> str:
    """What a rule may do."""
    from mailflow.rules.vocabulary import SPECS

    rows = [
        (
            f"`{s.kind}`",
            ", ".join(f"`{p.name}`" + (" (needed)" if p.required else "") for p in s.parameters),
            str(s.help) + (" *Later: recorded as skipped until then.*" if s.external else ""),
        )
        for s in SPECS.values()
    ]
    return table(("type", "parameters", "meaning"), rows)


def endpoints() -> str:
    """Every route of the API, from its OpenAPI document."""
    from config.api import api

    rows = [
        (f"`{method.upper()} {path.removeprefix('/api/v1')}`", _sentence(operation))
        for path, methods in sorted(api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items())
        for method, operation in methods.items()
    ]
    return table(("method and path", "what it does"), rows)


TABLES: dict[str, Callable[[], str]] = {
    f.__name__: f for f in (options, preferences, events, fields, actions, endpoints)
}


def written(text: str) -> str:
    """The document with each of its tables made anew."""
    return _TABLE.sub(lambda found: found[1] + TABLES[found[2]]() + found[3], text)


def _default(value: Any) -> str:
    if value is None or value == "" or value == ():
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        is_listen = len(value) == 2 and isinstance(value[1], int)
        return ":".join(map(str, value)) if is_listen else ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _kind(kind: Any) -> str:
    from mailflow.preferences import kinds

    match kind:
        case kinds.Number():
            return f"{kind.low:,} to {kind.high:,} {kind.unit}".strip()
        case kinds.Flag():
            return "true or false"
        case kinds.Choice():
            return ", ".join(kind.words)
        case kinds.Line():
            return f"text, {kind.most} characters"
        case kinds.Key():
            return "a secret" + (f" of {kind.least} characters or more" if kind.least > 1 else "")
        case _:
            return {"Address": "an address", "Addresses": "addresses", "Url": "http(s) URL",
                    "Domain": "a domain"}[type(kind).__name__]  # fmt: skip


def _sentence(operation: dict[str, Any]) -> str:
    text = operation.get("description") or operation.get("summary") or ""
    return " ".join(str(text).split("\n\n")[0].split())


def main() -> None:
    """Writes every document whose tables changed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    for path in DOCS.rglob("*.md"):
        text = path.read_text("utf-8")
        if (fresh := written(text)) != text:
            path.write_text(fresh, "utf-8")
            print(f"wrote {path}")


if __name__ == "__main__":
    sys.exit(main())
