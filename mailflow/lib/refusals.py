"""Pure: how a change that was asked for is refused. Nothing was changed when one is raised."""

from collections.abc import Mapping


class Refused(ValueError):
    """What was given cannot be used. `problems` has a sentence for each field at fault.

    Pages show them at their fields; the API answers 422 `invalid_field` with the first.
    """

    code = "invalid_field"
    status = 422

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)

    @property
    def field(self) -> str:
        """The first field at fault."""
        return next(iter(self.problems), "")


class Conflict(Refused):
    """It would be fine, if something else were not in the way (409 `conflict`)."""

    code = "conflict"
    status = 409
