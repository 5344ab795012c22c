"""A verified scheme and what it lets each organisation do; it never trusts more than it says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vckit import x509
from vckit.errors import ConfigurationError, UntrustedIssuerError, VerificationError
from vckit.keys import PublicKey
from vckit.published import is_published

ISSUER = "issuer"
VERIFIER = "verifier"


class SchemeError(ConfigurationError):
    """The scheme can't be used; the text names why. Keep the last good one, or don't start.

    `reason` is a stable code: unreadable, settings, too_large, unsigned, malformed, contradictory,
    older, other_content, not_yet_valid, expired, demo, left_out, ended.
    """

    def __init__(self, detail: str, reason: str = "malformed") -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True)
class Document:
    """One published document: its URL and the SHA-256 that its bytes must have."""

    url: str
    sha256: str


@dataclass(frozen=True)
class Documents:
    """What the words mean: the JSON-LD context, the JSON Schemas, the SD-JWT VC types."""

    context: Document
    schemas: tuple[Document, ...]
    vct: tuple[Document, ...]


@dataclass(frozen=True)
class Organisation:
    """One entry: who it is, and what the scheme lets it do between two moments (epoch seconds).

    `certificates` are base64url SHA-256 digests of the DER of a leaf or of an issuing CA; `dids`
    are whole DIDs, compared as simple strings. `authority_keys` are the key identifiers of its
    issuing CAs in base64url, by which a question picks its cards (OpenID4VP 6.1.1.1).
    """

    name: str
    oin: str
    municipality_code: str | None
    roles: tuple[str, ...]
    purpose: str | None
    issuers: tuple[str, ...]
    certificates: tuple[str, ...]
    kinds: tuple[str, ...]
    valid_from: int | None = None
    valid_until: int | None = None
    start_url: str | None = None
    dids: tuple[str, ...] = ()
    successor_of: str | None = None
    authority_keys: tuple[str, ...] = ()

    def takes_part(self, role: str, now: int) -> bool:
        """Tell whether it has this role at this moment; `valid_until` itself is too late."""
        begun = self.valid_from is None or self.valid_from <= now
        ended = self.valid_until is not None and self.valid_until <= now
        return role in self.roles and begun and not ended


@dataclass(frozen=True)
class Scheme:
    """A verified scheme. Every answer is for a moment `now`, in epoch seconds.

    `demo` tells that its keys are known to everybody: it is nothing for real debts (row T13).
    """

    version: int
    base_url: str
    operator: str
    issued_at: int
    expires_at: int
    organisations: tuple[Organisation, ...]
    documents: Documents
    demo: bool = False

    def issuer(
        self, iss: str, x5c: list[str], *, kind: str, now: int
    ) -> tuple[Organisation, PublicKey]:
        """Give the organisation that `iss` names and the key with which it signed.

        Issuer, key and entry must agree: the chain is judged against the certificates of that
        one organisation, never against all of them. Raises UntrustedIssuerError.
        """
        organisation = self._named(iss, now)
        if kind not in organisation.kinds:
            raise UntrustedIssuerError("The scheme does not let this organisation state this.")
        chain = x509.parse_x5c(x5c)
        self._require_secret(chain)
        leaf = _trusted_leaf(organisation, chain, now, identity=iss)
        return organisation, x509.public_key(leaf)

    def issuer_of_did(self, did: str, *, kind: str, now: int) -> Organisation:
        """Give the organisation whose DID this is; its DID document then says which keys it has.

        No other DID is ever trusted for it, whatever a document says of `alsoKnownAs` (T07).
        Raises UntrustedIssuerError.
        """
        organisation = self._with_did(did, ISSUER, now)
        if kind not in organisation.kinds:
            raise UntrustedIssuerError("The scheme does not let this organisation state this.")
        return organisation

    def verifier(self, identity: str | Sequence[x509.Certificate], now: int) -> Organisation:
        """Give the organisation that may ask with this leaf (its digest, or its whole chain)."""
        if not isinstance(identity, str):
            self._require_secret(identity)
        for organisation in self._taking_part(VERIFIER, now):
            if _speaks_for(organisation, identity, now):
                return organisation
        raise UntrustedIssuerError("The scheme knows no verifier with this certificate.")

    def verifier_of_did(self, did: str, now: int) -> Organisation:
        """Give the organisation that may ask under this DID. Raises UntrustedIssuerError."""
        return self._with_did(did, VERIFIER, now)

    def issuers(self, now: int) -> tuple[Organisation, ...]:
        """Everyone who states debts at this moment, in the order of the scheme."""
        return tuple(self._taking_part(ISSUER, now))

    def vct(self, name: str) -> str:
        """The URL of the newest published SD-JWT VC type of this name."""
        return _newest(self.documents.vct, f"/vct/{name}/")

    @property
    def context_url(self) -> str:
        """The URL of the JSON-LD context of our own terms."""
        return self.documents.context.url

    def schema_url(self, name: str) -> str:
        """The URL of the newest published JSON Schema of this name."""
        return _newest(self.documents.schemas, f"/schemas/{name}/")

    def _require_secret(self, chain: Sequence[x509.Certificate]) -> None:
        """Row T13: outside a demo its certificates are worth nothing, and examples nowhere."""
        if not self.demo and any(map(x509.is_of_a_demo, chain)):
            raise UntrustedIssuerError("The certificate is that of a demo.")
        if is_published(x509.public_key(chain[0])):
            raise UntrustedIssuerError("The key is an example of a specification.")

    def _taking_part(self, role: str, now: int) -> Iterable[Organisation]:
        return (one for one in self.organisations if one.takes_part(role, now))

    def _with_did(self, did: str, role: str, now: int) -> Organisation:
        for organisation in self._taking_part(role, now):
            if did in organisation.dids:
                return organisation
        raise UntrustedIssuerError("The scheme does not know this DID at this moment.")

    def _named(self, iss: str, now: int) -> Organisation:
        # OpenID4VCI 12.2.4 "simple string comparison": no case folding, no trailing slash.
        for organisation in self._taking_part(ISSUER, now):
            if iss in organisation.issuers:
                return organisation
        raise UntrustedIssuerError("The scheme does not know this issuer at this moment.")


def _newest(documents: Sequence[Document], part: str) -> str:
    found = [one.url for one in documents if part in one.url]
    if not found:
        raise SchemeError("The scheme does not publish that document.")
    return max(found, key=_version_in)


def _version_in(url: str) -> int:
    last = url.rsplit("/", 1)[-1]
    return int(last) if last.isascii() and last.isdigit() else 0


def _trusted_leaf(
    organisation: Organisation, chain: Sequence[x509.Certificate], now: int, *, identity: str
) -> x509.Certificate:
    leaf = x509.verify_chain(chain, organisation.certificates, now)
    if x509.digest(leaf) in organisation.certificates:
        return leaf
    # Trusted through a CA that serves others too, so the leaf must say whose it is.
    if identity not in x509.uris(leaf):
        raise UntrustedIssuerError("The certificate is not this issuer's.")
    return leaf


def _speaks_for(
    organisation: Organisation, identity: str | Sequence[x509.Certificate], now: int
) -> bool:
    if isinstance(identity, str):
        return identity in organisation.certificates
    try:
        leaf = x509.verify_chain(identity, organisation.certificates, now)
    except VerificationError:
        return False
    if x509.digest(leaf) in organisation.certificates:
        return True
    return not set(organisation.issuers).isdisjoint(x509.uris(leaf))
