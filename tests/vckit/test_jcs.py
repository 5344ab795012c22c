"""JSON canonicalisation (RFC 8785)."""

import pytest

from vckit.errors import MalformedValueError
from vckit.jcs import canonicalize


def test_the_example_of_rfc_8785_3_2_3_sorts_by_utf_16():
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "ö": 7}
    order = ["\\r", "1", "\x80", "ö", "\u20ac", "\U0001f600", "\ufb33"]
    text = canonicalize(value).decode()
    assert sorted(order, key=lambda name: text.index(f'"{name}"')) == order


def test_numbers_take_their_shortest_form():
    assert canonicalize([1.0, 1e21, 0.001, -0.0, 333]) == b"[1,1e+21,0.001,0,333]"


@pytest.mark.parametrize("value", [2**53, float("nan"), {1: 2}, {"a": object()}, "\ud800", b""])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(MalformedValueError):
        canonicalize(value)
