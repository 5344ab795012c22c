"""What every credential format yields, and what it must be able to do."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from vckit.keys import PublicKey
from vckit.sd_jwt import KeyBindingExpectation, Path, Validity
from vckit.signers import Signer
from vckit.status import StatusReference


@dataclass(frozen=True)
class UnverifiedIssuer:
    """Who a credential says it is from; `vckit.trust` turns it into a key, or refuses."""

    iss: str
    x5c: list[str]


@dataclass(frozen=True)
class ProvenCredential:
    """A credential whose proof and, where asked, holder binding hold.

    `claims` are the terms alone, without what the format itself carries. Time, status and content
    are not judged here. `digest` is base64url SHA-256 of the signed part, equal in every
    presentation of the same credential.
    """

    format: str
    type: str
    claims: dict[str, Any]
    issuer: str
    holder_key: PublicKey | None
    validity: Validity
    statuses: tuple[StatusReference, ...]
    digest: str


class Format(Protocol):
    """A credential format; the module of each format has these names."""

    FORMAT: str

    def unverified_issuer(self, text: str) -> UnverifiedIssuer:
        """Who to look up in the scheme before `verify`."""
        ...

    def verify(
        self,
        text: str,
        *,
        issuer_key: PublicKey,
        key_binding: KeyBindingExpectation | None,
        now: int,
    ) -> ProvenCredential:
        """Check proof and holder binding; raises a VerificationError."""
        ...

    def digest(self, text: str) -> str:
        """The `digest` of a ProvenCredential, of a text that may be unverified."""
        ...

    def present(
        self,
        text: str,
        *,
        keep: Collection[Path],
        signer: Signer,
        audience: str,
        nonce: str,
        now: int,
    ) -> str:
        """The holder's presentation with the claims of `keep`, bound to one request."""
        ...
