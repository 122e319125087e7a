"""Tables of phrases: bars and lines divide, remarks and blanks do not count."""

from mailflow.lib.phrases import phrases


def test_bars_and_lines_divide_and_remarks_are_passed_over() -> None:
    table = """
# English
not delivered | returned mail
# German
unzustellbar |
"""
    assert phrases(table) == ("not delivered", "returned mail", "unzustellbar")
