"""The method did:key: a DID that is its own Multikey (did:key 3.1).

The form with a version component is refused: it would be a second name of the same key.
"""

from typing import Final

from vckit.did import multikey, url
from vckit.did.document import DidDocument, build_document, parse_document
from vckit.errors import InvalidVerificationMethodUrlError
from vckit.keys import PublicKey

METHOD: Final = "key"
PREFIX: Final = f"did:{METHOD}:"
# did:key 3.1.1: what its one key is for; a derived key for key agreement is not offered.
USES: Final = ("authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation")


def of(key: PublicKey) -> str:
    """Give the DID of a key."""
    return PREFIX + multikey.encode(key)


def resolve(did: str) -> DidDocument:
    """Expand the DID; its one method has the Multikey as its fragment.

    Raises InvalidVerificationMethodUrlError or, for the key, InvalidVerificationMethodError.
    """
    if url.method(did) != METHOD:
        raise InvalidVerificationMethodUrlError("This is no did:key.")
    text = did.removeprefix(PREFIX)
    methods = [(text, "Multikey", multikey.decode(text))]
    return parse_document(build_document(did, methods, USES), did)
