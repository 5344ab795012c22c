"""Proofs of the type `DataIntegrityProof` (VC-DI 3.1): made and verified by their cryptosuite."""

from collections.abc import Mapping
from typing import Any, Final

from vckit.data_integrity.cryptosuites import CRYPTOSUITES
from vckit.data_integrity.proof import (
    MEMBER,
    VALUE,
    check_expected,
    new_options,
    options_of,
    unverified_proof,
    without_proof,
)
from vckit.errors import ConfigurationError, ProofVerificationError
from vckit.keys import PublicKey
from vckit.rdf import JsonLd
from vckit.signers import Signer

TYPE: Final = "DataIntegrityProof"


def add_proof(  # noqa: PLR0913  each is one stated member of the proof
    document: Mapping[str, Any],
    *,
    cryptosuite: str,
    signer: Signer,
    verification_method: str,
    purpose: str,
    created: int,
    json_ld: JsonLd,
    challenge: str | None = None,
    domain: str | None = None,
) -> dict[str, Any]:
    """Give the document with its proof; equal arguments give equal octets (VC-DI 4.2).

    `verification_method` is a DID URL, `purpose` "assertionMethod" or "authentication", `created`
    epoch seconds. Raises ConfigurationError for a key that is not of the suite, and what `JsonLd`
    raises for a document that can't be signed without loss.
    """
    suite = CRYPTOSUITES.get(cryptosuite)
    if suite is None or signer.algorithm not in suite.algorithms:
        raise ConfigurationError("There is no such cryptosuite for this key.")
    options = new_options(
        document,
        {"type": TYPE, "cryptosuite": cryptosuite},
        verification_method=verification_method,
        purpose=purpose,
        created=created,
        challenge=challenge,
        domain=domain,
    )
    value = suite.create(document, options, signer, json_ld)
    return {**document, MEMBER: {**options, VALUE: value}}


def verify_proof(
    document: Mapping[str, Any],
    *,
    key: PublicKey,
    purpose: str,
    json_ld: JsonLd,
    now: int,
    challenge: str | None = None,
    domain: str | None = None,
) -> dict[str, Any]:
    """Give the document without its proof, which holds (VC-DI 4.4).

    `key` is that of the proof's verification method and allowed for `purpose` there: the caller
    has seen to that (`DidDocument.key`). Raises ProofVerificationError, InvalidDomainError,
    InvalidChallengeError, CryptographicSecurityError, and what `JsonLd` raises.
    """
    proof = unverified_proof(document)
    check_expected(proof, purpose=purpose, now=now, challenge=challenge, domain=domain)
    suite = CRYPTOSUITES.get(proof.cryptosuite or "")
    if proof.type != TYPE or suite is None:
        raise ProofVerificationError("The proof is of an unknown cryptosuite.")
    if key.algorithm not in suite.algorithms:
        raise ProofVerificationError("The key is not of the proof's cryptosuite.")
    unsecured = without_proof(document)
    suite.verify(unsecured, options_of(document), proof.value, key, json_ld)
    return unsecured
