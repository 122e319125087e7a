"""Signing in and out."""

from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mailflow.accounts import keys, sessions
from mailflow.accounts.forms import KeyForm, PersonForm
from mailflow.accounts.permissions import Actor
from mailflow.lib.ratelimit import Refused


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page with the two ways in: the admin key, or a person's account."""
    if request.method != "POST":
        if request.actor.is_known:  # type: ignore[attr-defined]
            return HttpResponseRedirect(_next(request))
        return _page(request, KeyForm(), PersonForm())
    by_person = "person-email" in request.POST
    key_form = KeyForm(None if by_person else request.POST)
    person_form = PersonForm(request.POST if by_person else None)
    form = person_form if by_person else key_form
    if not form.is_valid():
        return _page(request, key_form, person_form, 400)
    answer = _try(request, form)
    if isinstance(answer, Actor):
        return HttpResponseRedirect(_next(request))
    if isinstance(answer, Refused):
        form.add_error(None, _too_many(answer.retry_after_s))
        response = _page(request, key_form, person_form, 429)
        response.headers["Retry-After"] = str(answer.retry_after_s)
        return response
    form.add_error(None, _wrong(by_person))
    return _page(request, key_form, person_form, 401)


@login_not_required
@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    sessions.sign_out(request)
    return HttpResponseRedirect("/login")


def _try(request: HttpRequest, form: Form) -> Actor | Refused | None:
    given = form.cleaned_data
    if isinstance(form, PersonForm):
        return sessions.sign_in_by_password(request, given["email"], given["password"])
    return sessions.sign_in_by_key(request, given["key"])


def _wrong(by_person: bool) -> str:
    if by_person:
        return _("Address and password do not belong together. Nothing was opened.")
    return _("This is not the admin key. Nothing was opened.")


def _too_many(seconds: int) -> str:
    return _("Too many tries. Wait %(seconds)s seconds and try again.") % {"seconds": seconds}


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: a page of ours, or the dashboard."""
    target = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours and not target.startswith("/login") else "/"


def _page(
    request: HttpRequest, key_form: KeyForm, person_form: PersonForm, status: int = 200
) -> HttpResponse:
    context = {
        "title": _("Sign in"),
        "key_form": key_form,
        "person_form": person_form,
        "next": _next(request),
        "dev_key": keys.DEV_KEY if keys.dev_key_is_open(request) else "",
        "no_key": not keys.admin_key(),
    }
    return render(request, "accounts/sign_in.html", context, status=status)
