"""Ed25519Signature2020 for credentials and presentations; the published steps: test_vectors."""

import json

import pytest

from tests.vckit import vectors
from tests.vckit.data_integrity import examples, vc11
from tests.vckit.data_integrity.vc11 import JSON_LD, KEY, NOW, OTHER_KEY, P256
from vckit.data_integrity import ed25519_signature_2020 as suite
from vckit.did import key as did_key
from vckit.encoding import b64url_encode, base58btc_decode
from vckit.errors import (
    ConfigurationError,
    CryptographicSecurityError,
    InvalidChallengeError,
    InvalidDomainError,
    MalformedValueError,
    ProofVerificationError,
    VerificationError,
)
from vckit.keys import PrivateKey

DID, METHOD, _ = vc11.ISSUERS["did:key"]
BOUND = {"challenge": "n-0S6_WzA2Mj", "domain": "x509_hash:verifier"}


def signed(document, *, purpose="assertionMethod", signer=KEY, created=NOW, **bound):
    return suite.add_proof(
        document,
        signer=signer,
        verification_method=DID + METHOD,
        purpose=purpose,
        created=created,
        json_ld=JSON_LD,
        **bound,
    )


def verified(document, *, purpose="assertionMethod", key=KEY.public, now=NOW, **bound):
    return suite.verify_proof(document, key=key, purpose=purpose, json_ld=JSON_LD, now=now, **bound)


def presentation():
    return {
        "@context": ["https://www.w3.org/2018/credentials/v1", suite.CONTEXT_URL],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [signed(vc11.credential(DID))],
        "holder": did_key.of(KEY.public),
    }


def presented(**bound):
    return signed(presentation(), purpose="authentication", **(bound or BOUND))


def test_a_credential_comes_back_without_its_proof():
    assert verified(signed(vc11.credential(DID))) == vc11.credential(DID)


def test_equal_arguments_give_an_equal_proof():
    proof = signed(vc11.credential(DID))["proof"]
    assert proof == signed(vc11.credential(DID))["proof"]
    assert proof["created"] == "2026-11-24T10:30:00Z"
    assert proof["verificationMethod"] == DID + METHOD
    assert "challenge" not in proof


def test_a_presentation_is_bound_to_its_request():
    assert verified(presented(), purpose="authentication", **BOUND) == presentation()


@pytest.mark.parametrize(
    ("other", "error"),
    [({"challenge": "another"}, InvalidChallengeError), ({"domain": "other"}, InvalidDomainError)],
)
def test_a_presentation_for_another_request_is_refused(other, error):
    with pytest.raises(error):
        verified(presented(), purpose="authentication", **(BOUND | other))


def test_a_presentation_that_is_bound_to_nothing_is_refused():
    unbound = signed(presentation(), purpose="authentication")
    with pytest.raises(VerificationError):
        verified(unbound, purpose="authentication", **BOUND)


def test_the_proof_covers_the_credentials_inside():
    changed = presented()
    changed["verifiableCredential"][0]["credentialSubject"]["totaal_openstaand"] = 0
    with pytest.raises(CryptographicSecurityError):
        verified(changed, purpose="authentication", **BOUND)


def test_a_proof_for_another_purpose_is_refused():
    with pytest.raises(ProofVerificationError, match="purpose"):
        verified(signed(vc11.credential(DID)), purpose="authentication")


def test_a_proof_from_the_future_is_refused_and_a_minute_is_forgiven():
    credential = signed(vc11.credential(DID), created=NOW + 60)
    assert verified(credential)
    with pytest.raises(ProofVerificationError, match="future"):
        verified(credential, now=NOW - 1)


def test_another_key_verifies_nothing():
    with pytest.raises(CryptographicSecurityError):
        verified(signed(vc11.credential(DID)), key=OTHER_KEY.public)


def test_a_p256_key_neither_signs_nor_verifies():
    with pytest.raises(ConfigurationError):
        signed(vc11.credential(DID), signer=P256)
    with pytest.raises(ProofVerificationError, match="Ed25519 key"):
        verified(signed(vc11.credential(DID)), key=P256.public)


def test_a_document_is_signed_once():
    with pytest.raises(MalformedValueError):
        signed(signed(vc11.credential(DID)))


def test_a_document_whose_contexts_do_not_define_the_proof_is_not_signed():
    document = vc11.credential(DID)
    document["@context"].pop()
    with pytest.raises(VerificationError):
        signed(document)


CHANGES = {
    "type": {"type": "DataIntegrityProof"},
    "older type": {"type": "Ed25519Signature2018"},
    "cryptosuite": {"cryptosuite": "eddsa-rdfc-2022"},
    "no moment": {"created": None},
    "moment": {"created": "2026-11-24T10:29:59Z"},
    "method": {"verificationMethod": "did:web:other.example#legacy"},
    "challenge": {"challenge": "n"},
    "undefined": {"verified": "yes"},
    "value of another alphabet": {"proofValue": "u" + "A" * 86},
    "short value": {"proofValue": "z" + "2" * 20},
}


@pytest.mark.parametrize("change", CHANGES)
def test_I01_a_changed_proof_is_refused(change):
    credential = signed(vc11.credential(DID))
    proof = {**credential["proof"], **CHANGES[change]}
    credential["proof"] = {name: value for name, value in proof.items() if value is not None}
    with pytest.raises(VerificationError):
        verified(credential)


@vectors.needed
def test_the_published_example_is_made_again():
    folder = vectors.FOLDER / "vc-di-eddsa" / "TestVectors"
    expected = json.loads((folder / "Ed25519Signature2020" / "signedEdSig.json").read_text())
    secret = base58btc_decode(
        json.loads((folder / "keyPair.json").read_text())["privateKeyMultibase"]
    )
    document = {name: value for name, value in expected.items() if name != "proof"}
    key = suite_key(expected["proof"]["verificationMethod"], secret[2:])
    made = suite.add_proof(
        document,
        signer=key,
        verification_method=expected["proof"]["verificationMethod"],
        purpose="assertionMethod",
        created=1_677_281_798,
        json_ld=examples.json_ld(),
    )
    assert made == expected


def suite_key(method, secret):
    did = method.partition("#")[0]
    (url,) = did_key.resolve(did).methods
    public = did_key.resolve(did).key(url, "assertionMethod", now=NOW)
    return PrivateKey.from_jwk({**public.to_jwk(), "d": b64url_encode(secret)})
