"""The page that simulates an inbound email: only rehearsed, or taken in for real."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mailflow.accounts.doors import require
from mailflow.accounts.permissions import Actor
from mailflow.history.changes import record
from mailflow.inbound import simulate
from mailflow.inbound.group_commit import Overloaded
from mailflow.inboxes.models import Inbox, InboxAddress
from mailflow.lib.forms import show_problems
from mailflow.lib.refusals import Refused
from mailflow.web.test_email_form import TestEmailForm

_SUGGESTED = 50


def test_email(request: HttpRequest) -> HttpResponse:
    """The form; with POST what became of the message, or with `rehearse` what would have."""
    actor = require(request, "administer")
    suggested = list(
        InboxAddress.objects.exclude(address__startswith="@")
        .order_by("id")
        .values_list("address", flat=True)[:_SUGGESTED]
    )
    form = TestEmailForm(request.POST or None, initial={"to": suggested[0] if suggested else ""})
    outcome = None
    if request.method == "POST" and form.is_valid():
        outcome = _run(form, "rehearse" in request.POST, actor)
    context = {
        "title": _("Test email"),
        "form": form,
        "addresses": suggested,
        "outcome": outcome,
        "inbox": Inbox.objects.filter(pk=outcome.event["inbox_id"]).first() if outcome else None,
        "call": _call(form) if outcome else "",
    }
    return render(request, "web/test_email.html", context, status=422 if form.errors else 200)


test_email.__test__ = False  # type: ignore[attr-defined]  # pytest takes what begins so


def _run(form: TestEmailForm, rehearse: bool, actor: Actor) -> simulate.Outcome | None:
    """None where the form now says what was wrong."""
    parts = form.to_parts()
    try:
        if rehearse:
            return simulate.rehearse(parts)
        outcome = simulate.simulate(parts)
    except Refused as refused:
        show_problems(form, refused)
        return None
    except (Overloaded, TimeoutError):
        form.add_error(None, _("The message was kept, but is not processed yet. Look at Emails."))
        return None
    record("test_email_sent", parts.to, actor=actor.name, email_id=outcome.event["id"])
    return outcome


def _call(form: TestEmailForm) -> str:
    """The same as a call of the API, to be copied into a shell."""
    given = {key: value for key, value in form.cleaned_data.items() if value}
    quoted = json.dumps(given, ensure_ascii=False).replace("'", "'\\''")
    return (
        "curl -sS -H \"x-api-key: $MAILFLOW_KEY\" -H 'content-type: application/json' "
        f"-d '{quoted}' http://localhost:8000/api/v1/test-email?dry_run=true"
    )
