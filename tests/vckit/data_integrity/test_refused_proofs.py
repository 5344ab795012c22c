"""Data Integrity proofs that were made for something else, or by something else."""

import pytest

from tests.vckit.data_integrity.documents import (
    CHALLENGE,
    DOMAIN,
    ECDSA,
    EDDSA,
    JSON_LD,
    KEYS,
    NOW,
    V2,
    answered,
    credential,
    issued,
    presented,
    proved,
    signed,
    verified,
    with_proof,
)
from vckit.data_integrity import PROOF_TYPES
from vckit.errors import (
    CryptographicSecurityError,
    InvalidChallengeError,
    InvalidDomainError,
    MalformedValueError,
    ProofVerificationError,
)


def test_I19_a_credential_is_signed_for_assertion_only():
    with pytest.raises(ProofVerificationError):
        verified(proved(credential(), proofPurpose="authentication"))


def test_I19_a_presentation_is_signed_for_authentication_only():
    document = presented()
    with pytest.raises(ProofVerificationError):
        answered(with_proof(document, proofPurpose="assertionMethod"))
    with pytest.raises(ProofVerificationError):
        verified(document)


@pytest.mark.parametrize(
    "purpose",
    [
        None,
        "",
        "assertion",
        "AssertionMethod",
        ["assertionMethod"],
        1,
        "keyAgreement",
        "https://w3id.org/security#assertionMethod",
    ],
)
def test_I19_a_purpose_that_is_missing_or_unknown_is_refused(purpose):
    with pytest.raises(ProofVerificationError):
        verified(with_proof(issued(), proofPurpose=purpose))


@pytest.mark.parametrize("name", ["type", "verificationMethod", "proofPurpose", "proofValue"])
@pytest.mark.parametrize("value", [None, 1, {}, ["a"], True])
def test_a_proof_that_lacks_one_of_its_strings_is_refused(name, value):
    with pytest.raises(ProofVerificationError):
        verified(with_proof(issued(), **{name: value}))


def test_I25_an_expired_proof_is_refused_at_its_very_moment():
    document = proved(credential(), expires="2026-11-24T00:00:00Z")
    end = 1_795_478_400
    assert verified(document, now=end - 1)
    with pytest.raises(ProofVerificationError):
        verified(document, now=end)


def test_a_proof_from_the_future_is_refused_beyond_what_clocks_differ():
    document = signed(credential())
    assert verified(document, now=NOW - 60)
    with pytest.raises(ProofVerificationError):
        verified(document, now=NOW - 61)


def test_a_proof_need_not_say_when_it_was_made():
    assert verified(proved(credential(), created=None))


@pytest.mark.parametrize("moment", ["2026-11-24", "2026-11-24T00:00:00", "yesterday", 5, ["a"], ""])
def test_a_moment_without_a_zone_is_none(moment):
    for name in ("created", "expires"):
        with pytest.raises(MalformedValueError):
            verified(with_proof(issued(), **{name: moment}))


@pytest.mark.parametrize(
    "domain",
    [
        "https://evil.example",
        "",
        DOMAIN.upper(),
        DOMAIN + " ",
        DOMAIN.partition(":")[2],
        [DOMAIN, "https://evil.example"],
        [],
    ],
    ids=["other", "empty", "upper case", "white space", "no prefix", "ours and another", "none"],
)
def test_I26_a_presentation_for_another_audience_is_refused(domain):
    with pytest.raises(InvalidDomainError):
        answered(presented(domain=domain))


def test_I26_a_presentation_without_audience_is_refused():
    with pytest.raises(InvalidDomainError):
        answered(presented(domain=None))


def test_I26_twin_our_audience_alone_in_an_array_is_ours():
    assert answered(presented(domain=[DOMAIN]))


@pytest.mark.parametrize("domain", [1, {}, [1], [None], [[DOMAIN]], None])
def test_I26_a_domain_that_is_no_set_of_strings_is_refused(domain):
    document = presented()
    document["proof"] = {**document["proof"], "domain": domain}
    with pytest.raises(MalformedValueError):
        answered(document)


@pytest.mark.parametrize("challenge", ["other", "", CHALLENGE.upper(), CHALLENGE + "x", None])
def test_I26_a_presentation_with_another_nonce_or_none_is_refused(challenge):
    with pytest.raises(InvalidChallengeError):
        answered(presented(challenge=challenge))


def test_I26_audience_and_nonce_cannot_be_put_in_afterwards():
    for name, value, expected in (
        ("challenge", "new", {"challenge": "new"}),
        ("domain", "new", {"domain": "new"}),
    ):
        with pytest.raises(CryptographicSecurityError):
            answered(with_proof(presented(), **{name: value}), **expected)


def test_I26_twin_a_credential_is_asked_for_neither():
    assert verified(signed(credential(), challenge="abc", domain="def"))


UNKNOWN = [
    *(
        "eddsa-jcs-2022",
        "ecdsa-jcs-2019",
        "ecdsa-sd-2023",
        "bbs-2023",
        "eddsa-2022",
        "",
        "EDDSA-RDFC-2022",
    ),
    *("unsecured", "eddsa-rdfc-2022 "),
]


@pytest.mark.parametrize("name", UNKNOWN)
def test_I29_an_unknown_cryptosuite_is_refused(name):
    with pytest.raises(ProofVerificationError):
        verified(proved(credential(), cryptosuite=name))


@pytest.mark.parametrize("name", [None, 5, ["eddsa-rdfc-2022"]])
def test_I29_a_proof_without_cryptosuite_is_refused(name):
    with pytest.raises(ProofVerificationError):
        verified(with_proof(issued(), cryptosuite=name))


@pytest.mark.parametrize(("suite", "signing"), [(EDDSA, ECDSA), (ECDSA, EDDSA)])
def test_I29_a_key_of_another_kind_than_the_cryptosuite_is_refused(suite, signing):
    document = proved(credential(), suite, signing)
    for asked in (suite, signing):
        with pytest.raises((ProofVerificationError, CryptographicSecurityError)):
            verified(document, asked)
    with pytest.raises(ProofVerificationError):
        verified(document, signing)


@pytest.mark.parametrize(
    "kind", ["Ed25519Signature2020", "JsonWebSignature2020", "dataintegrityproof"]
)
def test_I29_a_proof_of_another_type_is_refused(kind):
    with pytest.raises(ProofVerificationError):
        verified(with_proof(issued(), type=kind))


def test_I29_an_older_type_is_verified_by_who_asks_for_it_only():
    assert set(PROOF_TYPES) == {"DataIntegrityProof", "Ed25519Signature2020"}
    with pytest.raises(ProofVerificationError):
        PROOF_TYPES["Ed25519Signature2020"](
            issued(), key=KEYS[EDDSA].public, purpose="assertionMethod", json_ld=JSON_LD, now=NOW
        )


def test_I28_a_proof_that_leans_on_another_is_refused():
    for previous in ("urn:uuid:1", [], ["urn:uuid:1", "urn:uuid:2"]):
        with pytest.raises(ProofVerificationError):
            verified(with_proof(issued(), previousProof=previous))


def test_I31_an_array_of_proofs_is_refused():
    document = issued()
    for proofs in ([], [document["proof"]], [document["proof"]] * 2, None, "proof", 1):
        with pytest.raises(ProofVerificationError):
            verified({**document, "proof": proofs})


@pytest.mark.parametrize("within", [[], {}, None])
def test_I31_a_proof_within_a_proof_is_refused(within):
    document = issued()
    for nested in (within, document["proof"], [document["proof"]]):
        with pytest.raises(MalformedValueError):
            verified({**document, "proof": {**document["proof"], "proof": nested}})


@pytest.mark.parametrize("context", [[], [V2, V2], V2, {}, [{}], "https://evil.example"])
def test_I31_a_proof_with_another_context_than_its_document_is_refused(context):
    with pytest.raises(ProofVerificationError):
        verified(with_proof(issued(), **{"@context": context}))


def test_I31_twin_a_proof_may_repeat_the_context_of_its_document():
    assert verified(with_proof(issued(), **{"@context": [V2]})) == credential()
