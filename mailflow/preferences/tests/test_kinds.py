"""What each kind of setting takes and refuses."""

from typing import Any

import pytest

from mailflow.preferences import kinds
from mailflow.preferences.registry import MENDS, SETTINGS

TAKEN: list[tuple[kinds.Kind, Any, Any]] = [
    (kinds.Line(), "  Support ", "Support"),
    (kinds.Line(), "می\u200cخواهم", "می\u200cخواهم"),
    (kinds.Number(1, 10), "7", 7),
    (kinds.Number(1, 10), 10, 10),
    (kinds.Flag(), "yes", True),
    (kinds.Flag(), 0, False),
    (kinds.Flag(), True, True),
    (kinds.Choice(("low", "high")), " HIGH ", "high"),
    (kinds.Address(), "Ada@Example.COM", "ada@example.com"),
    (kinds.Address(), "", ""),
    (kinds.Address(), "ada@bücher.example", "ada@xn--bcher-kva.example"),
    (kinds.Addresses(), "a@x.example, b@x.example,a@X.example", ("a@x.example", "b@x.example")),
    (kinds.Addresses(), '["a@x.example"]', ("a@x.example",)),
    (kinds.Addresses(), ["a@x.example"], ("a@x.example",)),
    (kinds.Addresses(), "", ()),
    (kinds.Url(), "http://localhost:11434", "http://localhost:11434"),
    (kinds.Domain(), "Reply.Example.com.", "reply.example.com"),
    (kinds.Key(16), "0123456789abcdef", "0123456789abcdef"),
]

REFUSED: list[tuple[kinds.Kind, Any]] = [
    (kinds.Line(), "two\nlines"),
    (kinds.Line(), "\ud800"),
    (kinds.Line(3), "four"),
    (kinds.Line(), 7),
    (kinds.Number(1, 10), 0),
    (kinds.Number(1, 10), 11),
    (kinds.Number(1, 10), "7.5"),
    (kinds.Number(1, 10), True),
    (kinds.Number(1, 10), "٧"),
    (kinds.Number(1, 10), 1e3),
    (kinds.Flag(), "perhaps"),
    (kinds.Flag(), 2),
    (kinds.Flag(), None),
    (kinds.Choice(("low",)), "none"),
    (kinds.Choice(("low",)), None),
    (kinds.Address(), "ada"),
    (kinds.Address(), "ada@x\r\nBcc: eve@x"),
    (kinds.Address(), "ada@-x.example"),
    (kinds.Address(), "a@b@c"),
    (kinds.Addresses(), "a@x.example, nobody"),
    (kinds.Addresses(), "[" * 5000),
    (kinds.Addresses(), [7]),
    (kinds.Url(), "javascript:alert(1)"),
    (kinds.Url(), "http://[::1"),
    (kinds.Url(), "http:// x"),
    (kinds.Domain(), "a b"),
    (kinds.Key(16), "short"),
    (kinds.Key(), "white space"),
]


@pytest.mark.parametrize(("kind", "given", "value"), TAKEN)
def test_a_good_value_is_taken_and_reads_back_the_same(kind: Any, given: Any, value: Any) -> None:
    assert kind.parse(given) == value
    assert kind.parse(kind.text(value)) == value


@pytest.mark.parametrize(("kind", "given"), REFUSED)
def test_a_bad_value_is_refused_with_its_mend(kind: Any, given: Any) -> None:
    with pytest.raises(kinds.BadValue, match="Write"):
        kind.parse(given)


def test_every_default_is_a_value_of_its_kind() -> None:
    for setting in SETTINGS.values():
        kind: Any = setting.kind
        assert kind.parse(kind.text(setting.default)) == setting.default, setting.key


def test_every_mend_is_offered_for_translation() -> None:
    assert [str(mend) for mend in MENDS] == list(kinds.MENDS)
