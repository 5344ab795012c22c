"""JSON-LD that says one thing to a reader and another to a signature: rows I of security.md.

Where a trick is silent, a careless processor finds the same statements as before, so that the
issuer's signature still holds: each test shows that first. The holder signs whatever it presents.
"""

import pytest

from tests.attacks import proving
from tests.attacks.holder import Presented
from tests.attacks.judging import OUTSTANDING
from tests.attacks.presenting import DEBT, PLACES, SUBJECT, at, put

pytestmark = pytest.mark.services

LOSS, MALFORMED = "DATA_LOSS_DETECTION_ERROR", "MALFORMED_VALUE_ERROR"
TERM, XSD = "https://w3id.org/blauwe-knop/v1#", "http://www.w3.org/2001/XMLSchema#"
V1, V2 = "https://www.w3.org/2018/credentials/v1", proving.V2


@pytest.fixture
def card(w3c_card):
    return w3c_card


def silent(card, document):
    """The trick has teeth: the statements are those that the issuer signed."""
    assert proving.same(document, card.document)


def test_I02_an_alias_in_a_context_of_its_own_is_refused(card, refused_documents):
    document = card.document
    document["@context"].append({"bedrag": {"@id": f"{TERM}saldo", "@type": f"{XSD}integer"}})
    at(document, DEBT)["bedrag"] = at(document, DEBT).pop("saldo")
    silent(card, document)
    refused_documents({"alias": document}, MALFORMED)


def test_I04_a_context_beside_the_known_ones_is_refused(card, refused_documents):
    contexts = (
        {"saldo": f"{TERM}betaald"},
        {"issuer": "https://elders.example/issuer"},
        None,
        {"vorderingen": {"@id": f"{TERM}vorderingen", "@context": {"saldo": f"{TERM}betaald"}}},
        {"Vordering": {"@id": f"{TERM}Vordering", "@context": {"saldo": f"{TERM}betaald"}}},
        {"@version": 1.1, "@import": "https://elders.example/v1"},
        {"@propagate": False, "saldo": f"{TERM}saldo"},
        {"@vocab": TERM},
        "https://elders.example/v1",
        {},
    )
    documents = {}
    for context in contexts:
        for place in (1, 2):
            documents[f"{context} at {place}"] = document = card.document
            document["@context"].insert(place, context)
    refused_documents(documents, MALFORMED)


def test_I04_a_context_within_the_document_is_refused(card, refused_documents):
    refused_documents(
        {
            f"{context} at {place}": proving.altered(card, put(place, "@context", context))
            for context in ({"saldo": f"{TERM}betaald"}, V2)
            for place in PLACES[1:]
        },
        MALFORMED,
    )


def test_I04_a_context_in_the_presentation_is_refused(refused, card):
    def within(context):
        return lambda asked: changed(card.present(asked.client_id, asked.nonce), context)

    def changed(entry, context):
        return Presented(entry.query_id, {**entry.presentation, "@context": context})

    contexts = ([V2, {"holder": "https://elders.example/x"}], V2, [V2, V2], [V1])
    hostile = {str(context): within(context) for context in contexts}
    refused(hostile, MALFORMED)


def test_I05_the_contexts_are_exactly_the_known_lists(card, refused_documents):
    v2, own = card.document["@context"]
    lists = (
        [own, v2],
        [own],
        [v2],
        [v2, V1, own],
        [V1, own],
        [v2, own, own],
        v2,
        own,
        [],
        [[v2, own]],
        {"@context": [v2, own]},
        [v2, own.replace("http:", "https:")],
        [f"{v2}#", own],
    )
    documents = {str(one): {**card.document, "@context": one} for one in lists}
    documents["none"] = {n: value for n, value in card.document.items() if n != "@context"}
    refused_documents(documents, MALFORMED)


def silently(card, *members):
    """By place and name the card's document with that member, which no signature notices."""
    documents = {
        f"{name} at {place}": proving.altered(card, put(place, name, value))
        for place, name, value in members
    }
    for document in documents.values():
        silent(card, document)
    return documents


def test_I07_a_member_that_looks_like_a_keyword_is_refused(card, refused_documents):
    names = ("@amountOverride", "@Total")
    refused_documents(
        silently(card, *((place, name, 0) for place in PLACES for name in names)), LOSS
    )


def test_I07_in_presentation_and_proof_as_well(refused, card):
    def within(place):
        return lambda asked: changed(card.present(asked.client_id, asked.nonce), place)

    def changed(entry, place):
        put(place, "@Total", 0)(entry.presentation)
        return entry

    for places, reason in (
        ([()], MALFORMED),  # Data model 2.0 section 4.13: a presentation has no such member.
        ([("proof",), ("verifiableCredential", 0, "proof")], LOSS),
    ):
        hostile = {str(place): within(place) for place in places}
        refused(hostile, reason)


def test_I08_a_member_that_is_null_is_refused(card, refused_documents):
    unnoticed = silently(
        card,
        (DEBT, "oorspronkelijk_kenmerk", None),
        (DEBT, "beslag", None),
        (SUBJECT, "gemeentecode", None),
        ((), "termsOfUse", None),
    )
    amounts = {
        name: proving.altered(card, put(place, name, None))
        for place, name in ((DEBT, "saldo"), (DEBT, "status"), (SUBJECT, "totaal_openstaand"))
    }
    refused_documents(unnoticed | amounts, LOSS)


def test_a_member_that_no_context_defines_is_refused(card, refused_documents):
    """VC-DI 4.6: what is not signed is not there."""
    refused_documents(silently(card, *((place, "korting", OUTSTANDING) for place in PLACES)), LOSS)


def test_a_type_that_no_context_defines_is_refused(card, refused_documents):
    names = ("kwijtgescholden_alles", "../Vordering", "@id")
    refused_documents(
        {
            f"{name} at {place}": proving.altered(
                card, put(place, "type", [*at(card.document, place)["type"], name])
            )
            for name in names
            for place in ((), DEBT)
        },
        LOSS,
    )


def test_a_relative_id_is_refused(card, refused_documents):
    places = ((), DEBT, ("credentialSchema",))
    refused_documents(
        {
            f"{identifier!r} at {place}": proving.altered(card, put(place, "id", identifier))
            for identifier in ("", "../1", "#1", "1")
            for place in places
        },
        MALFORMED,
    )
