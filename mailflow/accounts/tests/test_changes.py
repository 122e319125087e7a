"""People are added whole or not at all."""

import pytest

from mailflow.accounts.changes import add_user, set_password
from mailflow.accounts.models import Team, User
from mailflow.history.models import Event
from mailflow.lib.refusals import Conflict, Refused

pytestmark = pytest.mark.django_db


def test_a_person_is_added_with_their_teams() -> None:
    user = add_user("Ada@Demo.example", "Ada King", "manager", ["Support"], actor="cli")
    assert (user.username, user.display_name, user.role) == (
        "ada@demo.example", "Ada King", "manager",
    )  # fmt: skip
    assert list(user.teams.values_list("name", flat=True)) == ["Support"]
    assert not user.has_usable_password()
    assert Event.objects.get().kind == "user_added"


@pytest.mark.parametrize(("address", "role"), [("ada", "agent"), ("ada@demo.example", "king")])
def test_what_cannot_be_is_refused_and_nothing_changes(address: str, role: str) -> None:
    with pytest.raises(Refused):
        add_user(address, "", role, ["Support"], actor="cli")
    assert (User.objects.count(), Team.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_nobody_is_added_twice() -> None:
    add_user("ada@demo.example", "", "agent", [], actor="cli")
    with pytest.raises(Conflict, match="here already"):
        add_user("ADA@demo.example", "", "agent", ["Support"], actor="cli")
    assert Team.objects.count() == 0


def test_a_password_is_long_enough_or_refused() -> None:
    user = add_user("ada@demo.example", "", "agent", [], "cli", password="correct horse battery")
    assert user.check_password("correct horse battery")
    with pytest.raises(Refused, match="at least 12"):
        set_password(user, "short", actor="cli")
    set_password(user, "another long password", actor="cli")
    user.refresh_from_db()
    assert user.check_password("another long password")
    assert "another" not in "".join(Event.objects.values_list("summary", flat=True))
