"""JSON that two readers could understand differently is refused, and nothing takes long."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.lib.json_body import BadJson, read_json

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(
        exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(
        exclude_categories=["Cs"], exclude_characters="\0"), max_size=5), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(PLAIN)
def test_plain_json_is_read_as_it_is(value):
    assert read_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"\xff", b"{'a':1}", b'{"a":1,"a":2}', b'[{"a":{"b":1,"b":1}}]', b"NaN",
        b"[Infinity]", b"1e999", b"9" * 5_000_000, b"9223372036854775808", b"-9223372036854775809",
        b'"\\u0000"', b'{"\\u0000":1}', b'"\\ud800"', b"[" * 100_000, b"[" * 100 + b"]" * 100,
        b'{"a":' * 100_000, b'{"a":1} x',
    ],
)  # fmt: skip
def test_the_rest_is_refused_with_a_sentence(content):
    started = time.process_time()
    with pytest.raises(BadJson, match=r"\w.*\.$"):
        read_json(content)
    assert time.process_time() - started < 1
