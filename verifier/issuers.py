"""Whose credential it is, and the key that must have signed it: by the scheme, and only by it.

Issuer, key and entry of the scheme must agree in every format. A DID document is fetched for an
issuer of the scheme alone, so that no credential makes us ask at a host of its choice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from vckit import did, x509
from vckit.did import DidDocument, Resolver
from vckit.errors import (
    InvalidRelationshipError,
    InvalidVerificationMethodError,
    MalformedValueError,
    StatusVerificationError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.formats import UnverifiedIssuer
from vckit.keys import PublicKey
from vckit.network import Fetcher
from vckit.trust import Organisation, Scheme
from verifier.fetching import DocumentFetcher, RecentDocuments
from verifier.findings import Source
from verifier.question import KIND

MAX_NAME: Final = 200
_ASSERTION: Final = "assertionMethod"
# Methods whose documents stand in the DID itself.
_OFFLINE: Final = ("did:key:", "did:jwk:")


@dataclass(frozen=True)
class Issuer:
    """Who signed: the identifier in the credential (`iss`), the key, and the scheme's entry.

    `organisation` is None off the scheme: then the key is only good to tell an untrusted statement
    from a broken one.
    """

    iss: str
    key: PublicKey
    organisation: Organisation | None

    @property
    def source(self) -> Source:
        """The name of the scheme, never one that the credential gives (row T11)."""
        return _source(self.iss, self.organisation)

    @property
    def is_did(self) -> bool:
        """Whether it is known by a DID, else by certificates."""
        return _is_did(self.iss)

    @property
    def sites(self) -> tuple[str, ...]:
        """The addresses where this issuer publishes: its own, for a DID its organisation's."""
        if self.is_did:
            return self.organisation.issuers if self.organisation else ()
        return (self.iss,)


class IssuerBook:
    """The issuers of one response: each DID document is resolved once, for all that needs it."""

    def __init__(
        self,
        scheme: Scheme,
        new_resolver: Callable[[Fetcher], Resolver],
        fetcher: Fetcher,
        documents: RecentDocuments,
        now: int,
    ) -> None:
        self._scheme = scheme
        self._now = now
        fetched: set[str] = set()
        self._resolver = new_resolver(DocumentFetcher(fetcher, documents, fetched, now))
        self._anew = new_resolver(DocumentFetcher(fetcher, documents, fetched, now, anew=True))

    def find(self, unverified: UnverifiedIssuer) -> Issuer:
        """The issuer that a credential names, with the key to verify it by.

        Raises UntrustedIssuerError for another issuer's key (row I22) and for a DID off the scheme
        that would have to be fetched, else what is wrong with the DID, its document or its method.
        """
        if unverified.verification_method is None:
            return self._by_certificate(unverified.iss, unverified.x5c or [])
        return self._by_did(unverified.iss, unverified.verification_method)

    def source(self, unverified: UnverifiedIssuer) -> Source:
        """Who is said to have stated it, where `find` gives no issuer."""
        return _source(unverified.iss, self._organisation(unverified.iss))

    def document(self, iss: str) -> DidDocument:
        """The DID document of an issuer of the scheme; errors as of `find`."""
        if self._organisation(iss) is None and not iss.startswith(_OFFLINE):
            raise UntrustedIssuerError("the scheme does not know this issuer")
        return self._resolver.resolve(iss)

    def list_key(self, issuer: Issuer, x5c: object) -> PublicKey:
        """The key of a status list with this `x5c`, if it has one, that must be the issuer's own.

        Raises StatusVerificationError for another issuer's (row L05).
        """
        if x5c is None:
            return issuer.key
        try:
            return self._scheme.issuer(issuer.iss, _texts(x5c), kind=KIND, now=self._now)[1]
        except VerificationError as error:
            raise StatusVerificationError("the status list is another issuer's") from error

    def own_key(self, iss: str, verification_method: str) -> PublicKey:
        """The key of a method of the DID `iss`, for stating things.

        Raises UntrustedIssuerError or InvalidRelationshipError for another one's, else as `find`.
        """
        signer = did.split(verification_method)[0]
        if signer != iss:
            raise self._another(signer)
        try:
            return self._resolver.key(verification_method, _ASSERTION, now=self._now)
        except InvalidVerificationMethodError:
            # The remembered document may be of before a new key.
            return self._anew.key(verification_method, _ASSERTION, now=self._now)

    def _by_certificate(self, iss: str, x5c: list[str]) -> Issuer:
        try:
            organisation, key = self._scheme.issuer(iss, x5c, kind=KIND, now=self._now)
        except UntrustedIssuerError:
            return Issuer(iss, x509.public_key(x509.parse_x5c(x5c)[0]), None)
        return Issuer(iss, key, organisation)

    def _by_did(self, iss: str, verification_method: str) -> Issuer:
        organisation = self._organisation(iss)
        if organisation is None and not iss.startswith(_OFFLINE):
            raise UntrustedIssuerError("the scheme does not know this issuer")
        return Issuer(iss, self.own_key(iss, verification_method), organisation)

    def _another(self, signer: str) -> VerificationError:
        """Rows I22 and I20: signed in another organisation's name, or by a key of nobody here."""
        if self._organisation(signer) is not None:
            return UntrustedIssuerError("the key is another organisation's than the issuer")
        return InvalidRelationshipError("the key is not one of the issuer's")

    def _organisation(self, iss: str) -> Organisation | None:
        if not _is_did(iss):
            return None
        try:
            return self._scheme.issuer_of_did(iss, kind=KIND, now=self._now)
        except UntrustedIssuerError:
            return None


def _source(iss: str, organisation: Organisation | None) -> Source:
    if organisation is None:
        shown = "".join(each if each.isprintable() else "\ufffd" for each in iss[:MAX_NAME])
        return Source(shown, None)
    return Source(organisation.name, organisation.oin)


def _is_did(iss: str) -> bool:
    return iss.startswith("did:")


def _texts(x5c: object) -> list[str]:
    if not isinstance(x5c, list) or not all(isinstance(each, str) for each in x5c):
        raise MalformedValueError("the x5c header is not an array of strings")
    return x5c
