import json

import pytest

from issuer.person import Person, find_person
from tests.issuer.town import ANNA
from vckit.errors import ConfigurationError


def test_a_person_survives_the_store():
    odd = Person("123456782", "d'Ñ\"öt", "Łucja ☃", "1980-02-29")
    assert Person.from_json(odd.to_json()) == odd


def test_somebody_is_found_by_bsn(town):
    path = town.config.desk.persons_file
    assert find_person(path, ANNA.bsn) == ANNA
    assert find_person(path, "000000012") is None


@pytest.mark.parametrize(
    "content", ["", "{}", json.dumps([{"bsn": "123456782"}]), json.dumps(["x"]), "[1"]
)
def test_a_list_that_is_none_is_refused(tmp_path, content):
    path = tmp_path / "persons.json"
    path.write_text(content, "utf-8")
    with pytest.raises(ConfigurationError, match="persons_file"):
        find_person(path, ANNA.bsn)


def test_an_absent_list_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="persons_file"):
        find_person(tmp_path / "geen.json", ANNA.bsn)
