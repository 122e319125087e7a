"""What every template may read without its view passing it."""

from typing import Any

from django.http import HttpRequest

from mailflow.web import appearance


def page(request: HttpRequest) -> dict[str, Any]:
    """`look.theme`: one of `appearance.THEMES`."""
    return {"look": {"theme": appearance.theme(request.COOKIES.get(appearance.THEME_COOKIE))}}
