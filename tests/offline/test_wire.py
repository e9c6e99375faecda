"""Values survive the way over Pulumi's wire, and secrets keep their mark."""

from hypothesis import given
from hypothesis import strategies as st

from offline import wire

PLAIN = st.recursive(
    st.booleans() | st.integers(-(2**50), 2**50) | st.text(max_size=8) | st.floats(-1e6, 1e6).filter(lambda x: x % 1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
SECRET = {wire.SIGNATURE: wire.SECRET_SIGNATURE, "value": "hunter2"}


@given(st.dictionaries(st.text(max_size=5), PLAIN, max_size=4))
def test_plain_properties_come_back_as_they_went(properties):
    assert wire.plain(wire.to_struct(properties)) == properties


def test_a_marked_key_comes_back_as_a_secret():
    assert wire.plain(wire.to_struct({"a": "hunter2", "b": 1}, frozenset({"a"}))) == {"a": SECRET, "b": 1}


def test_a_secret_is_found_at_any_depth():
    assert wire.holds_secret({"a": [{"b": SECRET}]})


def test_masking_hides_only_the_secret():
    assert wire.mask({"a": [{"b": SECRET, "c": 1}]}) == {"a": [{"b": "[secret]", "c": 1}]}


def test_revealing_gives_the_clear_value():
    assert wire.reveal({"a": [SECRET]}) == {"a": ["hunter2"]}
