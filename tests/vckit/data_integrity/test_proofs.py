"""Data Integrity proofs: what holds, and every way in which one may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vckit.data_integrity.documents import (
    CHALLENGE,
    DOMAIN,
    ECDSA,
    EDDSA,
    JSON_LD,
    KEYS,
    NOW,
    answered,
    credential,
    issued,
    method_of,
    presented,
    signed,
    verified,
    with_proof,
)
from vckit.data_integrity import (
    CRYPTOSUITES,
    add_proof,
    unverified_proof,
    verify_proof,
)
from vckit.data_integrity.proof import without_proof
from vckit.encoding import base58btc_decode, base58btc_encode
from vckit.errors import (
    ConfigurationError,
    CryptographicSecurityError,
    MalformedValueError,
    ProofTransformationError,
    ProofVerificationError,
    VerificationError,
)
from vckit.keys import PrivateKey

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256

every_suite = pytest.mark.parametrize("suite", [EDDSA, ECDSA])


@every_suite
def test_I01_twin_a_signed_credential_gives_its_document_back(suite):
    assert verified(issued(suite), suite) == credential()


@every_suite
def test_I26_twin_a_presentation_holds_for_its_audience_and_nonce(suite):
    document = presented(suite)
    assert answered(document, suite) == without_proof(document)


@every_suite
def test_equal_arguments_give_equal_octets(suite):
    assert signed(credential(), suite) == issued(suite)


def test_a_proof_tells_what_it_says_of_itself():
    proof = unverified_proof(presented(ECDSA))
    assert proof.type == "DataIntegrityProof"
    assert proof.cryptosuite == ECDSA
    assert proof.verification_method == method_of(KEYS[ECDSA].public)
    assert proof.purpose == "authentication"
    assert (proof.created, proof.expires) == (NOW, None)
    assert (proof.challenge, proof.domain) == (CHALLENGE, (DOMAIN,))


CHANGES = {
    "a claim": {"credentialSubject": {"id": "did:example:holder", "description": "1"}},
    "the subject": {"credentialSubject": {"id": "did:example:thief", "description": "123456"}},
    "the id": {"id": "urn:uuid:8a3e0b4e-1111-4222-8333-123456789abd"},
    "the issuer": {"issuer": "did:web:elders.example"},
    "the moment": {"validFrom": "2026-11-22T23:00:01Z"},
    "a term more": {"description": "geverifieerd"},
    "a type more": {"type": ["VerifiableCredential", "VerifiablePresentation"]},
}


@every_suite
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_I01_any_change_of_what_is_signed_breaks_the_proof(change, suite):
    with pytest.raises(CryptographicSecurityError):
        verified({**issued(suite), **change}, suite)


def test_I01_proofs_of_two_credentials_are_not_exchangeable():
    first, second = issued(), issued(name="Another")
    with pytest.raises(CryptographicSecurityError):
        verified({**first, "proof": second["proof"]})


def test_I01_a_member_taken_away_breaks_the_proof():
    document = {name: value for name, value in issued().items() if name != "name"}
    with pytest.raises(CryptographicSecurityError):
        verified(document)


OPTIONS = {
    "created": "2026-11-24T00:00:00Z",
    "expires": "2027-11-24T00:00:00Z",
    "verificationMethod": "did:web:boxtel.example#k",
    "challenge": "abc",
    "domain": "abc",
    "nonce": "abc",
    "id": "urn:uuid:8a3e0b4e-1111-4222-8333-123456789abc",
}


@pytest.mark.parametrize("name", OPTIONS)
def test_I01_any_change_of_the_proof_itself_breaks_it(name):
    with pytest.raises(CryptographicSecurityError):
        verified(with_proof(issued(), **{name: OPTIONS[name]}))


def test_I01_a_proof_of_another_key_of_the_kind_is_refused():
    other = PrivateKey.generate("EdDSA").public
    with pytest.raises(CryptographicSecurityError):
        verify_proof(issued(), key=other, purpose="assertionMethod", json_ld=JSON_LD, now=NOW)


def test_I11_twin_order_of_members_does_not_matter():
    assert verified(dict(reversed(issued().items())))


def test_a_term_that_nobody_defined_is_refused_in_the_proof_as_well():
    for document in ({**issued(), "verified": True}, with_proof(issued(), verified="yes")):
        with pytest.raises(VerificationError):
            verified(document)


def test_a_document_without_proof_or_context_is_refused():
    with pytest.raises(ProofVerificationError):
        verified(credential())
    with pytest.raises(ProofTransformationError):
        verified({name: value for name, value in issued().items() if name != "@context"})
    with pytest.raises(MalformedValueError):
        verified([issued()])


@every_suite
def test_a_proof_value_has_one_spelling_and_64_octets(suite):
    value = issued(suite)["proof"]["proofValue"]
    octets = base58btc_decode(value)
    assert len(octets) == 64
    others = [
        *(value[1:], "u" + value[1:], "Z" + value[1:], value + " ", " " + value, value + "="),
        *("z1" + value[1:], value[:-1] + "0", "z", "", "z" + "2" * 600),
        *(base58btc_encode(octets + b"\0"), base58btc_encode(octets[:-1])),
    ]
    for other in others:
        with pytest.raises(ProofVerificationError):
            verified(with_proof(issued(suite), proofValue=other), suite)


def test_ecdsa_in_der_is_no_proof_value():
    octets = base58btc_decode(issued(ECDSA)["proof"]["proofValue"])
    der = b"\x30\x44\x02\x20" + octets[:32] + b"\x02\x20" + octets[32:]
    with pytest.raises(ProofVerificationError):
        verified(with_proof(issued(ECDSA), proofValue=base58btc_encode(der)), ECDSA)


def test_ecdsa_holds_with_a_low_and_a_high_s():
    octets = base58btc_decode(issued(ECDSA)["proof"]["proofValue"])
    mirrored = octets[:32] + (ORDER - int.from_bytes(octets[32:])).to_bytes(32)
    for signature in (octets, mirrored):
        value = base58btc_encode(signature)
        assert verified(with_proof(issued(ECDSA), proofValue=value), ECDSA)


@every_suite
@given(position=st.integers(min_value=0, max_value=511))
def test_no_bit_of_the_signature_may_differ(suite, position):
    octets = int.from_bytes(base58btc_decode(issued(suite)["proof"]["proofValue"]))
    flipped = base58btc_encode((octets ^ 1 << position).to_bytes(64))
    with pytest.raises(VerificationError):
        verified(with_proof(issued(suite), proofValue=flipped), suite)


def test_I32_a_credential_that_was_altered_breaks_the_presentation_around_it():
    document = presented()
    altered = {**issued(), "name": "Another"}
    with pytest.raises(CryptographicSecurityError):
        answered({**document, "verifiableCredential": [altered]})


def sign_with(document, suite, signer):
    return add_proof(
        document,
        cryptosuite=suite,
        signer=signer,
        verification_method=method_of(signer.public_key),
        purpose="assertionMethod",
        created=NOW,
        json_ld=JSON_LD,
    )


@pytest.mark.parametrize(
    ("suite", "key"), [(EDDSA, ECDSA), (ECDSA, EDDSA), ("eddsa-jcs-2022", EDDSA)]
)
def test_nothing_is_signed_under_a_suite_that_the_key_is_not_of(suite, key):
    with pytest.raises(ConfigurationError):
        sign_with(credential(), suite, KEYS[key])


def test_nothing_is_signed_twice_or_with_a_loss():
    for document in (issued(), credential(undefined="a")):
        with pytest.raises(VerificationError):
            sign_with(document, EDDSA, KEYS[EDDSA])


def test_signing_leaves_the_document_as_it_was():
    document = credential()
    signed(document)
    assert document == credential()


def test_the_suites_are_named_as_the_specifications_name_them():
    assert set(CRYPTOSUITES) == {"eddsa-rdfc-2022", "ecdsa-rdfc-2019"}
