"""What monitors ask at the root."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from mailflow.reports.health import readiness


@login_not_required
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the program answers at all; nothing is asked of the database."""
    return JsonResponse({"ok": True})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while requests and mail can be served, else 503; one word about each part."""
    found = readiness()
    return JsonResponse({"ok": found.ok, "checks": found.checks}, status=200 if found.ok else 503)
