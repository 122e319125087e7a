"""The button that applies the starter pack, and its API."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from ninja import Router, Schema

from mailflow.accounts.doors import require
from mailflow.lib.refusals import Refused
from mailflow.web import starter_pack

router = Router(tags=["Settings"])


@require_POST
def apply_starter_pack(request: HttpRequest) -> HttpResponse:
    """Applies it and says on the inboxes page what it made."""
    actor = require(request, "administer")
    try:
        made = starter_pack.apply(actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if made.inboxes or made.rules:
            text = _("The starter pack is in place. Mail to %(address)s opens tickets now.")
        else:
            text = _("The starter pack was in place already. Its address is %(address)s.")
        messages.success(request, text % {"address": made.support_email})
    return redirect("inboxes:list")


class StarterPackIn(Schema):
    """Where the Support inbox is to receive; empty: support@ the installation's own domain."""

    supportEmail: str = ""


class StarterPackOut(Schema):
    """What was made now. No template is made before this installation can send mail."""

    createdInboxes: int
    createdRules: int
    createdTemplates: int
    supportEmail: str
    defaultFromEmail: str


class StarterPackItem(Schema):
    """The result."""

    starterPack: StarterPackOut


@router.post("/starter-pack/apply", response=StarterPackItem)
def post_starter_pack(request: HttpRequest, body: StarterPackIn | None = None) -> dict[str, Any]:
    """Makes the Support inbox and its intake rule where they are missing. Safe to repeat."""
    made = starter_pack.apply(
        require(request, "administer"), body.supportEmail if body is not None else ""
    )
    return {
        "starterPack": {
            "createdInboxes": made.inboxes,
            "createdRules": made.rules,
            "createdTemplates": made.templates,
            "supportEmail": made.support_email,
            "defaultFromEmail": made.default_from_email,
        }
    }
