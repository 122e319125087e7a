"""Reading a cursor never fails."""

import pytest

from mailflow.lib import keyset


@pytest.mark.parametrize(
    "text",
    ["", "o", "x~1", "o~", "o~-1", "o~1.5", "o~" + "9" * 28, "o~²", "n~yesterday~4",
     "o~2026-01-01T00:00:00~4", "o~2026-01-01T00:00:00+00:00~4~5", "o~" + "1" * 200, "o~\x00"],
)  # fmt: skip
def test_a_malformed_cursor_is_no_position(text: str) -> None:
    assert keyset.parse(text) is None


def test_a_cursor_with_a_moment_names_both() -> None:
    position = keyset.parse("o~2026-01-01T00:00:00+00:00~4")
    assert position is not None
    assert (position.older, position.key) == (True, 4)
    assert position.value is not None
