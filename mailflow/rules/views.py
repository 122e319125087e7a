"""The pages of rules: list, editor with its try-out, versions."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mailflow.accounts.doors import require
from mailflow.accounts.permissions import Actor
from mailflow.lib import keyset
from mailflow.lib.refusals import Conflict, Refused
from mailflow.mail.models import Email
from mailflow.rules import changes
from mailflow.rules.backtest import LAST_DEFAULT, LAST_MAX, backtest
from mailflow.rules.editor import Branch, Condition, Draft, draft_from_form, draft_of
from mailflow.rules.form_view import form_context
from mailflow.rules.models import Rule, RuleVersion
from mailflow.rules.plan import RuleInput, read_rule
from mailflow.rules.shown import actions_shown
from mailflow.rules.turns import turn

SAMPLES = (20, LAST_DEFAULT, 200, LAST_MAX)


def rule_list(request: HttpRequest) -> HttpResponse:
    """Every rule in the order they run."""
    actor = require(request, "read")
    found = _filtered(Rule.objects.visible_to(actor), request)
    page = turn(found, request.GET.get("after", ""))
    rows = [(rule, _read(rule, actor)) for rule in page.rows]
    context = {
        "title": _("Rules"),
        "rows": rows,
        "page": page,
        "q": request.GET.get("q", ""),
        "state": request.GET.get("state", ""),
        "may_change": actor.may("configure"),
    }
    return render(request, "rules/list.html", context)


def _filtered(rules: QuerySet[Rule], request: HttpRequest) -> QuerySet[Rule]:
    words, state = request.GET.get("q", "").replace("\0", ""), request.GET.get("state", "")
    if words:
        rules = rules.filter(name__icontains=words[:100])
    if state in ("on", "off"):
        rules = rules.filter(active=state == "on")
    return rules


def _read(rule: Rule, actor: Actor) -> RuleInput | None:
    body = changes.body_of(rule)
    read = read_rule(rule.pk, rule.version, {**body, "actions": actions_shown(rule.actions, actor)})
    return read if isinstance(read, RuleInput) else None


def new_rule(request: HttpRequest) -> HttpResponse:
    """The form of a new rule; `?email=` starts it from an email."""
    actor = require(request, "configure")
    if request.method == "POST":
        return _posted(request, actor, None)
    return _editor(request, actor, None, _first_draft(request, actor), {})


def _first_draft(request: HttpRequest, actor: Actor) -> Draft:
    """A draft for mail like an email of ours, else for a condition to be filled in."""
    number = request.GET.get("email", "")
    email = None
    if number.isascii() and number.isdecimal() and len(number) < 19:
        emails = Email.objects.visible_to(actor).select_related("message")
        email = emails.filter(pk=int(number)).first()
    if email is None:
        return Draft(root=Branch("all", [Condition()]))
    message = email.message
    conditions: list[Branch | Condition] = []
    if message.from_address:
        conditions.append(Condition("from", "equals", [message.from_address]))
    if message.subject:
        conditions.append(Condition("subject", "contains", [message.subject[:100].strip()]))
    name = _("Mail like “%(subject)s”") % {"subject": message.subject[:100]}
    return Draft(name=name, root=Branch("all", conditions or [Condition()]))


def edit_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """The form of a rule."""
    actor = require(request, "configure" if request.method == "POST" else "read")
    rule = _visible(actor, rule_id)
    if request.method == "POST":
        return _posted(request, actor, rule)
    body = changes.body_of(rule)
    body["actions"] = actions_shown(body["actions"], actor)
    return _editor(request, actor, rule, draft_of(body), {})


def _posted(request: HttpRequest, actor: Actor, rule: Rule | None) -> HttpResponse:
    """Saves, tries out, or changes the draft, whichever button was pressed."""
    draft, button = draft_from_form(request.POST), request.POST.get("do", "save")
    try:
        if button == "save":
            return _saved(request, actor, rule, draft)
        if button == "test":
            return _tried(request, actor, rule, draft)
    except Refused as refused:
        return _editor(request, actor, rule, draft, refused.problems, status=refused.status)
    draft.press(button)
    return _editor(request, actor, rule, draft, {})


def _saved(request: HttpRequest, actor: Actor, rule: Rule | None, draft: Draft) -> HttpResponse:
    seen = request.POST.get("version", "")
    if rule is not None and seen != str(rule.version):
        raise Conflict(
            {
                "name": _(
                    "Somebody saved version %(version)s of this rule meanwhile. Look at its "
                    "versions; save again to put yours on top."
                )
                % {"version": rule.version}
            }
        )
    saved = changes.save_rule(draft.to_body(), actor, rule)
    messages.success(request, _("The rule %(name)s is saved.") % {"name": saved.name})
    return redirect("rules:edit", saved.pk)


def _tried(request: HttpRequest, actor: Actor, rule: Rule | None, draft: Draft) -> HttpResponse:
    sample = request.POST.get("last", "")
    last = int(sample) if sample in map(str, SAMPLES) else LAST_DEFAULT
    result = backtest(draft.to_body(), actor, rule, last)
    said = ngettext(
        "%(count)s email would be handled differently.",
        "%(count)s emails would be handled differently.",
        result.changed,
    ) % {"count": result.changed}
    return _editor(request, actor, rule, draft, {}, {"result": result, "last": last, "said": said})


def _editor(
    request: HttpRequest,
    actor: Actor,
    rule: Rule | None,
    draft: Draft,
    problems: dict[str, str],
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "title": rule.name if rule else _("New rule"),
        "rule": rule,
        "may_change": actor.may("configure"),
        "samples": SAMPLES,
        "last": LAST_DEFAULT,
        **form_context(draft, problems, actor),
        **(more or {}),
    }
    return render(request, "rules/editor.html", context, status=status)


@require_POST
def activation(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Switches a rule on or off."""
    actor = require(request, "configure")
    rule = _visible(actor, rule_id)
    rule = changes.save_rule({"active": request.POST.get("active") == "on"}, actor, rule)
    said = _("%(name)s is on.") if rule.active else _("%(name)s is off.")
    messages.success(request, said % {"name": rule.name})
    return redirect("rules:list")


@require_POST
def deletion(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Deletes a rule; what it decided stays explained."""
    actor = require(request, "configure")
    rule = _visible(actor, rule_id)
    name = rule.name
    changes.delete(rule, actor)
    messages.success(request, _("The rule %(name)s is gone.") % {"name": name})
    return redirect("rules:list")


def versions(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Every version of a rule, newest first."""
    actor = require(request, "read")
    rule = _visible(actor, rule_id)
    page = keyset.page(RuleVersion.objects.filter(rule_id=rule.pk), request.GET.get("cursor", ""))
    rows = []
    for row in page.rows:
        body = {**row.body, "actions": actions_shown(row.body.get("actions"), actor)}
        read = read_rule(rule.pk, row.version, body)
        rows.append((row, read if isinstance(read, RuleInput) else None))
    title = _("Versions of %(name)s") % {"name": rule.name}
    context = {"title": title, "rule": rule, "rows": rows, "page": page}
    return render(request, "rules/versions.html", {**context, "may_change": actor.may("configure")})


@require_POST
def restoration(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Makes an earlier version the newest."""
    actor = require(request, "configure")
    rule = _visible(actor, rule_id)
    number = request.POST.get("version", "")
    version = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
    try:
        changes.restore(rule, version, actor)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("rules:versions", rule_id)
    messages.success(
        request, _("The rule says again what version %(number)s said.") % {"number": version}
    )
    return redirect("rules:edit", rule_id)


def _visible(actor: Actor, rule_id: int) -> Rule:
    return get_object_or_404(Rule.objects.visible_to(actor), pk=min(rule_id, 2**63 - 1))
