"""What signs a statement: for real, or in a rehearsal that only takes down what would be signed."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from vckit.data_integrity import didkit_child
from vckit.did import DidDocument
from vckit.encoding import b64url_encode
from vckit.errors import ConfigurationError
from vckit.keys import PrivateKey
from vckit.rdf import JsonLd
from vckit.signers import Signer


class Pen:
    """A signer that remembers the digest of what it was given: `content_digest`, base64url."""

    def __init__(self, signer: Signer, *, rehearsal: bool) -> None:
        self._signer = signer
        self._rehearsal = rehearsal
        self.algorithm = signer.algorithm
        self.public_key = signer.public_key
        self.content_digest = ""

    def sign(self, data: bytes) -> bytes:
        """Sign; in a rehearsal the signature is left blank."""
        self._note(data)
        return bytes(64) if self._rehearsal else self._signer.sign(data)

    def prove_by_didkit(
        self,
        credential: Mapping[str, Any],
        *,
        verification_method: str,
        issuer: DidDocument,
        created: int,
        json_ld: JsonLd,
    ) -> Mapping[str, Any]:
        """A credential of data model 1.1 with its proof; in a rehearsal without.

        Raises NotAgreedError, and UnavailableError where didkit's process does not answer; and
        already in the rehearsal PolicyLimitError for what nobody would read.
        """
        self._note(json_ld.canonicalize(credential))
        if self._rehearsal:
            return credential
        issued = didkit_child.issue(
            credential,
            private_jwk=require_private(self._signer).to_jwk(),
            verification_method=verification_method,
            created=created,
            issuer=issuer,
        )
        # didkit gives the members back in another order each time.
        return {**credential, "proof": dict(sorted(issued["proof"].items()))}

    def _note(self, content: bytes) -> None:
        self.content_digest = b64url_encode(sha256(content).digest())


def require_private(signer: Signer) -> PrivateKey:
    """The key itself, which didkit needs; ConfigurationError when it lives elsewhere."""
    if not isinstance(signer, PrivateKey):
        raise ConfigurationError("w3c.legacy_vc11 needs a w3c.signer that is a file")
    return signer
