"""Moments as the W3C documents write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vckit.did import moment
from vckit.errors import MalformedValueError

NOW = 1_795_478_400


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T00:00:00Z",
        "2026-11-24T01:00:00+01:00",
        "2026-11-23T13:00:00-11:00",
        "2026-11-24T00:00:00.999999999Z",
    ],
)
def test_every_spelling_of_a_moment_is_read(text):
    assert moment.parse(text) == NOW


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-11-24",
            "2026-11-24T00:00:00",
            "2026-11-24 00:00:00Z",
            "2026-11-24T00:00Z",
            "Z",
            "",
        ),
        *(
            "2026-11-24t00:00:00z",
            "20261124T000000Z",
            "2026-11-24T24:00:00Z",
            "2026-02-30T00:00:00Z",
        ),
        *(
            "2026-11-24T00:00:60Z",
            "2026-11-24T00:00:00+24:00",
            "\uff12026-11-24T00:00:00Z",
            NOW,
            None,
        ),
        *(
            "2026-11-24T00:00:00.Z",
            "12026-11-24T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "2026-11-24T00:00:00Z\n",
        ),
    ],
)
def test_anything_else_is_no_moment(text):
    with pytest.raises(MalformedValueError):
        moment.parse(text)


@given(st.integers(min_value=0, max_value=253_402_300_799))
def test_a_written_moment_is_read_back(epoch):
    assert moment.parse(moment.write(epoch)) == epoch
