"""JSON Schema: strict, local, and silent about the values of what it refuses."""

import pytest

import contexts
from tests.vckit.statements import debt, terms
from vckit import json_schema
from vckit.errors import MalformedValueError

SCHEMA = "schemas/schuldenopgave/1"
SECRET = "999291415 geheim"


def refused(document):
    with pytest.raises(MalformedValueError) as caught:
        json_schema.validate(document, SCHEMA)
    assert SECRET not in str(caught.value)
    return caught.value.detail.rpartition(" ")[2]


def test_a_statement_is_valid_by_key_and_by_identifier():
    json_schema.validate(terms(debt()), SCHEMA)
    json_schema.validate(terms(debt()), f"https://w3id.org/blauwe-knop/{SCHEMA}")


@pytest.mark.parametrize("name", ["schemas/onbekend/1", "https://elders.example/schema", "", "/"])
def test_an_unknown_schema_is_never_fetched(name):
    with pytest.raises(contexts.UnknownDocumentError):
        json_schema.validate({}, name)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"onbekend": SECRET}, "/"),
        ({"opgave_kenmerk": SECRET}, "/opgave_kenmerk"),
        ({"peildatum": "2026-11-20"}, "/peildatum"),
        ({"peildatum": "2026-11-20T23:00:00Z\n"}, "/peildatum"),
        ({"peildatum": "2026-11-20T23:00:00+01:00"}, "/peildatum"),
        ({"gemeentecode": "GM07570"}, "/gemeentecode"),
        ({"gemeentecode": "0757"}, "/gemeentecode"),
        ({"aangeleverd_door": {"naam": SECRET, "oin": "1" * 19}}, "/aangeleverd_door/oin"),
        ({"aangeleverd_door": {"naam": SECRET, "oin": "\u0661" * 20}}, "/aangeleverd_door/oin"),
        ({"volledigheid": SECRET}, "/volledigheid"),
        ({"bronnen": []}, "/bronnen"),
        ({"totaal_openstaand": -1}, "/totaal_openstaand"),
        ({"totaal_openstaand": 1.0}, "/totaal_openstaand"),
        ({"totaal_openstaand": True}, "/totaal_openstaand"),
        ({"totaal_openstaand": "1"}, "/totaal_openstaand"),
        ({"totaal_openstaand": 2**53}, "/totaal_openstaand"),
        ({"totalen_minimaal": False}, "/totalen_minimaal"),
        ({"document": 1}, "/document"),
        ({"bsn": SECRET}, "/bsn"),
        ({"geslachtsnaam": "x\u0000" + SECRET}, "/geslachtsnaam"),
        ({"geslachtsnaam": ""}, "/geslachtsnaam"),
        ({"geboortedatum": "21-08-1974"}, "/geboortedatum"),
        ({"vernieuwing_uri": "javascript:alert(1)"}, "/vernieuwing_uri"),
        ({"vernieuwing_index": None}, "/"),
        ({"contact_schuldhulp": None}, "/"),
        ({"vorderingen": None}, "/"),
        ({"vorderingen": [{}]}, "/vorderingen/0"),
        ({"vordering_digests": ["x"]}, "/vordering_digests/0"),
    ],
)
def test_a_statement_with_something_else_is_refused_by_place(changes, place):
    assert refused(terms(**changes)) == place


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"onbekend": SECRET}, ""),
        ({"zout": None}, ""),
        ({"saldo": None}, ""),
        ({"saldo": 1.5}, "/saldo"),
        ({"saldo": float(42_900)}, "/saldo"),
        ({"zout": "kort"}, "/zout"),
        ({"type": "Gem Ozb"}, "/type"),
        ({"type": "gem_ozb\n"}, "/type"),
        ({"categorie": SECRET}, "/categorie"),
        ({"fase": SECRET}, "/fase"),
        ({"markeringen": ["betwist", SECRET]}, "/markeringen/1"),
        ({"markeringen": ["betwist", "betwist"]}, "/markeringen"),
        ({"vervaldatum": "2026-13-01"}, "/vervaldatum"),
        ({"vervaldatum": "2026-01-01T00:00:00Z"}, "/vervaldatum"),
        ({"iban": "nl02abna0123456789"}, "/iban"),
        ({"schuldeiser": {"naam": SECRET}}, "/schuldeiser"),
        ({"schuldeiser": {"naam": SECRET, "oin": "1" * 20, "kvk": "1"}}, "/schuldeiser"),
        ({"betalingsregeling": {}}, "/betalingsregeling"),
        ({"betalingsregeling": {"bedrag_per_termijn": "50"}}, "/betalingsregeling"),
    ],
)
def test_a_debt_with_something_else_is_refused_by_place(changes, place):
    document = terms(debt(), vorderingen=[debt(1), debt(2, **changes)])
    assert refused(document).startswith(f"/vorderingen/1{place}")


def test_every_optional_term_of_a_debt_is_taken():
    full = debt(
        niet_bekend=["opeisbaar_bedrag"],
        beschikkingsnummer="B1",
        oorspronkelijk_kenmerk="O1",
        belastingjaar=2025,
        juridische_grondslag_bron="wetten.overheid.nl",
        invorderaar={"oin": "1" * 20, "naam": "Belastingkantoor"},
        in_behandeling_bij={"soort": "deurwaarder", "naam": "De Vries", "dossiernummer": "D1"},
        overdracht="incasso_opdracht",
        ontstaansdatum="2026-01-01",
        periode="2025",
        kosten_overig=0,
        rente=0,
        rente_tot="2026-11-20",
        kwijtgescholden=0,
        gecorrigeerd=-1,
        achterstand_sinds="2026-03-16",
        fase_sinds="2026-05-01",
        volgende_stap="beslag",
        volgende_stap_datum="2026-12-01",
        markeringen=["betwist", "beslag"],
        rang_grondslag="Gemeentewet artikel 249",
        aansprakelijkheid="hoofdelijk",
        aantal_medeschuldenaren=1,
        zakelijk=False,
        inlichtingenplicht=False,
        verjaringsdatum="2031-03-15",
        laatste_stuiting="2026-05-01",
        betaalwijze="overschrijving",
        tenaamstelling="Gemeente Boxtel",
        betalingskenmerk="1234",
        betalingsregeling={
            "bedrag_per_termijn": 5_000,
            "frequentie": "maand",
            "start": "2026-06-01",
            "eind": "2027-06-01",
            "resterend": 8,
            "nagekomen": True,
            "vervallen_sinds": "2026-10-01",
        },
        beslag={
            "soort": "loonbeslag",
            "sinds": "2026-08-01",
            "bedrag_per_maand": 7_500,
            "beslaglegger": "De Vries",
            "rangorde": 1,
        },
        rechtsmiddel={
            "soort": "bezwaar",
            "status": "mogelijk",
            "termijn_einddatum": "2026-12-31",
            "intake": "https://boxtel.example/bezwaar",
        },
    )
    json_schema.validate(terms(full), SCHEMA)
    assert set(full) == set(schema_terms())


def schema_terms():
    import json

    return json.loads(contexts.own(SCHEMA))["$defs"]["debt"]["properties"]


WITHIN = {
    "components": {
        "schemas": {
            "Name": {"type": "string", "maxLength": 5},
            "Person": {
                "type": "object",
                "required": ["name", "born"],
                "properties": {
                    "name": {"$ref": "#/components/schemas/Name"},
                    "born": {"type": "string", "format": "date"},
                    "age": {"type": "integer"},
                    "others": {"type": "array", "items": {"$ref": "#/components/schemas/Person"}},
                },
                "additionalProperties": False,
            },
        }
    }
}
ANNE = {"name": "Anne", "born": "1983-04-12"}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (ANNE, []),
        ({**ANNE, "others": [ANNE, ANNE]}, []),
        ({}, [("/born", "required"), ("/name", "required")]),
        ({**ANNE, SECRET: 1, "x": 2}, [("", "additionalProperties")]),
        ({**ANNE, "name": SECRET, "age": 1.0}, [("/age", "type"), ("/name", "maxLength")]),
        ({**ANNE, "born": "2026-02-30"}, [("/born", "format")]),
        ({**ANNE, "born": "20260212"}, [("/born", "format")]),
        ({**ANNE, "others": [{"name": "Bo"}]}, [("/others/0/born", "required")]),
        ([], [("", "type")]),
    ],
)
def test_every_place_that_breaks_a_schema_of_a_document_is_told(document, found):
    told = json_schema.breaches(document, "/components/schemas/Person", WITHIN)
    assert told == found
    assert SECRET not in repr(told)
