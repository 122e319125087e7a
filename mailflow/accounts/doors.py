"""The question every view and route asks first."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from mailflow.accounts.permissions import Ability, Actor


def require(request: HttpRequest, ability: Ability) -> Actor:
    """Who asks, if their role allows it. Raises PermissionDenied: a 403 page, or `forbidden`."""
    actor = cast(Actor, request.actor)  # type: ignore[attr-defined]
    if not actor.may(ability):
        raise PermissionDenied
    return actor
