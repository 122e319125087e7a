"""Who acts, and what they may do. Pure."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["admin", "manager", "agent", "viewer", "none"]
Ability = Literal["read", "work", "configure", "administer"]

# read: see mail and tickets; work: answer, tag, assign; configure: rules and inboxes;
# administer: settings, people, keys, and the test of mail.
_ABILITIES: dict[Role, frozenset[Ability]] = {
    "admin": frozenset({"read", "work", "configure", "administer"}),
    "manager": frozenset({"read", "work", "configure"}),
    "agent": frozenset({"read", "work"}),
    "viewer": frozenset({"read"}),
    "none": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks: a person, a key, or the program itself.

    `inbox_ids` limits what is visible; None is every inbox. `name` is what the history shows.
    """

    kind: Literal["admin_key", "user", "api_key", "system", "anonymous"]
    name: str
    role: Role
    user_id: int | None = None
    inbox_ids: frozenset[int] | None = None

    @property
    def is_known(self) -> bool:
        """Whether anybody at all stands behind the request."""
        return self.kind != "anonymous"

    def may(self, ability: Ability) -> bool:
        """Whether this actor's role allows it."""
        return ability in _ABILITIES[self.role]


ANONYMOUS = Actor("anonymous", "", "none", inbox_ids=frozenset())
SYSTEM = Actor("system", "MailFlow", "admin")
ADMIN_KEY = Actor("admin_key", "admin key", "admin")
