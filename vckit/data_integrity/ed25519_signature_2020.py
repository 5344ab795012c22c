"""Proofs of the type Ed25519Signature2020 (vc-di-eddsa, appendix): data model 1.1 only.

The same steps as eddsa-rdfc-2022 under another name. The document's contexts must define the
proof: with ed25519-2020/v1 as the last of them. Our own making, so that any Signer can sign;
didkit is asked for its opinion elsewhere (`didkit_child`).
"""

from collections.abc import Mapping
from typing import Any, Final

from vckit.data_integrity import rdfc
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
from vckit.keys import EDDSA, PublicKey
from vckit.rdf import JsonLd
from vckit.signers import Signer

TYPE: Final = "Ed25519Signature2020"
CONTEXT_URL: Final = "https://w3id.org/security/suites/ed25519-2020/v1"


def add_proof(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    verification_method: str,
    purpose: str,
    created: int,
    json_ld: JsonLd,
    challenge: str | None = None,
    domain: str | None = None,
) -> dict[str, Any]:
    """Give the document with its proof; equal arguments give equal octets.

    As `vckit.data_integrity.add_proof`, for an Ed25519 key.
    """
    if signer.algorithm != EDDSA:
        raise ConfigurationError("Ed25519Signature2020 is made with an Ed25519 key.")
    options = new_options(
        document,
        {"type": TYPE},
        verification_method=verification_method,
        purpose=purpose,
        created=created,
        challenge=challenge,
        domain=domain,
    )
    value = rdfc.create(document, options, signer, json_ld)
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
    """Give the document without its proof, which holds. As `vckit.data_integrity.verify_proof`.

    `created` is required here, as didkit and Digital Bazaar's suite require it.
    """
    proof = unverified_proof(document)
    check_expected(proof, purpose=purpose, now=now, challenge=challenge, domain=domain)
    if proof.type != TYPE or proof.cryptosuite is not None or proof.created is None:
        raise ProofVerificationError("The proof is no Ed25519Signature2020.")
    if key.algorithm != EDDSA:
        raise ProofVerificationError("Ed25519Signature2020 is verified with an Ed25519 key.")
    unsecured = without_proof(document)
    rdfc.verify(unsecured, options_of(document), proof.value, key, json_ld)
    return unsecured
