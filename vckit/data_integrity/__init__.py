"""Data Integrity: a JSON-LD document with a proof inside (VC-DI 1.0).

`add_proof` and `verify_proof` are those of `DataIntegrityProof`; other types of proof are verified
only by who asks for them in PROOF_TYPES, so that no document can choose an older one.
"""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from vckit.data_integrity import data_integrity_proof, ed25519_signature_2020
from vckit.data_integrity.cryptosuites import CRYPTOSUITES, Cryptosuite
from vckit.data_integrity.data_integrity_proof import add_proof, verify_proof
from vckit.data_integrity.proof import UnverifiedProof, unverified_proof
from vckit.keys import PublicKey
from vckit.rdf import JsonLd


class VerifyProof(Protocol):
    """The shape of `verify_proof`."""

    def __call__(
        self,
        document: Mapping[str, Any],
        *,
        key: PublicKey,
        purpose: str,
        json_ld: JsonLd,
        now: int,
        challenge: str | None = None,
        domain: str | None = None,
    ) -> dict[str, Any]:
        """Give the document without its proof, or raise a VerificationError."""
        ...


# By `type`.
PROOF_TYPES: Final[dict[str, VerifyProof]] = {
    data_integrity_proof.TYPE: verify_proof,
    ed25519_signature_2020.TYPE: ed25519_signature_2020.verify_proof,
}

__all__ = [
    "CRYPTOSUITES",
    "PROOF_TYPES",
    "Cryptosuite",
    "UnverifiedProof",
    "add_proof",
    "unverified_proof",
    "verify_proof",
]
