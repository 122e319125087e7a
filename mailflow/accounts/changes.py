"""Every write about people and teams."""

from collections.abc import Sequence

from django.db import transaction

from mailflow.accounts.models import Team, User
from mailflow.history.changes import record
from mailflow.lib.addresses import address_of
from mailflow.lib.refusals import Conflict, Refused


def add_user(address: str, name: str, role: str, teams: Sequence[str], actor: str) -> User:
    """A new person, whom mail can be assigned to; teams that are missing are made.

    They have no password: nobody signs in as them with one. Raises Refused, nothing changed then.
    """
    username = address_of(address)
    if username is None:
        raise Refused({"address": f"{address!r} is no e-mail address. Write name@domain."})
    if role not in User.RoleName.values:
        raise Refused({"role": f"There is no role {role!r}. Write {', '.join(User.RoleName)}."})
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise Conflict({"address": f"{username} is here already."})
        first, _, last = name.strip().partition(" ")
        user = User(username=username, email=username, first_name=first, last_name=last, role=role)
        user.set_unusable_password()
        user.save()
        for team in teams:
            Team.objects.get_or_create(name=team.strip())[0].members.add(user)
        record("user_added", f"{username} as {role}", actor=actor, subject=("user", user.pk))
    return user
