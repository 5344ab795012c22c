"""Proofs of W3C credentials: rows I01, I19, I25, I29 and I31 of security.md."""

import json
import time

import pytest

from tests.attacks import forging, proving
from tests.attacks.holder import Presented, new_key
from tests.attacks.identity import DAY, KINDS
from tests.attacks.judging import assert_counts, counts
from tests.attacks.presenting import held, inside
from vckit.did import jwk, moment
from vckit.encoding import base58btc_encode

pytestmark = pytest.mark.services

CRYPTO, PROOF = "CRYPTOGRAPHIC_SECURITY_ERROR", "PROOF_VERIFICATION_ERROR"
MALFORMED, LOSS = "MALFORMED_VALUE_ERROR", "DATA_LOSS_DETECTION_ERROR"


@pytest.fixture
def card(w3c_card):
    return w3c_card


def signed_anew(identity, document, algorithm="EdDSA", **options):
    """As its issuer would, but for the options."""
    key, method = identity.keys[algorithm], identity.method(algorithm)
    return proving.proven(document, key, method, **options)


@pytest.mark.parametrize("kind", KINDS)
def test_a_statement_counts_in_every_format(arena, case, resident, company, kind):
    """The twin of everything in this module."""
    counts(case, company, arena.linden.identity.card(resident, kind))


# What each change leaves well-formed, so that only the signature is against it.
CHANGES = {
    "amount": lambda one: debt(one).update(saldo=1),
    "creditor": lambda one: debt(one)["schuldeiser"].update(naam="Gemeente Elders"),
    "kind of debt": lambda one: debt(one).update(type=["Vordering", "gem_leges"]),
    "id of a debt": lambda one: debt(one).update(
        id="urn:uuid:00000000-0000-4000-8000-000000000001"
    ),
    "no debts": lambda one: one["credentialSubject"].update(vorderingen=[]),
    "total": lambda one: one["credentialSubject"].update(totaal_openstaand=1),
    "person": lambda one: one["credentialSubject"].update(geslachtsnaam="Jansen"),
    "holder": lambda one: one["credentialSubject"].update(id=jwk.of(new_key().public)),
    "list": lambda one: one["credentialStatus"][0].update(statusListIndex="7"),
    "schema": lambda one: one["credentialSchema"].update(id="https://elders.example/schema"),
    "created": lambda one: one["proof"].update(created="2026-01-01T00:00:00Z"),
    "expires": lambda one: one["proof"].update(expires="2036-01-01T00:00:00Z"),
    "nonce": lambda one: one["proof"].update(nonce="a"),
    "value": lambda one: one["proof"].update(proofValue=base58btc_encode(bytes(range(64)))),
}


def debt(document):
    return document["credentialSubject"]["vorderingen"][0]


@pytest.mark.parametrize("kind", ["eddsa", "ecdsa"])
def test_I01_any_change_breaks_the_proof(identity, resident, refused, kind):
    card = identity.card(resident, kind)
    documents = {name: proving.altered(card, change) for name, change in CHANGES.items()}
    refused({name: held(card, one) for name, one in documents.items()}, CRYPTO)


def test_I01_another_validity_breaks_the_proof(identity, resident, refused):
    for kind, name in (("eddsa", "validUntil"), ("ecdsa", "validFrom")):
        card = identity.card(resident, kind)
        document = {**card.document, name: moment.write(int(time.time()) + 25 * DAY)}
        if name == "validFrom":
            document[name] = "2026-01-01T00:00:00Z"
        refused({name: held(card, document)}, CRYPTO)


def test_I01_proofs_of_two_statements_are_not_exchangeable(identity, resident, refused):
    for kind in ("eddsa", "ecdsa"):
        one, other = identity.card(resident, kind), identity.card(resident, kind)
        swapped = {**one.document, "proof": other.document["proof"]}
        refused({kind: held(one, swapped)}, CRYPTO)


@pytest.mark.parametrize("kind", ["vc11", "jwt_vc", "vc_jwt"])
def test_I01_any_change_breaks_the_other_formats_too(identity, resident, refused, kind):
    card = identity.card(resident, kind)
    hostile = {}
    for name in ("amount", "creditor", "total"):

        def present(asked, change=CHANGES[name]):
            return repacked(card, asked, change)

        hostile[name] = present
    refused(hostile, CRYPTO)


def repacked(card, asked, change):
    """The holder's presentation of the credential with another content under its signature."""
    if card.format.ENTRY_TYPE is dict:
        entry = card.present(asked.client_id, asked.nonce).presentation
        change(entry["verifiableCredential"][0])
        key, method = card.key, entry["proof"]["verificationMethod"]
        bound = {name: entry["proof"][name] for name in ("proofPurpose", "challenge", "domain")}
        return Presented(proving.LDP, proving.proven(entry, key, method, **bound))
    header, _, signature = card.text.split(".")
    claims = forging.parts(card.text)[1]
    change(claims.get("vc", claims))
    body = forging.compact(b"", json.dumps(claims).encode()).split(".")[1]
    forged = type(card)(f"{header}.{body}.{signature}", card.key, card.format)
    return forged.present(asked.client_id, asked.nonce)


def test_I19_a_credential_is_proven_for_stating(identity, card, refused):
    purposes = ("authentication", "keyAgreement", "capabilityInvocation", None)
    refused(
        {
            str(one): held(card, signed_anew(identity, card.document, proofPurpose=one))
            for one in purposes
        },
        PROOF,
    )


def test_I19_a_purpose_that_nobody_defined_is_none(card, refused):
    """Also not one that the scheme of data integrity would take for a term of its own."""
    honest = card.document
    for purpose in ("assertionmethod", "vrijgave"):
        document = {**honest, "proof": {**honest["proof"], "proofPurpose": purpose}}
        refused({purpose: inside(card, document)}, LOSS)


def test_I25_a_proof_that_has_expired_is_none(identity, card, refused):
    past = moment.write(int(time.time()) - 1)
    expired = signed_anew(identity, card.document, expires=past)
    refused(
        {
            "credential": held(card, expired),
            "presentation": lambda asked: proving.presentation(
                asked, card.key, card.document, expires=past
            ),
        },
        PROOF,
    )


def test_I25_a_proof_of_the_future_is_none(identity, card, refused):
    future = moment.write(int(time.time()) + 3_600)
    refused({"": held(card, signed_anew(identity, card.document, created=future))}, PROOF)


def test_I25_twin_a_proof_that_will_expire_holds(case, identity, card):
    future = moment.write(int(time.time()) + 60)
    document = signed_anew(identity, card.document, expires=future)
    assert_counts(
        case, lambda asked: proving.presentation(asked, card.key, document, expires=future)
    )


def test_I29_a_proof_names_its_own_suite(identity, resident, refused):
    eddsa, ecdsa = identity.card(resident), identity.card(resident, "ecdsa")
    names = ("eddsa-rdfc-2023", "EDDSA-RDFC-2022", "ecdsa-xi-2023", "", None)
    hostile = {
        f"{name}": held(eddsa, signed_anew(identity, eddsa.document, cryptosuite=name))
        for name in names
    }
    hostile["Ed25519 under ecdsa"] = held(
        eddsa, signed_anew(identity, eddsa.document, cryptosuite="ecdsa-rdfc-2019")
    )
    hostile["P-256 under eddsa"] = held(
        ecdsa, signed_anew(identity, ecdsa.document, "ES256", cryptosuite="eddsa-rdfc-2022")
    )
    refused(hostile, PROOF)


def test_I29_an_older_type_of_proof_is_none_in_data_model_2(card, refused):
    honest = card.document
    for kind in ("Ed25519Signature2020", "BbsBlsSignature2020", "JsonWebSignature2020"):
        proof = {**honest["proof"], "type": kind}
        refused({kind: inside(card, {**honest, "proof": proof})}, LOSS)


def test_I31_there_is_one_proof_and_nothing_in_it(card, refused):
    honest = card.document
    proof = honest["proof"]
    hostile = {
        "two": {**honest, "proof": [proof, proof]},
        "array": {**honest, "proof": [proof]},
        "none": proving.unproven(honest),
    }
    refused({name: held(card, one) for name, one in hostile.items()}, PROOF)
    refused({"string": inside(card, {**honest, "proof": proof["proofValue"]})}, MALFORMED)
    nested = {"nested": {**proof, "proof": proof}, "twice": {**proof, "proof": [proof, proof]}}
    hostile = {name: inside(card, {**honest, "proof": one}) for name, one in nested.items()}
    refused(hostile, LOSS)  # A proof has no such term, so nothing in it would be signed.


def test_I31_a_proof_has_no_other_context_than_its_document(card, refused):
    honest = card.document

    def within(context):
        return inside(card, {**honest, "proof": {"@context": context, **honest["proof"]}})

    refused({"fewer": within([proving.V2]), "order": within(honest["@context"][::-1])}, MALFORMED)
    refused({"more": within([*honest["@context"], {"saldo": "urn:x"}])}, LOSS)


def test_I31_twin_a_proof_may_repeat_the_context(case, identity, card):
    document = card.document
    signed = signed_anew(identity, document)
    signed["proof"] = {"@context": document["@context"], **signed["proof"]}
    assert_counts(case, held(card, signed))
