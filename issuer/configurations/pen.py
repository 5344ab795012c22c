"""What signs a statement: for real, or in a rehearsal that only takes down what would be signed."""

from hashlib import sha256

from vckit.encoding import b64url_encode
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

    def _note(self, content: bytes) -> None:
        self.content_digest = b64url_encode(sha256(content).digest())
