"""The debt statement as a credential of data model 2.0 or 1.1."""

import pytest
from hypothesis import given, settings

from tests.vckit.generated import statements
from tests.vckit.statements import ISSUED, debt
from tests.vckit.w3c import (
    BOXTEL,
    CONTEXT,
    DOCUMENT,
    EXPIRES,
    HOLDER_ID,
    SCHEMA,
    STATUSES,
    TERMS,
    envelope,
    ids,
    stated,
)
from vckit import data_model
from vckit.data_model import V2, V11, build_v2, build_v11
from vckit.errors import MalformedValueError
from vckit.sd_jwt import Validity
from vckit.status import StatusReference

BUILDERS = {"2.0": build_v2, "1.1": build_v11}
every_version = pytest.mark.parametrize("build", BUILDERS.values(), ids=BUILDERS)


def built(build=build_v2, stated=TERMS, **changes):
    return build(stated, envelope(**changes))


def read(document):
    return data_model.read(document, context_url=CONTEXT)


def refused(document):
    with pytest.raises(MalformedValueError):
        read(document)


@every_version
@settings(max_examples=30, deadline=None)
@given(terms=statements())
def test_every_statement_comes_back(build, terms):
    assert read(built(build, terms)).terms == terms


@every_version
def test_what_it_says_beside_the_terms_comes_back(build):
    found = read(built(build))
    assert (found.issuer, found.holder_id) == (BOXTEL.did, HOLDER_ID)
    assert found.validity == Validity(ISSUED, ISSUED, EXPIRES)
    assert found.statuses == STATUSES


def test_data_model_2_0_as_it_is_written():
    assert built(stated=stated(debt(1, omschrijving="Riool"))) == {
        "@context": [V2.base, CONTEXT],
        "id": TERMS["opgave_kenmerk"],
        "type": ["VerifiableCredential", "Schuldenopgave"],
        "issuer": BOXTEL.did,
        "validFrom": "2026-11-24T10:30:00Z",
        "validUntil": "2026-12-24T10:30:00Z",
        "credentialStatus": [
            {
                "type": "BitstringStatusListEntry",
                "statusPurpose": each.purpose,
                "statusListIndex": str(each.index),
                "statusListCredential": each.uri,
            }
            for each in STATUSES
        ],
        "credentialSchema": {"id": SCHEMA, "type": "JsonSchema"},
        "credentialSubject": {
            "id": HOLDER_ID,
            **stated(debt(1)),
            "vorderingen": [
                {
                    "id": ids()(),
                    **debt(1, omschrijving="Riool"),
                    "type": ["Vordering", "gem_rioolheffing"],
                }
            ],
        },
    }


def test_data_model_1_1_has_its_own_names_and_always_its_context_inline():
    document = built(build_v11)
    first, second = document["@context"]
    assert first == V11.base
    assert second["@protected"] is True
    assert document["issuanceDate"] == "2026-11-24T10:30:00Z"
    assert document["expirationDate"] == "2026-12-24T10:30:00Z"
    assert "validFrom" not in document
    assert read(built(build_v11, context_url=None)).version is V11


def test_the_context_is_a_copy():
    built(build_v11)["@context"][1].clear()
    built(context_url=None)["@context"][1].clear()
    assert read(built(build_v11)).version is V11
    assert read(built(context_url=None)).version is V2


@every_version
def test_debts_get_their_ids_in_order(build):
    nodes = built(build)["credentialSubject"]["vorderingen"]
    new_id = ids()
    assert [node["id"] for node in nodes] == [new_id(), new_id()]
    fresh = built(build, new_id=data_model.random_id)["credentialSubject"]["vorderingen"]
    assert len({node["id"] for node in fresh}) == 2


@every_version
def test_a_document_has_no_holder(build):
    document = built(build, DOCUMENT, holder_id=None)
    assert "id" not in document["credentialSubject"]
    assert read(document).holder_id is None
    refused({**document, "credentialSubject": {"id": HOLDER_ID, **document["credentialSubject"]}})


@every_version
@pytest.mark.parametrize(
    "name", ["@context", "id", "type", "issuer", "credentialSubject", "validFrom|issuanceDate"]
)
def test_what_must_be_there(build, name):
    document = built(build)
    for one in name.split("|"):
        document.pop(one, None)
    refused(document)


@every_version
@pytest.mark.parametrize("name", ["credentialSchema", "credentialStatus", "until"])
def test_what_may_be_missing_for_the_data_model(build, name):
    """Whether it may for a debt statement is judged by who reads it."""
    document = built(build)
    version = data_model.version_of(document, CONTEXT)
    del document[version.until if name == "until" else name]
    found = read(document)
    assert found.terms == TERMS
    if name == "until":
        assert found.validity.expires is None


@pytest.mark.parametrize(
    "members",
    [
        {"id": None},
        {"id": "urn:uuid:8a3e0b4e-1111-4222-8333-000000000000"},
        {"id": "https://boxtel.example/credentials/1"},
        {"type": "Schuldenopgave"},
        {"type": ["VerifiableCredential"]},
        {"type": ["VerifiableCredential", "Schuldenopgave", "Schuldenopgave"]},
        {"type": ["VerifiableCredential", "Schuldenopgave", "BitstringStatusListCredential"]},
        {"type": [["VerifiableCredential"], "Schuldenopgave"]},
        {"issuer": None},
        {"issuer": {"id": None}},
        {"issuer": [BOXTEL.did]},
        {"issuer": "https://boxtel.example"},
        {"validFrom": None},
        {"validFrom": "2026-11-24"},
        {"validFrom": "2026-11-24T10:30:00"},
        {"validFrom": "2026-02-30T10:30:00Z"},
        {"validFrom": ISSUED},
        {"validUntil": None},
        {"validUntil": "2026-11-24T10:30:00Z"},
        {"issuanceDate": "2026-11-24T10:30:00Z"},
        {"credentialSubject": []},
        {"credentialSubject": None},
        {"credentialSchema": None},
        {"credentialSchema": SCHEMA},
        {"credentialSchema": {"id": SCHEMA}},
        {"credentialSchema": [{"type": "JsonSchema"}]},
        {"credentialStatus": None},
        {"credentialStatus": STATUSES[0].uri},
        {"verified": True},
        {"holder": HOLDER_ID},
        {"proof": {}},
        {"@id": "urn:x:1"},
    ],
)
def test_another_value_is_refused(members):
    refused({**built(), **members})


@pytest.mark.parametrize("name", ["termsOfUse", "evidence", "refreshService"])
@every_version
def test_K09_I34_members_that_both_versions_define_are_passed_over(build, name):
    document = {**built(build), name: {"id": "https://tracker.example/"}}
    assert read(document) == read(built(build))


@pytest.mark.parametrize(
    "name", ["name", "description", "renderMethod", "relatedResource", "confidenceMethod"]
)
def test_K09_I34_members_of_data_model_2_0_are_not_of_1_1(name):
    members = {name: {"id": "https://tracker.example/"}}
    assert read({**built(), **members}) == read(built())
    refused({**built(build_v11), **members})


def test_I40_an_issuer_with_a_name_is_its_id():
    named = {"id": BOXTEL.did, "name": "<script>", "image": "https://tracker.example/"}
    assert read({**built(), "issuer": named}).issuer == BOXTEL.did


def test_a_moment_in_another_zone_is_the_same_moment():
    found = read({**built(), "validFrom": "2026-11-24T11:30:00.999+01:00"})
    assert found.validity.not_before == ISSUED


@every_version
def test_a_status_list_of_another_mechanism_is_not_written(build):
    elsewhere = StatusReference("refresh", "https://boxtel.example/status/2", 1)
    with pytest.raises(MalformedValueError):
        built(build, statuses=(STATUSES[0], elsewhere))


@pytest.mark.parametrize("statuses", [(), STATUSES[1:], (STATUSES[0], STATUSES[0])])
def test_data_model_1_1_has_exactly_one_entry(statuses):
    with pytest.raises(MalformedValueError):
        built(build_v11, statuses=statuses)


def test_data_model_1_1_without_a_refresh():
    assert read(built(build_v11, statuses=STATUSES[:1])).statuses == STATUSES[:1]
