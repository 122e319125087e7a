"""Finding people and teams by the names that others type."""

from mailflow.accounts.models import Team, User
from mailflow.lib.refusals import Refused


def person_named(name: str, field: str = "assignee") -> User | None:
    """The active person with this e-mail address; None for an empty name. Raises Refused."""
    if not name.strip():
        return None
    user = User.objects.filter(username=name.strip().lower(), is_active=True).first()
    if user is None:
        raise Refused(
            {field: f"Nobody here has the address {name!r}. Add them with `mailflow user add`."}
        )
    return user


def team_named(name: str, field: str = "team") -> Team | None:
    """The team of this name; None for an empty name. Raises Refused."""
    if not name.strip():
        return None
    team = Team.objects.filter(name=name.strip()).first()
    if team is None:
        raise Refused({field: f"There is no team {name!r}. Make it, or leave the field empty."})
    return team
