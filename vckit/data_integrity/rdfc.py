"""What every suite over canonical RDF does: transform, hash, and hand over to the key.

vc-di-eddsa 3.2 and vc-di-ecdsa 3.2 differ in names and keys only.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final, Literal

from vckit.data_integrity.proof import CONTEXT
from vckit.encoding import base58btc_decode, base58btc_encode
from vckit.errors import ParsingError, ProofTransformationError, ProofVerificationError
from vckit.keys import EDDSA, ES256, PublicKey
from vckit.rdf import JsonLd
from vckit.signers import Signer

Hash = Literal["sha256", "sha384"]
# By the key, for canonicalisation and for both digests.
HASHES: Final[dict[str, Hash]] = {EDDSA: "sha256", ES256: "sha256"}
SIGNATURE_SIZE: Final = 64


def create(
    document: Mapping[str, Any], options: Mapping[str, Any], signer: Signer, json_ld: JsonLd
) -> str:
    """Give the `proofValue` of an unsecured document under these proof options."""
    data = hash_data(document, options, json_ld, HASHES[signer.algorithm])
    return base58btc_encode(signer.sign(data))


def verify(
    document: Mapping[str, Any],
    options: Mapping[str, Any],
    value: str,
    key: PublicKey,
    json_ld: JsonLd,
) -> None:
    """Return when `value` is the key's signature, else ProofVerificationError when it is none.

    A signature that does not hold raises CryptographicSecurityError, a document that can't be
    canonicalised what `JsonLd` raises.
    """
    signature = _decode(value)
    key.verify(signature, hash_data(document, options, json_ld, HASHES[key.algorithm]))


def hash_data(
    document: Mapping[str, Any], options: Mapping[str, Any], json_ld: JsonLd, algorithm: Hash
) -> bytes:
    """Give what is signed: the digest of the options, then that of the document (3.2.4)."""
    canonical = canonical_options(document, options, json_ld, algorithm)
    digest = hashlib.new(algorithm, canonical).digest()
    transformed = json_ld.canonicalize(document, algorithm=algorithm)
    return digest + hashlib.new(algorithm, transformed).digest()


def canonical_options(
    document: Mapping[str, Any], options: Mapping[str, Any], json_ld: JsonLd, algorithm: Hash
) -> bytes:
    """Give the canonical proof configuration: the options read in the document's context (3.2.5).

    A document without a context raises ProofTransformationError.
    """
    if CONTEXT not in document:
        raise ProofTransformationError("The document has no context.")
    return json_ld.canonicalize({**options, CONTEXT: document[CONTEXT]}, algorithm=algorithm)


def _decode(value: str) -> bytes:
    try:
        signature = base58btc_decode(value)
    except ParsingError:
        raise ProofVerificationError("The proof value is not base58btc.") from None
    if len(signature) != SIGNATURE_SIZE:
        raise ProofVerificationError("The proof value has the wrong length.")
    return signature
