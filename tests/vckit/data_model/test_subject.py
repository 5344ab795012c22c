"""The subject: what RDF would merge or pass over counts once or is refused."""

import copy

import pytest

from tests.vckit.statements import debt
from tests.vckit.w3c import HOLDER_ID, TERMS, ids
from vckit.data_model.subject import subject_of, terms_of
from vckit.errors import MalformedValueError


def subject(**members):
    return {**subject_of(TERMS, HOLDER_ID, ids()), **members}


def with_debts(change):
    found = subject()
    change(found["vorderingen"])
    return found


def node(**members):
    return {**subject()["vorderingen"][0], **members}


def refused(found):
    with pytest.raises(MalformedValueError):
        terms_of(found)


def test_terms_come_back_as_they_were():
    assert terms_of(subject()) == (TERMS, HOLDER_ID)


def test_the_terms_that_were_given_stay_as_they_are():
    given = copy.deepcopy(TERMS)
    terms_of(subject_of(given, HOLDER_ID, ids()))
    assert given == TERMS


def test_I10_the_same_debt_counts_once_wherever_it_stands():
    found = with_debts(lambda debts: debts.append(copy.deepcopy(debts[0])))
    assert terms_of(found) == (TERMS, HOLDER_ID)


def test_I10_in_another_order_of_its_types_it_is_the_same():
    turned = node(type=["gem_rioolheffing", "Vordering"])
    assert terms_of(with_debts(lambda debts: debts.append(turned))) == (TERMS, HOLDER_ID)


@pytest.mark.parametrize(
    "extra",
    [
        node(omschrijving="Anders"),
        node(saldo=1),
        {name: value for name, value in node().items() if name != "iban"},
        {"id": node()["id"]},
        {"id": node()["id"], "type": ["Vordering", "gem_rioolheffing"]},
        node()["id"],
        [node()],
        None,
        7,
    ],
)
def test_I10_a_debt_in_pieces_or_by_reference_is_refused(extra):
    refused(with_debts(lambda debts: debts.append(extra)))


@pytest.mark.parametrize(
    "identifier",
    [
        None,
        7,
        "",
        "urn:d:1",
        "urn:uuid:00000000-0000-4000-8000-00000000000A",
        "urn:uuid:00000000-0000-4000-8000-000000000001\n",
        "did:web:boxtel.example",
    ],
)
def test_a_debt_without_a_urn_uuid_is_refused(identifier):
    refused(with_debts(lambda debts: debts.__setitem__(0, node(id=identifier))))


def test_a_debt_may_not_be_the_statement_itself():
    refused(with_debts(lambda debts: debts.__setitem__(0, node(id=TERMS["opgave_kenmerk"]))))


@pytest.mark.parametrize(
    "types",
    [
        None,
        "gem_rioolheffing",
        ["Vordering"],
        ["gem_rioolheffing"],
        ["Vordering", "Vordering"],
        ["gem_leges", "gem_rioolheffing"],
        ["Vordering", "gem_rioolheffing", "gem_leges"],
        ["Vordering", 7],
        [],
    ],
)
def test_a_debt_is_a_vordering_of_one_kind(types):
    refused(with_debts(lambda debts: debts.__setitem__(0, node(type=types))))


@pytest.mark.parametrize(
    "members",
    [
        {"id": None},
        {"id": 7},
        {"vorderingen": {}},
        {"vorderingen": None},
        {"vorderingen": node()},
        {"vernieuwing_uri": "https://x.example/1", "vernieuwing_index": 1},
        {"vernieuwing_index": 1},
        {"totaal_openstaand": "85800"},
        {"totaal_openstaand": 85_800.0},
        {"geslachtsnaam": None},
        {"geslachtsnaam": ["d'Hondt"]},
        {"geslachtsnaam": {"@value": "d'Hondt"}},
        {"bronnen": {"code": "belastingen", "status": "ok"}},
        {"aangeleverd_door": {**TERMS["aangeleverd_door"], "id": "urn:x:1"}},
        {"type": ["Schuldenopgave"]},
        {"vordering_digests": TERMS["vordering_digests"] * 2},
        {"document": True},
        {"opgave_kenmerk": []},
    ],
)
def test_another_shape_is_refused(members):
    refused(subject(**members))


def test_without_a_holder_it_must_be_a_document():
    found = subject()
    del found["id"]
    refused(found)
    assert terms_of({**found, "document": True})[1] is None


def test_ids_are_of_the_credential_and_never_of_the_terms():
    assert all("id" not in one for one in terms_of(subject())[0]["vorderingen"])
    assert debt(1) in terms_of(subject())[0]["vorderingen"]
