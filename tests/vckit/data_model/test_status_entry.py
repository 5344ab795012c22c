"""`credentialStatus`: plain entries of Bitstring Status Lists, one for each purpose."""

import pytest

from tests.vckit.w3c import STATUSES
from vckit.data_model.status_entry import entries_of, references_of
from vckit.errors import MalformedValueError
from vckit.status import StatusReference

ENTRY = entries_of(STATUSES)[0]


def test_references_come_back():
    assert references_of(entries_of(STATUSES)) == STATUSES
    assert references_of(ENTRY) == STATUSES[:1]
    assert references_of([]) == ()


@pytest.mark.parametrize(
    "members",
    [
        {"id": "https://boxtel.example/status/bitstring/1#7"},
        {"type": ["BitstringStatusListEntry"]},
        {"statusSize": 1},
    ],
)
def test_what_else_an_entry_may_say(members):
    assert references_of({**ENTRY, **members}) == STATUSES[:1]


@pytest.mark.parametrize("index", ["0", "131071", "999999999999999"])
def test_an_index_is_a_number_in_a_string(index):
    (found,) = references_of({**ENTRY, "statusListIndex": index})
    assert found.index == int(index)


@pytest.mark.parametrize(
    "members",
    [
        {"statusSize": 2},
        {"statusSize": 0},
        {"statusSize": True},
        {"statusSize": "1"},
        {"statusSize": 1.0},
        {"statusMessage": []},
        {"statusReference": "https://tracker.example/"},
        {"statusListIndex": 7},
        {"statusListIndex": "-1"},
        {"statusListIndex": "07"},
        {"statusListIndex": "7\n"},
        {"statusListIndex": "\u0667"},
        {"statusListIndex": "1" * 16},
        {"statusPurpose": None},
        {"statusPurpose": ["revocation"]},
        {"statusListCredential": None},
        {"type": "StatusList2021Entry"},
        {"type": None},
        {"id": None},
        {"verified": True},
    ],
)
def test_L11_another_entry_is_refused(members):
    with pytest.raises(MalformedValueError):
        references_of({**ENTRY, **members})


@pytest.mark.parametrize("entries", [None, "x", {}, [None], [[ENTRY]], [ENTRY, ENTRY]])
def test_what_is_no_list_of_entries_is_refused(entries):
    with pytest.raises(MalformedValueError):
        references_of(entries)


def test_two_entries_of_one_purpose_are_refused():
    """One of both would decide, and nobody said which."""
    other = {**ENTRY, "statusListIndex": "8"}
    with pytest.raises(MalformedValueError):
        references_of([ENTRY, other])


def test_a_token_status_list_is_not_written_here():
    with pytest.raises(MalformedValueError):
        entries_of([StatusReference("revocation", "https://boxtel.example/status/1", 1)])
