"""Guarded JSON-LD: pyld's quads, the same from any thread, and nothing fetched."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import contexts
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
    by_pyld,
    credential,
    debt,
    presentation,
    proof,
)
from vckit.errors import ConfigurationError, DataLossDetectionError, PolicyLimitError
from vckit.rdf import JsonLd, canonicalize
from vckit.rdf.flattening import flatten
from vckit.rdf.known import KnownContexts
from vckit.rdf.scopes import EMPTY, enter, parse_context

CREDENTIALS = "https://www.w3.org/2018/credentials#"
OLD = [V1, INLINE_1_1, ED25519]
DOCUMENTS = {
    "2.0": credential(),
    "2.0 inline": credential(context=[V2, INLINE]),
    "2.0 without identifiers": credential(*({**debt(i), "id": f"_:d{i}"} for i in (1, 2))),
    "2.0 with a proof": {**credential(), "proof": proof()},
    "2.0 with two proofs": {
        **credential(),
        "proof": [proof(), proof(created="2026-11-25T08:00:00Z")],
    },
    "2.0 and data integrity": credential(context=[V2, DATA_INTEGRITY, OWN]),
    "2.0 nothing owed": credential(credentialSubject={"aantal_vorderingen": 0, "vorderingen": []}),
    "2.0 issuer with a name": credential(issuer={"id": "did:web:a.example", "name": "A"}),
    "1.1": credential(context=OLD),
    "1.1 with a proof": {**credential(context=OLD), "proof": proof("Ed25519Signature2020")},
    "presentation": presentation(
        {**credential(), "proof": proof()},
        {**credential(debt(9), id="urn:uuid:9"), "proof": proof(**{"@context": [V2, OWN]})},
    ),
    "presentation 1.1": presentation(
        {**credential(context=OLD), "proof": proof("Ed25519Signature2020")}, context=[V1, ED25519]
    ),
    "enveloped": presentation(
        {
            "@context": V2,
            "id": "data:application/vc+jwt,eyJ.eyJ.x",
            "type": "EnvelopedVerifiableCredential",
        }
    ),
    "proof alone": {"@context": [V2, OWN], **proof()},
    "legacy proof alone": {"@context": OLD, **proof("Ed25519Signature2020")},
    "status list": {
        "@context": [V2],
        "id": "https://boxtel.example/status/1",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:boxtel.example",
        "credentialSubject": {
            "id": "https://boxtel.example/status/1#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "uH4sIAAA",
            "ttl": 900_000,
        },
    },
    "a value of its own JSON": {
        "@context": V2,
        "type": "VerifiableCredential",
        "cnf": {"jwk": {"kty": "OKP", "\U0001f600": [1, {"b": True, "a": "\u20ac"}], "\uff00": 1}},
    },
}


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_the_statements_are_those_that_pyld_reads(name):
    assert JSON_LD.canonicalize(DOCUMENTS[name]) == by_pyld(DOCUMENTS[name])


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_a_document_is_not_changed(name):
    before = json.dumps(DOCUMENTS[name])
    JSON_LD.canonicalize(DOCUMENTS[name])
    assert json.dumps(DOCUMENTS[name]) == before


def test_our_context_by_url_and_inline_states_the_same():
    assert JSON_LD.canonicalize(DOCUMENTS["2.0"]) == JSON_LD.canonicalize(DOCUMENTS["2.0 inline"])
    assert JsonLd().canonicalize(DOCUMENTS["2.0 inline"])


def test_the_order_of_members_and_debts_makes_no_difference():
    document = credential(debt(1), debt(2))
    other = dict(reversed(credential(debt(2), debt(1)).items()))
    assert JSON_LD.canonicalize(other) == JSON_LD.canonicalize(document)


def test_types_are_expanded_in_their_order():
    assert JSON_LD.types(credential()) == (
        CREDENTIALS + "VerifiableCredential",
        TERM + "Schuldenopgave",
    )
    assert JSON_LD.types(credential(context=OLD)) == JSON_LD.types(credential())
    assert JSON_LD.types(presentation()) == (CREDENTIALS + "VerifiablePresentation",)
    assert JSON_LD.types({"@context": V2, "type": "VerifiableCredential"})
    assert JSON_LD.types({"@context": V2}) == ()


def test_sha_384_labels_blank_nodes_otherwise():
    document = credential(*({**debt(i), "id": f"_:d{i}"} for i in range(6)))
    quads = JSON_LD.quads(document)
    expected = canonicalize(quads, algorithm="sha384").nquads.encode()
    assert JSON_LD.canonicalize(document, algorithm="sha384") == expected
    assert JSON_LD.canonicalize(document) != expected


def test_threads_get_what_one_alone_gets():
    expected = {name: JSON_LD.canonicalize(document) for name, document in DOCUMENTS.items()}
    several = [JSON_LD, JsonLd({OWN: "context/v1"})]
    work = [(several[i % 2], name) for i in range(12) for name in DOCUMENTS]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda job: job[0].canonicalize(DOCUMENTS[job[1]]), work))
    assert results == [expected[name] for _, name in work]


def test_a_hostile_document_does_not_spoil_an_honest_one():
    expected = JSON_LD.canonicalize(credential())
    with pytest.raises(DataLossDetectionError):
        JSON_LD.canonicalize(credential(onbekend=1))
    assert JSON_LD.canonicalize(credential()) == expected


# What may stand in a statement, term by term.
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
XSD = "http://www.w3.org/2001/XMLSchema#"
VALUES = {
    XSD + "integer": st.integers(-(2**53) + 1, 2**53 - 1),
    XSD + "boolean": st.booleans(),
    None: TEXT | st.integers(-(10**9), 10**9) | st.booleans(),
}
TERMS = {
    name: VALUES.get(term.get("@type"), TEXT)
    for name, term in INLINE.items()
    if isinstance(term, dict)
}
IDENTIFIERS = st.sampled_from(["urn:a", "urn:b", "did:x:y", "_:c14n0", "_:c14n1", "_:x"])
TYPES = st.lists(st.sampled_from(["Vordering", "gem_huur", "gem_leges"]), min_size=1, unique=True)
OBJECT_TERMS = [
    name for name, term in INLINE.items() if isinstance(term, dict) and "@type" not in term
]


@st.composite
def nodes(draw, depth=3):
    node = {}
    if draw(st.booleans()):
        node["id"] = draw(IDENTIFIERS)
    if draw(st.booleans()):
        node["type"] = draw(TYPES | st.just("Vordering"))
    for name in draw(st.lists(st.sampled_from(sorted(TERMS)), max_size=4, unique=True)):
        node[name] = draw(TERMS[name] | st.lists(TERMS[name], max_size=3))
    for name in draw(st.lists(st.sampled_from(OBJECT_TERMS), max_size=2 if depth else 0)):
        node[name] = draw(nodes(depth=depth - 1) | st.lists(nodes(depth=depth - 1), max_size=3))
    return node


@given(nodes(), st.sampled_from([(V2, OWN), (V2, INLINE), (V1, INLINE_1_1)]))
@settings(max_examples=200, deadline=None)
def test_any_document_of_our_terms_states_what_pyld_reads(node, context):
    document = credential(context=context, credentialSubject=node)
    assert JSON_LD.canonicalize(document) == by_pyld(document)


# The shipped contexts.


@pytest.mark.parametrize("url", list(contexts.documents()))
def test_every_shipped_context_is_understood(url):
    assert enter(EMPTY, KnownContexts({}).context(url)).terms


def test_no_two_terms_of_the_shipped_contexts_mean_the_same():
    known = KnownContexts({OWN: "context/v1"})
    meanings, todo = {}, [enter(EMPTY, known.context(url)) for url in (*contexts.documents(), OWN)]
    met = set()
    while todo:
        scope = todo.pop()
        shape = frozenset((name, term.iri) for name, term in scope.terms.items())
        if shape not in met:
            met.add(shape)
            todo += [enter(scope, one.scoped) for one in scope.terms.values() if one.scoped]
            for name, term in scope.terms.items():
                assert meanings.setdefault(term.iri, name) == name


def test_the_context_for_data_model_1_1_is_ours_and_what_its_own_lacks():
    added = {"JsonSchema", "BitstringStatusListEntry"}
    assert {name: value for name, value in INLINE_1_1.items() if name not in added} == INLINE
    newer = enter(EMPTY, KnownContexts({}).context(V2))
    older = enter(EMPTY, parse_context(INLINE_1_1))
    for name in added:
        assert older.terms[name].iri == newer.terms[name].iri
    inner = [enter(one, one.terms["BitstringStatusListEntry"].scoped) for one in (newer, older)]
    for name in ("statusPurpose", "statusListIndex", "statusListCredential"):
        assert inner[0].terms[name] == inner[1].terms[name]


@pytest.mark.parametrize(
    "context",
    [
        "https://elders.example",
        {"@vocab": "urn:a:"},
        {"@base": "urn:a:"},
        {"@import": V2},
        {"naam": None},
        {"naam": "@value"},
        {"naam": {"@type": "@id"}},
        {"naam": {"@id": "urn:a", "@language": "nl"}},
        {"naam": {"@id": "urn:a", "@container": "@list"}},
        {"naam": {"@id": "urn:a", "@container": ["@set"]}},
        {"naam": {"@id": "urn:a", "@context": V2}},
    ],
)
def test_a_shipped_context_that_needs_more_of_json_ld_is_no_configuration(context):
    with pytest.raises((ConfigurationError, TypeError)):
        parse_context(context)


def test_our_contexts_do_not_take_the_place_of_others():
    with pytest.raises(ConfigurationError):
        JsonLd({V2: "context/v1"})
    with pytest.raises(contexts.UnknownDocumentError):
        JsonLd({OWN: "context/v9"})


# What comes out of expansion is counted: the strict reading is not the only defence.


def test_what_expansion_drops_is_noticed():
    with pytest.raises(DataLossDetectionError):
        JSON_LD._expand({"@context": [V2], "type": "VerifiableCredential", "onbekend": 1})


@pytest.mark.parametrize(
    "expanded",
    [
        {"@id": "urn:a", "urn:p": [{"@value": 1}], "urn:q": []},
        {"@id": "urn:a", "urn:p": [{"@value": 1}, {"@value": 2}, {"@value": 3}]},
        {"@id": "urn:a", "urn:p": [{"@value": 1}, {"@id": "base:/x"}]},
        {"@id": "urn:a", "urn:p": [{"@value": 1}, {"@value": "x", "@language": "nl"}]},
        {"@id": "urn:a", "urn:p": [{"@value": 1}], "@reverse": []},
    ],
)
def test_what_expansion_lost_added_or_resolved_is_noticed(expanded):
    good = {"@id": "urn:a", "urn:p": [{"@value": 1}, {"@value": True}]}
    assert len(flatten([good], statements=2, base="base:")) == 2
    with pytest.raises(DataLossDetectionError):
        flatten([expanded], statements=2, base="base:")


# Budgets.


def many(count):
    return credential(credentialSubject={"niet_bekend": [str(i) for i in range(count)]})


def test_as_many_statements_as_the_budget_allows_and_one_more():
    left = 5_000 - len(JSON_LD.quads(many(0)))
    assert len(JSON_LD.quads(many(left))) == 5_000
    with pytest.raises(PolicyLimitError):
        JSON_LD.quads(many(left + 1))


def nested(depth):
    return {"naam": nested(depth - 1)} if depth else "x"


def test_as_deep_as_the_budget_allows_and_one_deeper():
    assert JSON_LD.quads(credential(credentialSubject=nested(30)))
    with pytest.raises(PolicyLimitError):
        JSON_LD.quads(credential(credentialSubject=nested(31)))
    with pytest.raises(PolicyLimitError):
        JSON_LD.quads(credential(credentialSubject=nested(500)))


def test_more_text_or_values_than_the_budget_allows_are_refused():
    for content in ({"naam": "x" * 2_100_000}, {"naam": list(range(20_001))}):
        with pytest.raises(PolicyLimitError):
            JSON_LD.quads(credential(credentialSubject=content))


def evidence(count):
    return credential(evidence=[{"type": "VerifiableCredential"}] * count)


@pytest.mark.no_cover  # counting lines is not the work
@pytest.mark.services  # alone on the machine
def test_the_dearest_document_within_the_budgets_is_cheap_and_one_node_more_refused():
    began = time.process_time()
    assert JSON_LD.quads(evidence(496))
    assert time.process_time() - began < 1.5
    with pytest.raises(PolicyLimitError):
        JSON_LD.quads(evidence(497))
