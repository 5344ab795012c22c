"""What a signature over RDF would not protect is refused: rows I of security.md."""

import pytest

from tests.vckit.rdf.documents import (
    DATA_INTEGRITY,
    ED25519,
    INLINE,
    INLINE_1_1,
    JSON_LD,
    OWN,
    TERM,
    V1,
    V2,
    credential,
    debt,
    presentation,
    proof,
)
from vckit.errors import DataLossDetectionError, MalformedValueError
from vckit.rdf import JsonLd

LOSS, MALFORMED = DataLossDetectionError, MalformedValueError
REFUSED = (LOSS, MALFORMED)


def refused(document, error=REFUSED):
    with pytest.raises(error) as caught:
        JSON_LD.canonicalize(document)
    return str(caught.value)


def test_the_honest_twin_of_every_row_is_accepted():
    assert JSON_LD.canonicalize(credential())
    assert JSON_LD.canonicalize(presentation({**credential(), "proof": proof()}))


@pytest.mark.parametrize(
    "extra",
    [
        {"bedrag": TERM + "saldo"},
        {"bedrag": {"@id": TERM + "saldo"}},
        {**INLINE, "bedrag": TERM + "saldo"},
        {**INLINE, "@protected": 1},
        {**INLINE, "@version": 1.1000001},
        {name: value for name, value in INLINE.items() if name != "saldo"},
        {},
        {"@vocab": TERM},
    ],
)
@pytest.mark.parametrize("place", [1, 2])
def test_I02_an_inline_context_that_is_not_ours(extra, place):
    context = [V2, OWN]
    context.insert(place, extra)
    refused(credential(context=context), LOSS)
    assert JSON_LD.canonicalize(credential(context=[V2, INLINE]))


@pytest.mark.parametrize(
    "context",
    [
        None,
        [],
        [None],
        [V2, None, OWN],
        [V2, OWN, {"@import": V2}],
        [V2, OWN, {"@propagate": False}],
        [V2, OWN, {"issuer": None}],
        [V2, OWN, {"issuer": "urn:other"}],
        [V2, OWN, {"VerifiableCredential": {"@id": "urn:x", "@context": {"issuer": "urn:y"}}}],
        [V2, OWN, {"@type": "@id"}],
        [V2, OWN, [OWN]],
        [V2, OWN, 1],
        [V2, OWN, "https://elders.example/v1"],
        [V2, OWN, "../contexts/v1"],
        [V2, OWN, V2 + "#"],
        [V2, OWN, "urn:blauwe-knop:inline:context/v1"],
        [V2] * 9,
    ],
)
def test_I04_contexts_that_nobody_agreed_on(context):
    document = {**credential(), "@context": context}
    refused(document)
    with pytest.raises(REFUSED):
        JSON_LD.types(document)


@pytest.mark.parametrize("context", [[V1, V2, OWN], [V2, V1, OWN], [V2, OWN, INLINE_1_1]])
def test_I04_contexts_that_redefine_the_protected_terms_of_each_other(context):
    document = {"@context": context, "type": "VerifiableCredential", "issuer": "did:x:y"}
    assert refused(document, MALFORMED) == "the contexts contradict each other"
    assert JSON_LD.canonicalize(credential(context=[V2, DATA_INTEGRITY, OWN]))


def test_I04_a_context_too_deep_to_compare():
    context = INLINE
    for _ in range(20_000):
        context = {"saldo": context}
    refused(credential(context=[V2, context]), MALFORMED)


def with_context(place, context):
    document = credential()
    at = document
    for step in place:
        at = at[step]
    at["@context"] = context
    return document


@pytest.mark.parametrize(
    "place",
    [
        ["credentialSubject"],
        ["credentialSubject", "vorderingen", 0],
        ["credentialSubject", "vorderingen", 0, "schuldeiser"],
        ["credentialStatus", 0],
        ["credentialSchema"],
    ],
)
@pytest.mark.parametrize("context", [None, [V2, OWN], OWN, {"saldo": "urn:x"}])
def test_I04_a_context_within_the_document(place, context):
    refused(with_context(place, context), MALFORMED)


@pytest.mark.parametrize(
    "context", [None, [], V2, [V2], [OWN, V2], [V2, OWN, OWN], [V2, OWN, {"saldo": "urn:x"}]]
)
def test_I31_a_proof_with_other_contexts_than_its_document(context):
    refused({**credential(), "proof": proof(**{"@context": context})})
    same = {**credential(), "proof": proof(**{"@context": [V2, OWN]})}
    assert JSON_LD.canonicalize(same) == JSON_LD.canonicalize({**credential(), "proof": proof()})


@pytest.mark.parametrize(
    "enclosed",
    [
        {name: value for name, value in credential().items() if name != "@context"},
        {name: value for name, value in credential().items() if name != "type"},
        {**credential(), "@context": [V2, {"saldo": "urn:x"}]},
        {"@context": [V2], "id": "urn:a"},
        "urn:a",
        1,
        [credential()],
    ],
)
def test_I04_an_enclosed_credential_is_a_document_of_its_own(enclosed):
    refused(presentation(enclosed))
    refused(presentation(credential(), enclosed))


@pytest.mark.parametrize("name", ["@amountOverride", "@Total", "@", "@context2", "@ID", "@saldo "])
@pytest.mark.parametrize("level", ["document", "subject", "debt"])
def test_I07_names_that_look_like_keywords(name, level):
    refused(at_level(level, {name: 1}), LOSS)


@pytest.mark.parametrize(
    "name", ["@id", "@type", "@value", "@graph", "@included", "@reverse", "@nest", "@index", "@set"]
)
@pytest.mark.parametrize("level", ["document", "subject", "debt"])
def test_I07_keywords_themselves(name, level):
    refused(at_level(level, {name: "urn:a"}), MALFORMED)


def at_level(level, change):
    if level == "document":
        return credential(**change)
    if level == "debt":
        return credential(debt(**change))
    return credential(credentialSubject={"totaal_openstaand": 1, **change})


@pytest.mark.parametrize(
    "change", [{"saldo": None}, {"status": None}, {"niet_bekend": ["a", None]}]
)
@pytest.mark.parametrize("level", ["subject", "debt"])
def test_I08_null(change, level):
    refused(at_level(level, change), LOSS)


def test_I08_null_at_the_top():
    refused(credential(description=None), LOSS)
    refused(credential(issuer=None), LOSS)


@pytest.mark.parametrize("level", ["document", "subject", "debt"])
@pytest.mark.parametrize(
    "name", ["verified", "bedrag", "Saldo", "", "saldo ", TERM + "saldo", "_:p"]
)
def test_I06_terms_that_no_context_defines(level, name):
    refused(at_level(level, {name: True}), LOSS)


@pytest.mark.parametrize(
    "kind", ["Onbekend", TERM + "Vordering", "urn:a", "_:t", "", "id", "@json", "https://a.example"]
)
def test_I06_types_that_no_context_defines(kind):
    refused(credential(type=["VerifiableCredential", kind]), LOSS)
    refused(credential(debt(type=kind)), LOSS)


@pytest.mark.parametrize("kind", [[], {}, 1, [1], [["Vordering"]], {"@set": ["Vordering"]}])
def test_I06_types_that_are_no_names(kind):
    refused(credential(debt(type=kind)), MALFORMED)


def test_terms_hold_only_where_their_context_does():
    # A term of a type ends with the nodes of that type; one of a property goes on inside it.
    refused(credential(credentialSubject={"issuer": "did:x:y"}), LOSS)
    refused(credential(credentialSubject={"statusPurpose": "revocation"}), LOSS)
    refused(credential(credentialSubject={"jwk": "urn:a"}), LOSS)
    assert JSON_LD.canonicalize(credential(credentialSubject={"cnf": {"jwk": "urn:a"}}))
    refused(credential(statusListIndex="1"), LOSS)
    refused({"@context": [V2], "type": "VerifiableCredential", "saldo": 1}, LOSS)


@pytest.mark.parametrize(
    "value",
    [
        *(0.1, 0.30000000000000004, 1.0, 1e2, -0.0, 1e400, float("nan"), float("inf")),
        *(2**53, -(2**53), 2**63, 10**22, "NaN", "INF", "1", "01", "1.0", " 1", "", True, False),
        *({"@value": "1"}, {"naam": "x"}, {}),
    ],
)
@pytest.mark.parametrize("name", ["saldo", "hoofdsom"])
def test_I13_an_amount_is_an_integer_that_everybody_keeps(name, value):
    refused(credential(debt(**{name: value})), MALFORMED)


@pytest.mark.parametrize("value", [0, -1, 2**53 - 1, 1 - 2**53])
def test_I13_integers_are_kept_exactly(value):
    assert f'"{value}"^^<http'.encode() in JSON_LD.canonicalize(credential(debt(saldo=value)))


@pytest.mark.parametrize(
    "value",
    [
        {"@value": "2026-01-01"},
        {"@value": "2026-01-01", "@language": "nl"},
        {"@value": "x", "@direction": "ltr"},
        {"@value": {"a": 1}, "@type": "@json"},
        {"@list": ["2026-01-01"]},
        {"@set": ["2026-01-01"]},
        20_260_101,
        True,
    ],
)
def test_I14_a_typed_value_is_written_in_one_way(value):
    refused(credential(debt(vervaldatum=value)), MALFORMED)


@pytest.mark.parametrize("value", [0, 1, "true", "false"])
def test_I14_a_truth_value_is_written_in_one_way(value):
    refused(credential(debt(zakelijk=value)), MALFORMED)
    for honest in (True, False):
        assert JSON_LD.canonicalize(credential(debt(zakelijk=honest)))


@pytest.mark.parametrize("value", [{"@value": "x", "@language": "nl"}, {"@value": "x"}])
def test_I14_a_text_has_no_language_and_no_direction(value):
    refused(credential(debt(omschrijving=value)), MALFORMED)


def test_I14_an_array_holds_no_array():
    refused(credential(credentialSubject={"niet_bekend": [["saldo"]]}), MALFORMED)
    assert JSON_LD.canonicalize(credential(credentialSubject={"niet_bekend": ["saldo"]}))


def test_I17_labels_that_collide_with_canonical_ones():
    honest = credential(debt(1, id="_:x"), debt(2, id="_:y"), debt(3, id="_:z"))
    for labels in (
        ("_:c14n2", "_:c14n0", "_:c14n1"),
        ("_:b2", "_:b1", "_:b3"),
        ("_:0", "_:a.b", "_:-"[:2] + "q-"),
    ):
        debts = [debt(i, id=label) for i, label in zip((1, 2, 3), labels, strict=True)]
        assert JSON_LD.canonicalize(credential(*debts)) == JSON_LD.canonicalize(honest)


@pytest.mark.parametrize(
    "identifier",
    [
        *("", "x", "#x", "/x", "//host/x", "..", "?x", "_:", "_:a b", "_:a.", "x y:z", "urn:a b"),
        *("urn:a>b", "urn:\\", "1urn:a", 1, True, ["urn:a"], {"id": "urn:a"}),
        *(
            "name:x",
            "document:x",
            "saldo:x",
            "id:x",
        ),  # Compact: pyld may take the term for a prefix.
    ],
)
def test_identifiers_are_absolute_and_stay_what_they_are(identifier):
    refused(credential(id=identifier), MALFORMED)
    refused(credential(debt(id=identifier)), MALFORMED)


@pytest.mark.parametrize("identifier", ["cred:issuer", "xsd:x", "sec:proof", "x", "", 1, True])
def test_values_that_are_identifiers_are_absolute_too(identifier):
    refused(credential(context=[V1, INLINE_1_1, ED25519], issuer=identifier), MALFORMED)
    refused(credential(context=[V1, INLINE_1_1], credentialSchema=identifier), MALFORMED)


@pytest.mark.parametrize("purpose", ["onbekend", "", "@id", "urn:a", "https://a.example", 1, True])
def test_a_value_that_is_a_term_is_one(purpose):
    refused({**credential(), "proof": proof(proofPurpose=purpose)}, LOSS)
    for honest in ("assertionMethod", "authentication"):
        assert JSON_LD.canonicalize({**credential(), "proof": proof(proofPurpose=honest)})


@pytest.mark.parametrize("value", ["urn:a", 1, {"id": "urn:a"}, {}])
def test_a_proof_is_an_object_of_a_known_type(value):
    refused({**credential(), "proof": value})


def test_a_document_is_an_object_with_a_type():
    for value in (None, [credential()], "urn:a", 1):
        refused(value, MALFORMED)
    refused({"@context": [V2, OWN], "id": "urn:a"}, MALFORMED)
    refused({"@context": [V2, OWN]}, MALFORMED)
    refused({}, MALFORMED)


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\t",
        "\n",
        "\x1f",
        "\x7f",
        "\x85",
        "\ud800",
        "\ufdd0",
        "\ufffe",
        "\U0010ffff",
    ],
)
def test_control_characters_and_noncharacters(character):
    refused(credential(debt(omschrijving=f"a{character}b")), MALFORMED)
    refused(credential(debt(**{f"sal{character}do": 1})), MALFORMED)


@pytest.mark.parametrize(
    "character", ["\u00e9", "e\u0301", "\u200d", "\u202e", "\u2028", "\U0001f600", "\ufffd"]
)
def test_every_other_character_is_signed_as_it_is(character):
    document = credential(debt(omschrijving=f"a{character}b"))
    assert f'"a{character}b"'.encode() in JSON_LD.canonicalize(document)


def test_composed_and_decomposed_text_differ():
    composed, decomposed = (credential(debt(omschrijving=text)) for text in ("\u00e9", "e\u0301"))
    assert JSON_LD.canonicalize(composed) != JSON_LD.canonicalize(decomposed)


def test_a_refusal_repeats_nothing_of_the_document():
    for document in (
        credential(geheim=1),
        credential(id="geheim"),
        credential(type="geheim"),
        credential(debt(omschrijving="geheim\x00")),
        credential(context=[V2, "https://geheim.example"]),
    ):
        assert "geheim" not in refused(document)


def test_nothing_is_fetched(monkeypatch):
    import socket

    def never(*_args, **_kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "create_connection", never)
    monkeypatch.setattr(socket.socket, "connect", never)
    fresh = JsonLd({OWN: "context/v1"})
    for url in ("https://elders.example/v1", "http://127.0.0.1/v1", "file:///etc/passwd", V2 + "x"):
        with pytest.raises(MALFORMED):
            fresh.canonicalize(credential(context=[V2, url]))
    assert fresh.canonicalize(credential())
