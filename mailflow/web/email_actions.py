"""What people do with one email."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mailflow.accounts.doors import require
from mailflow.inboxes.lookup import table
from mailflow.lib.refusals import Refused
from mailflow.mail.edits import Edit, edit
from mailflow.mail.models import Email
from mailflow.tickets.changes import open_by_hand


@require_POST
def handling(request: HttpRequest, pk: int) -> HttpResponse:
    """Saves inbox, status, assignee and tags of an email; fields the form lacks stay."""
    actor = require(request, "work")
    email = get_object_or_404(Email.objects.visible_to(actor), pk=pk)
    status, tags = request.POST.get("status"), request.POST.get("tags")
    wanted = Edit(
        inbox=request.POST.get("inbox"),
        status=None if status == email.status else status,
        assignee=request.POST.get("assignee"),
        tags=None if tags is None else tags.replace("،", ",").split(","),
    )
    try:
        edit(email, wanted, actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(f"/emails/{email.pk}")


@require_POST
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a ticket for an email, or leads to the one it has."""
    actor = require(request, "work")
    email = get_object_or_404(Email.objects.visible_to(actor).select_related("message"), pk=pk)
    opened = open_by_hand(email, actor, table().own_addresses)
    return HttpResponseRedirect(f"/tickets/{opened.pk}")
