"""The method did:jwk: a DID that is its own JWK, for signing keys only."""

from typing import Final

from vckit import strict_json
from vckit.did import url
from vckit.did.document import DidDocument, build_document, parse_document
from vckit.did.key import USES
from vckit.encoding import b64url_decode, b64url_encode
from vckit.errors import (
    InvalidVerificationMethodError,
    InvalidVerificationMethodUrlError,
    VerificationError,
)
from vckit.keys import PublicKey

METHOD: Final = "jwk"
PREFIX: Final = f"did:{METHOD}:"
FRAGMENT: Final = "0"


def of(key: PublicKey) -> str:
    """Give the DID of a key, its JWK holding the members of RFC 7638 3.2 in that order."""
    return PREFIX + b64url_encode(strict_json.dumps(key.to_jwk()))


def resolve(did: str) -> DidDocument:
    """Expand the DID; its one method has the fragment "0", whatever `kid` says.

    Raises InvalidVerificationMethodUrlError or, for the key, InvalidVerificationMethodError.
    """
    if url.method(did) != METHOD:
        raise InvalidVerificationMethodUrlError("This is no did:jwk.")
    try:
        jwk = strict_json.loads_object(b64url_decode(did.removeprefix(PREFIX)))
        key = PublicKey.from_jwk(jwk)
    except VerificationError:
        raise InvalidVerificationMethodError("The JWK is malformed or unsafe.") from None
    return parse_document(build_document(did, [(FRAGMENT, "JsonWebKey2020", key)], USES), did)
