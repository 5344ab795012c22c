"""Our context, schema and type metadata tell of the same terms."""

import json
import re

import pytest

import contexts
from contexts import vocabulary

BASE = "https://stelsel.example"
VOCABULARY = "https://w3id.org/blauwe-knop/v1#"
CONTEXT = json.loads(contexts.own("context/v1"))["@context"]
SCHEMA = json.loads(contexts.own("schemas/schuldenopgave/1"))
METADATA = json.loads(contexts.type_metadata("schuldenopgave/1", BASE))
CLAIMS = {tuple(claim["path"]): claim for claim in METADATA["claims"]}
REGISTERED = ("iss", "iat", "nbf", "exp", "cnf", "vct", "status")


def resolved(schema):
    reference = schema.get("$ref")
    return SCHEMA["$defs"][reference.rpartition("/")[2]] if reference else schema


def schema_paths(schema, at=()):
    """Every claim path of the schema; elements that are no objects have none of their own."""
    inner = resolved(schema)
    for name, member in inner.get("properties", {}).items():
        yield (*at, name)
        yield from schema_paths(member, (*at, name))
    items = inner.get("items")
    if items and "properties" in resolved(items):
        yield from schema_paths(items, (*at, None))


PATHS = {*schema_paths(SCHEMA), ("vorderingen", None)}
TERMS = {path[-1] for path in PATHS if path[-1]}


def test_every_claim_path_has_a_label_in_dutch_and_english():
    assert set(CLAIMS) == PATHS
    for claim in CLAIMS.values():
        assert [one["locale"] for one in claim["display"]] == ["nl", "en"]
        assert [one["lang"] for one in claim["display"]] == ["nl", "en"]
        assert all(one["label"].strip() for one in claim["display"])


def test_the_type_is_shown_in_dutch_and_english():
    assert {one["locale"]: one["name"] for one in METADATA["display"]} == {
        "nl": "Schuldenopgave",
        "en": "Debt statement",
    }


def amounts():
    for path in PATHS:
        place = SCHEMA
        for step in path:
            place = resolved(place)
            place = place["items"] if step is None else place["properties"][step]
        if place.get("$ref", "").endswith(("/cents", "/sum")):
            yield path


@pytest.mark.parametrize("path", sorted(amounts(), key=str))
def test_the_label_of_an_amount_tells_that_it_is_in_cents(path):
    dutch, english = (one["label"] for one in CLAIMS[path]["display"])
    assert dutch.endswith("in eurocenten")
    assert english.endswith("in euro cents")


def test_nothing_else_is_said_to_be_in_cents():
    labelled = {path for path, one in CLAIMS.items() if "cent" in one["display"][1]["label"]}
    assert labelled == set(amounts())


def test_what_may_be_withheld_is_said_of_each_claim():
    from vckit import statement

    withheld = {path for path, claim in CLAIMS.items() if claim["sd"] == "always"}
    person = {(term,) for term in statement.PERSON_TERMS}
    sensitive = {("vorderingen", None, term) for term in statement.SENSITIVE_DEBT_TERMS}
    assert withheld == {*person, ("vorderingen", None), *sensitive}
    assert {claim["sd"] for claim in CLAIMS.values()} == {"always", "never"}


def test_what_must_be_there_is_always_in_the_clear():
    mandatory = {path for path, claim in CLAIMS.items() if claim.get("mandatory")}
    assert {path[0] for path in mandatory if len(path) == 1} == set(SCHEMA["required"])
    assert all(CLAIMS[path]["sd"] == "never" for path in mandatory)


def test_the_type_identifier_and_the_bytes_follow_the_base_url():
    assert METADATA["vct"] == f"{BASE}/vct/schuldenopgave/1"
    once, again = (contexts.type_metadata("schuldenopgave/1", BASE) for _ in range(2))
    other = contexts.type_metadata("schuldenopgave/1", "https://elders.example")
    assert once == again
    assert other.replace(b"https://elders.example", BASE.encode()) == once
    assert len(once) < 65_536  # The budget for type metadata.


@pytest.mark.parametrize("name", ["schuldenopgave/2", "", "../context/v1"])
def test_an_unknown_type_has_no_metadata(name):
    with pytest.raises(contexts.UnknownDocumentError):
        contexts.type_metadata(name, BASE)


@pytest.mark.parametrize("key", ["context/v2", "", "https://www.w3.org/ns/did/v1"])
def test_an_unknown_key_of_our_own_is_an_error(key):
    with pytest.raises(contexts.UnknownDocumentError):
        contexts.own(key)


def test_every_term_is_in_the_context_under_a_fixed_name():
    # `type` is JSON-LD's own: there the kind of a debt is a second type beside Vordering.
    defined = {name: term for name, term in CONTEXT.items() if not name.startswith("@")}
    assert TERMS - {"type"} <= set(defined)
    for name, term in defined.items():
        assert (term if isinstance(term, str) else term["@id"]) == VOCABULARY + name


def test_every_kind_of_debt_is_a_type_in_the_context():
    assert set(vocabulary.codes("type")) <= set(CONTEXT)
    assert {"Schuldenopgave", "Vordering"} <= set(CONTEXT)


def test_the_context_is_protected_and_takes_no_other_in():
    assert CONTEXT["@protected"] is True
    assert not {"@import", "@vocab", "@base", "@propagate"} & set(CONTEXT)
    assert "@context" not in json.dumps(CONTEXT)


def test_no_term_is_one_of_the_credentials_context():
    theirs = contexts.load("https://www.w3.org/ns/credentials/v2")["@context"]
    assert not set(CONTEXT) - {"@version", "@protected"} & set(theirs)


def test_amounts_times_and_days_are_typed_in_the_context():
    schema = "http://www.w3.org/2001/XMLSchema#"
    assert CONTEXT["saldo"]["@type"] == schema + "integer"
    assert CONTEXT["peildatum"]["@type"] == schema + "dateTime"
    assert CONTEXT["vervaldatum"]["@type"] == schema + "date"
    assert CONTEXT["zakelijk"]["@type"] == schema + "boolean"


def test_our_context_works_with_that_of_the_w3c():
    from pyld import jsonld

    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2", CONTEXT],
        "type": ["VerifiableCredential", "Schuldenopgave"],
        "credentialSubject": {
            "totaal_openstaand": 42_900,
            "bronnen": [{"code": "belastingen", "status": "ok"}],
            "vorderingen": [
                {
                    "id": "urn:uuid:8a3e0b4e-1111-4222-8333-123456789abc",
                    "type": ["Vordering", "gem_rioolheffing"],
                    "saldo": 42_900,
                    "schuldeiser": {"naam": "Gemeente Boxtel"},
                }
            ],
        },
    }
    (expanded,) = jsonld.expand(document, {"documentLoader": _shipped})
    (subject,) = expanded["https://www.w3.org/2018/credentials#credentialSubject"]
    (stated,) = subject[VOCABULARY + "vorderingen"]
    assert stated["@type"] == [VOCABULARY + "Vordering", VOCABULARY + "gem_rioolheffing"]
    assert stated[VOCABULARY + "saldo"][0]["@value"] == 42_900
    assert subject[VOCABULARY + "bronnen"][0][VOCABULARY + "status"]


def _shipped(url, _options):
    return {"contextUrl": None, "documentUrl": url, "document": contexts.load(url)}


def objects(schema):
    if isinstance(schema, dict):
        yield from [schema] if schema.get("type") == "object" else []
        for member in schema.values():
            yield from objects(member)


def test_the_schema_is_closed_everywhere():
    found = list(objects(SCHEMA))
    assert len(found) > 8
    assert all(one["additionalProperties"] is False for one in found)


def test_the_schema_is_itself_valid_and_refers_to_nothing_outside():
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(SCHEMA)
    references = re.findall(r'"\$ref": "([^"]+)"', json.dumps(SCHEMA))
    assert all(one.startswith("#/$defs/") for one in references)


def test_no_registered_claim_is_a_term():
    assert not set(SCHEMA["properties"]) & set(REGISTERED)


@pytest.mark.parametrize(
    ("group", "place"),
    [
        ("fase", ("debt", "fase")),
        ("categorie", ("debt", "categorie")),
        ("rang", ("debt", "rang")),
        ("aansprakelijkheid", ("debt", "aansprakelijkheid")),
        ("volledigheid", ("volledigheid",)),
        ("bron", ("source", "status")),
    ],
)
def test_every_code_of_the_schema_has_words_for_people(group, place):
    holder = SCHEMA["$defs"][place[0]] if len(place) > 1 else SCHEMA
    assert set(vocabulary.codes(group)) == set(holder["properties"][place[-1]]["enum"])


def test_the_flags_have_words_for_people_too():
    flags = SCHEMA["$defs"]["debt"]["properties"]["markeringen"]["items"]["enum"]
    assert set(vocabulary.codes("markering")) == set(flags)
