"""Where the demo's exports and people come from."""

import shutil

import pytest

from holder_demo.demo import residents
from vckit.errors import ConfigurationError

SAMPLE = residents.packaged("sample")


@pytest.fixture
def data(tmp_path):
    return shutil.copytree(SAMPLE, tmp_path / "data")


def test_the_sample_has_forty_residents_somebody_acting_and_who_works():
    people = residents.people(SAMPLE)
    kinds = [person.kind for person in people]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "resident": 40,
        "representative": 1,
        "desk": 1,
        "counsellor": 2,
    }


def test_exports_without_a_list_of_people_get_the_samples(data):
    (data / "expected.json").unlink()
    assert residents.people(data) == residents.people(SAMPLE)


def test_any_change_of_an_export_is_seen(data):
    before = residents.fingerprint(data)
    assert before == residents.fingerprint(SAMPLE)
    for _, _, _, name in residents.EXPORTS:
        path = data / name
        path.write_bytes(path.read_bytes() + b" ")
        assert residents.fingerprint(data) != before
        before = residents.fingerprint(data)


def test_a_missing_export_is_named(data):
    (data / "boxtel" / "belastingen.csv").unlink()
    with pytest.raises(ConfigurationError, match=r"ontbreekt boxtel/belastingen\.csv"):
        residents.fingerprint(data)


def test_what_is_no_folder_is_told(data):
    for path in (data / "expected.json", data / "absent"):
        with pytest.raises(ConfigurationError, match="geen map"):
            residents.fingerprint(path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"residents": []}', '{"residents": [1]}'])
def test_a_list_of_people_that_cannot_be_read_is_told(data, content):
    (data / "expected.json").write_text(content, "utf-8")
    with pytest.raises(ConfigurationError, match=r"expected\.json"):
        residents.people(data)
