"""Proofs of presentations, whatever the format: rows I19, I26, I31 and I32 of security.md."""

import pytest

from tests.attacks import forging, proving
from tests.attacks.counsellor import presented, reasons, respond
from tests.attacks.holder import Presented, new_key
from tests.attacks.judging import OUTSTANDING, assert_counts, counts, refused_alone
from tests.attacks.presenting import DEBT, at, presentation_jwt, presented_with
from tests.attacks.reactions import response_refused
from vckit.did import jwk

pytestmark = pytest.mark.services

CRYPTO, PROOF = "CRYPTOGRAPHIC_SECURITY_ERROR", "PROOF_VERIFICATION_ERROR"
MALFORMED, BINDING = "MALFORMED_VALUE_ERROR", "holder_binding_failed"
JWTS = ("jwt_vc", "vc_jwt")


@pytest.fixture
def card(w3c_card):
    return w3c_card


def test_I19_a_presentation_is_proven_for_presenting(card, refused):
    def hostile(purpose):
        return lambda asked: proving.presentation(
            asked, card.key, card.document, proofPurpose=purpose
        )

    purposes = ("assertionMethod", "keyAgreement", "capabilityInvocation", None)
    refused({str(one): hostile(one) for one in purposes}, PROOF)


@pytest.mark.parametrize(
    "bound",
    [
        lambda _: {"domain": "https://elders.example"},
        lambda asked: {"domain": [asked.client_id, "https://elders.example"]},
        lambda asked: {"domain": asked.client_id.partition(":")[2]},
        lambda asked: {"domain": asked.response_uri},
        lambda _: {"domain": None},
        lambda _: {"challenge": "een andere nonce"},
        lambda asked: {"challenge": asked.nonce[:-1]},
        lambda _: {"challenge": None},
        lambda _: {"domain": None, "challenge": None},
    ],
)
def test_I26_a_presentation_is_for_this_verifier_and_this_request(case, company, card, bound):
    """Beside an honest one too: a response that was made for another request breaks as a whole."""

    def hostile(asked):
        return proving.presentation(asked, card.key, card.document, **bound(asked))

    refused_alone(case, hostile)
    asked = case.ask()
    response_refused(respond(asked, *presented(asked, company), hostile(asked)))
    counts(case, company, card)


def test_I26_domain_and_challenge_are_strings(card, refused):
    def hostile(members):
        def present(asked):
            entry = card.present(asked.client_id, asked.nonce)
            entry.presentation["proof"].update(members(asked))
            return entry

        return present

    refused(
        {
            "object": hostile(lambda asked: {"domain": {"0": asked.client_id}}),
            "number": hostile(lambda _: {"domain": [7]}),
        },
        MALFORMED,
    )
    refused({"challenge": hostile(lambda asked: {"challenge": [asked.nonce]})}, PROOF)


def test_I26_twin_a_set_of_one_domain_is_that_domain(case, card):
    assert_counts(
        case,
        lambda asked: proving.presentation(
            asked, card.key, card.document, domain=[asked.client_id]
        ),
    )


@pytest.mark.parametrize("kind", JWTS)
def test_I26_a_presentation_in_a_jwt_is_for_this_request_as_well(
    case, company, identity, resident, kind
):
    card = identity.card(resident, kind)
    for changes in (
        {"aud": "https://elders.example"},
        {"aud": None},
        {"nonce": "een andere nonce"},
        {"nonce": None},
        {"nonce": 7},
    ):

        def hostile(asked, changes=changes):
            return presentation_jwt(card, asked, **changes)

        refused_alone(case, hostile)
    asked = case.ask()
    array = {"aud": [asked.client_id, "https://elders.example"]}
    response_refused(respond(asked, presentation_jwt(card, asked, **array)))
    counts(case, company, card)


def test_I31_so_it_is_in_the_proof_of_a_presentation(card, refused):
    refused(
        {
            "two": presented_with(card, lambda proof: [proof, proof]),
            "array": presented_with(card, lambda proof: [proof]),
            "string": presented_with(card, lambda proof: proof["proofValue"]),
            "chain": presented_with(card, lambda proof: {**proof, "previousProof": "urn:uuid:1"}),
            "context": presented_with(card, lambda proof: {**proof, "@context": proving.V2}),
        },
        PROOF,
    )
    refused(
        {
            "nested": presented_with(card, lambda proof: {**proof, "proof": proof}),
            "twice": presented_with(card, lambda proof: {**proof, "proof": [proof, proof]}),
        },
        MALFORMED,
    )


def test_I32_credentials_in_a_presentation_without_proof_are_not_read(card, refused):
    def unsigned(asked):
        entry = card.present(asked.client_id, asked.nonce)
        return Presented(entry.query_id, proving.unproven(entry.presentation))

    def bare(_asked):
        return Presented(proving.LDP, card.document)

    refused({"unsigned": unsigned}, PROOF)
    refused({"bare": bare}, MALFORMED)


@pytest.mark.parametrize("kind", JWTS)
def test_I32_so_it_is_in_a_jwt(identity, resident, refused, kind):
    card = identity.card(resident, kind)

    def unsigned(asked):
        entry = card.present(asked.client_id, asked.nonce)
        return Presented(entry.query_id, forging.unsigned(entry.presentation, "none"))

    def stripped(asked):
        entry = card.present(asked.client_id, asked.nonce)
        return Presented(entry.query_id, entry.presentation.rpartition(".")[0] + ".")

    refused({"none": unsigned, "stripped": stripped}, CRYPTO)


def test_I32_who_presents_is_who_holds(card, refused):
    """The presentation's proof is good, but it is a thief's."""
    thief = new_key()
    refused(
        {
            "as thief": lambda asked: proving.presentation(asked, thief, card.document),
            "in the holder's name": lambda asked: proving.presentation(
                asked, thief, card.document, members={"holder": jwk.of(card.key.public)}
            ),
            "without a name": lambda asked: proving.presentation(
                asked, thief, card.document, members={"holder": None}
            ),
        },
        BINDING,
    )

    def under_the_holders_method(asked):
        method = f"{jwk.of(card.key.public)}#0"
        return proving.presentation(asked, thief, card.document, verificationMethod=method)

    refused({"": under_the_holders_method}, CRYPTO)


@pytest.mark.parametrize("kind", JWTS)
def test_I32_a_thief_does_not_present_a_jwt(identity, resident, refused, kind):
    card, thief = identity.card(resident, kind), new_key()
    own = f"{jwk.of(thief.public)}#0"

    def as_thief(asked):
        return presentation_jwt(
            card,
            asked,
            key=thief,
            header={"kid": own},
            iss=jwk.of(thief.public),
            **({"holder": None} if kind == "vc_jwt" else {}),
        )

    def in_the_holders_name(asked):
        return presentation_jwt(card, asked, key=thief, header={"kid": own})

    def under_the_holders_key(asked):
        return presentation_jwt(card, asked, key=thief)

    refused({"": in_the_holders_name, "thief": as_thief}, BINDING)
    refused({"": under_the_holders_key}, CRYPTO)


def test_I32_of_several_credentials_only_the_broken_one_is_rejected(case, arena, resident):
    """One presentation of three statements of two organisations; its proof holds."""
    key = new_key()
    good = arena.linden.identity.card(resident, holder=key)
    other = arena.eiken.identity.card(resident, "ecdsa", holder=key)
    broken = proving.altered(
        arena.linden.identity.card(resident, holder=key),
        lambda document: at(document, DEBT).update(saldo=1),
    )
    asked = case.ask()
    answer = respond(asked, proving.presentation(asked, key, good.document, broken, other.document))
    assert answer.status == 200
    report = case.report()
    assert reasons(report) == [CRYPTO]
    assert report["totals"]["outstanding"] == 2 * OUTSTANDING
