"""The people of the demo."""

import pytest
from stdnum.nl import bsn as bsn_rules

from holder_demo import persons
from vckit import strict_json
from vckit.errors import ConfigurationError

EXPECTED = {
    "residents": [
        {"bsn": "999291415", "name": "José d'Hondt", "born": "1974-08-21"},
        {"bsn": "999353378", "name": "Piotr van der Heijden", "born": "1972-09-21"},
    ]
}


def test_the_first_word_of_a_name_is_the_given_name():
    first, second = persons.residents_of(EXPECTED)
    assert (first.given_name, first.family_name, first.name) == ("José", "d'Hondt", "José d'Hondt")
    assert (second.given_name, second.family_name) == ("Piotr", "van der Heijden")


def test_nobody_logs_in_under_a_bsn():
    everybody = [*persons.residents_of(EXPECTED), *persons.others(persons.residents_of(EXPECTED))]
    assert not any(person.bsn and person.bsn in person.login for person in everybody)
    assert len({person.login for person in everybody}) == len(everybody)


def test_the_representative_acts_for_a_resident_and_who_works_has_a_role_and_no_bsn():
    acting, *staff = persons.others(persons.residents_of(EXPECTED))
    assert acting.represents_bsn == "999291415"
    assert bsn_rules.is_valid(acting.bsn)
    assert {(person.kind, person.roles) for person in staff} == {
        ("desk", ("balie",)),
        ("counsellor", ("counsellor",)),
    }
    assert not any(person.bsn for person in staff)


def test_people_come_back_from_their_file(tmp_path):
    people = [*persons.residents_of(EXPECTED), *persons.others(persons.residents_of(EXPECTED))]
    persons.write_persons(tmp_path / "people.json", people)
    assert persons.read_persons(tmp_path / "people.json") == people


def test_the_registration_holds_who_has_a_bsn_and_for_whom_they_act(tmp_path):
    people = [*persons.residents_of(EXPECTED), *persons.others(persons.residents_of(EXPECTED))]
    persons.write_registration(tmp_path / "persons.json", people)
    entries = strict_json.loads((tmp_path / "persons.json").read_bytes())
    assert entries[0] == {
        "bsn": "999291415",
        "family_name": "d'Hondt",
        "given_name": "José",
        "birthdate": "1974-08-21",
    }
    assert entries[2]["represents_bsn"] == "999291415"
    assert len(entries) == 3


@pytest.mark.parametrize("content", [b"", b"{}x", b"[1]", b'[{"naam":"x"}]'])
def test_another_file_is_no_list_of_people(tmp_path, content):
    (tmp_path / "people.json").write_bytes(content)
    with pytest.raises(ConfigurationError):
        persons.read_persons(tmp_path / "people.json")
