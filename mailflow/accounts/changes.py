"""Every write about people and teams."""

from collections.abc import Sequence

from django.db import transaction

from mailflow.accounts.models import Team, User
from mailflow.history.changes import record
from mailflow.lib.addresses import address_of
from mailflow.lib.refusals import Conflict, Refused

SHORTEST_PASSWORD = 12


def add_user(
    address: str, name: str, role: str, teams: Sequence[str], actor: str, password: str = ""
) -> User:
    """A new person, whom mail can be assigned to; teams that are missing are made.

    Without a password they cannot sign in. Raises Refused, nothing changed then.
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
        user.set_password(_usable(password) if password else None)  # None: none will ever fit
        user.save()
        for team in teams:
            Team.objects.get_or_create(name=team.strip())[0].members.add(user)
        record("user_added", f"{username} as {role}", actor=actor, subject=("user", user.pk))
    return user


def set_password(user: User, password: str, actor: str) -> None:
    """The person signs in with this from now on; their sessions end. Raises Refused."""
    with transaction.atomic():
        user.set_password(_usable(password))
        user.save(update_fields=["password"])
        record(
            "user_changed", f"password of {user.username}", actor=actor, subject=("user", user.pk)
        )


def _usable(password: str) -> str:
    # NIST SP 800-63B 3.1.1.2: length, not kinds of characters.
    if len(password) < SHORTEST_PASSWORD:
        mend = f"A password has at least {SHORTEST_PASSWORD} characters. Use a longer one."
        raise Refused({"password": mend})
    return password
