"""Every write to templates."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from mailflow.accounts.permissions import Actor
from mailflow.history.changes import record
from mailflow.lib.refusals import Conflict, Refused
from mailflow.lib.storable import is_storable
from mailflow.outbound.models import Template

_LONGEST = {"name": 100, "description": 500, "subject": 998, "text": 100_000, "html": 250_000}
_NEEDED = ("name", "subject")


def save_template(
    fields: Mapping[str, Any], actor: Actor, template: Template | None = None
) -> Template:
    """Makes a template, or changes the fields given. Raises Refused or Conflict, nothing done."""
    now = timezone.now()
    saved = template or Template(created_at=now)
    for name, value in fields.items():
        setattr(saved, name, value)
    _check(saved)
    saved.updated_at = now
    try:
        with transaction.atomic():
            saved.save()
            record("template_changed", saved.name, actor=actor.name, subject=("template", saved.pk))
    except IntegrityError:
        raise Conflict({"name": f"name: there is a template {saved.name!r} already."}) from None
    return saved


def delete_template(template: Template, actor: Actor) -> None:
    """The template is gone; the history says what it was called."""
    with transaction.atomic():
        pk = template.pk
        template.delete()
        record(
            "template_changed",
            f"{template.name} deleted",
            actor=actor.name,
            subject=("template", pk),
        )


def _check(template: Template) -> None:
    problems: dict[str, str] = {}
    for name, most in _LONGEST.items():
        if not is_storable(getattr(template, name), most):
            problems[name] = f"{name}: at most {most:,} characters, and no NUL."
    for name in _NEEDED:
        value = getattr(template, name)
        if not value.strip() or any(sign in value for sign in "\r\n"):
            problems[name] = f"{name}: write one line."
    if not (template.text.strip() or template.html.strip()):
        problems["text"] = "text: write a text, HTML, or both."
    if problems:
        raise Refused(problems)
