"""Saving settings from the page or the API: what they name must exist."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mailflow.accounts.permissions import Actor
from mailflow.inboxes.lookup import inbox_named
from mailflow.lib.refusals import Refused
from mailflow.preferences import changes
from mailflow.preferences.values import current


def save_settings(given: Mapping[str, Any], request: HttpRequest, actor: Actor) -> list[str]:
    """The keys that changed. Raises Refused, also for a default inbox that does not exist."""
    name = given.get("default_inbox")
    named = isinstance(name, str) and name.strip() and name.strip() != current().default_inbox
    if named and inbox_named(str(name)) is None:
        raise Refused(
            {
                "default_inbox": _(
                    "default_inbox: there is no inbox %(name)s. Make it first, or write its name "
                    "as it stands under Inboxes."
                )
                % {"name": repr(name)[:80]}
            }
        )
    return changes.save(given, actor.name, str(getattr(request, "client_address", "")))
