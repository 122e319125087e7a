"""The API of templates."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from mailflow.accounts.doors import require
from mailflow.accounts.permissions import Ability
from mailflow.lib.api import ApiError
from mailflow.lib.paging import list_page
from mailflow.outbound import changes
from mailflow.outbound.models import Template
from mailflow.outbound.rendering import Missing, TooLong, render

router = Router(tags=["Templates"])


class TemplateIn(Schema):
    """What a template is to say; on a change, fields that are left out stay as they are."""

    name: str | None = None
    description: str | None = None
    subject: str | None = None
    text: str | None = None
    html: str | None = None
    active: bool | None = None


class TemplateOut(Schema):
    """A template."""

    id: int
    name: str
    description: str
    subject: str
    text: str
    html: str
    active: bool
    created_at: datetime
    updated_at: datetime


class TemplatesOut(Schema):
    """A page of templates, newest first."""

    templates: list[TemplateOut]
    next_cursor: str | None


class TemplateItem(Schema):
    """One template."""

    template: TemplateOut


class PreviewIn(Schema):
    """Values for the template's variables; `{"a": {"b": 1}}` fills `{{a.b}}`."""

    data: dict[str, Any] = {}


class Preview(Schema):
    """The filled template; values in HTML are escaped."""

    subject: str
    text: str
    html: str


class PreviewOut(Schema):
    """One preview."""

    preview: Preview


@router.get("/outbound/templates", response=TemplatesOut)
def list_templates(
    request: HttpRequest, limit: int | None = None, cursor: str | None = None
) -> dict[str, Any]:
    """The templates."""
    page = list_page(Template.objects.visible_to(require(request, "read")), limit, cursor)
    return {"templates": page.rows, "next_cursor": page.next_cursor}


@router.post("/outbound/templates", response={201: TemplateItem})
def create_template(request: HttpRequest, body: TemplateIn) -> Status[dict[str, Any]]:
    """A new template."""
    actor = require(request, "configure")
    template = changes.save_template(body.model_dump(exclude_none=True), actor)
    return Status(201, {"template": template})


@router.get("/outbound/templates/{int:template_id}", response=TemplateItem)
def get_template(request: HttpRequest, template_id: int) -> dict[str, Any]:
    """One template."""
    return {"template": _one(request, template_id, "read")}


@router.put("/outbound/templates/{int:template_id}", response=TemplateItem)
def change_template(request: HttpRequest, template_id: int, body: TemplateIn) -> dict[str, Any]:
    """Changes the fields given."""
    actor = require(request, "configure")
    template = _one(request, template_id, "configure")
    return {"template": changes.save_template(body.model_dump(exclude_none=True), actor, template)}


@router.delete("/outbound/templates/{int:template_id}", response={204: None})
def delete_template(request: HttpRequest, template_id: int) -> Status[None]:
    """Deletes a template."""
    actor = require(request, "configure")
    changes.delete_template(_one(request, template_id, "configure"), actor)
    return Status(204, None)


@router.post("/outbound/templates/{int:template_id}/preview", response=PreviewOut)
def preview_template(request: HttpRequest, template_id: int, body: PreviewIn) -> dict[str, Any]:
    """Fills an active template without sending anything."""
    template = _one(request, template_id, "read")
    if not template.active:
        raise ApiError(404, "The template is not active.", "template_not_found_or_inactive")
    try:
        filled = render(template.subject, template.text, template.html, body.data)
    except TooLong:
        raise ApiError(400, "The filled template is too long.", "body_too_large") from None
    if isinstance(filled, Missing):
        detail = f"Give a text or number for {', '.join(filled.names)}."
        raise ApiError(400, detail, "missing_template_variable", f"data.{filled.names[0]}")
    return {"preview": {"subject": filled.subject, "text": filled.text, "html": filled.html}}


def _one(request: HttpRequest, template_id: int, ability: Ability) -> Template:
    templates = Template.objects.visible_to(require(request, ability))
    found = templates.filter(pk=template_id).first() if template_id < 2**63 else None
    if found is None:
        raise ApiError(404, "There is no such template.", "template_not_found_or_inactive")
    return found
