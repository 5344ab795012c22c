"""What every credential format yields, and what it must be able to do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from vckit.keys import PublicKey
from vckit.sd_jwt import KeyBindingExpectation, Path, Validity
from vckit.signers import Signer
from vckit.status import StatusReference


@dataclass(frozen=True)
class UnverifiedIssuer:
    """Who a credential says it is from; the scheme turns it into a key, or refuses.

    `iss` is an https URL with `x5c` beside it (dc+sd-jwt), or a DID with the DID URL of the
    `verification_method` that is said to have signed (the W3C formats).
    """

    iss: str
    x5c: list[str] | None = None
    verification_method: str | None = None


@dataclass(frozen=True)
class UnverifiedCredential:
    """A credential as it lies in a presentation; only the presentation around it was verified.

    `content` is the text (JWT, SD-JWT) or the JSON object (Data Integrity), `digest` base64url
    SHA-256 of the signed part. `presenter` is the key that proved to make the presentation, where
    the presentation has a proof of its own; `expected` what a proof inside `content` must be
    bound to.
    """

    format: str
    issuer: UnverifiedIssuer
    content: Any = field(repr=False)
    digest: str
    presenter: PublicKey | None = None
    expected: KeyBindingExpectation | None = None


@dataclass(frozen=True)
class ProvenCredential:
    """A credential whose proof and, where asked, holder binding hold.

    `claims` are the terms of the statement alone, the same in every format. `document` is what
    DCQL paths apply to and `meta` what its `meta` is matched with: {"vct": …} or {"types": […]}.
    Time, status and content are not judged here. `digest` is base64url SHA-256 of the signed part,
    equal in every presentation of the same credential.
    """

    format: str
    type: str
    claims: dict[str, Any]
    issuer: str
    holder_key: PublicKey | None
    validity: Validity
    statuses: tuple[StatusReference, ...]
    digest: str
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)
    meta: Mapping[str, Any] = field(default_factory=dict)


class Format(Protocol):
    """A credential format. `ENTRY_TYPE` is how one presentation stands in a VP token."""

    FORMAT: ClassVar[str]
    ENTRY_TYPE: ClassVar[type]

    def open_presentation(
        self, presentation: Any, *, expected: KeyBindingExpectation, now: int
    ) -> tuple[UnverifiedCredential, ...]:
        """The credentials of one entry of a VP token, at least one.

        Verifies the presentation's own proof, where the format has one; raises OtherRequestError
        when that was made for another nonce or audience, else a VerificationError.
        """
        ...

    def open_held(self, text: str) -> UnverifiedCredential:
        """A credential as its holder keeps it or a document carries it, with no presenter."""
        ...

    def verify(
        self, unverified: UnverifiedCredential, *, issuer_key: PublicKey, now: int
    ) -> ProvenCredential:
        """Check the issuer's proof and, of a presented credential, that its presenter holds it.

        Raises a VerificationError.
        """
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
    ) -> Any:
        """The holder's presentation bound to one request: an entry of a VP token.

        Only the claims of `keep` are shown, where the format can withhold anything.
        """
        ...
