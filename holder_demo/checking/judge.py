"""Who signed, and in which formats: everything that is judged needs these."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from vckit.did import Resolver
from vckit.errors import NotRequestedError, UntrustedIssuerError
from vckit.formats import FORMATS, Format, UnverifiedIssuer, open_formats
from vckit.keys import PublicKey
from vckit.rdf import JsonLd
from vckit.status import ListIssuer
from vckit.trust import Organisation, Scheme

KIND = "schuldenopgave"


@dataclass(frozen=True)
class Judge:
    """What the evidence of others is judged with in one action, at `now` in epoch seconds."""

    scheme: Scheme
    resolver: Resolver
    now: int

    @property
    def json_ld(self) -> JsonLd:
        """The JSON-LD processor that knows our context at the scheme's address."""
        return _json_ld(self.scheme.context_url)

    def format(self, name: str) -> Format:
        """Give a credential format; NotRequestedError for one that this wallet does not know."""
        if not is_known_format(name):
            raise NotRequestedError("The credential is of a format that this wallet can't keep.")
        return _formats(self.scheme.context_url)[name]

    def issuer(self, claimed: UnverifiedIssuer) -> tuple[Organisation, PublicKey]:
        """Give the organisation that a credential says it is from, and its signing key.

        No DID is resolved that is not on the scheme. Raises a VerificationError.
        """
        if claimed.x5c is not None:
            return self.scheme.issuer(claimed.iss, claimed.x5c, kind=KIND, now=self.now)
        organisation = self.scheme.issuer_of_did(claimed.iss, kind=KIND, now=self.now)
        return organisation, self.issuing_key(claimed.iss, claimed.verification_method)

    def list_issuer(self, claimed: UnverifiedIssuer) -> ListIssuer:
        """Give who alone may tell the status of a credential of this issuer."""
        _, key = self.issuer(claimed)
        if claimed.x5c is not None:
            return ListIssuer(claimed.iss, key)
        return ListIssuer(claimed.iss, key, lambda url: self.issuing_key(claimed.iss, url))

    def issuing_key(self, did: str, did_url: str | None) -> PublicKey:
        """Give a key with which this DID may state things; never another DID's (row I22)."""
        if did_url is None or did_url.partition("#")[0] != did:
            raise UntrustedIssuerError("The proof is made with a key of another than the issuer.")
        return self.resolver.key(did_url, "assertionMethod", now=self.now)


def is_known_format(name: object) -> bool:
    """Tell whether the wallet can keep and present credentials of this format."""
    return name in FORMATS


@cache
def _json_ld(context_url: str) -> JsonLd:
    return JsonLd({context_url: "context/v1"})


@cache
def _formats(context_url: str) -> Mapping[str, Format]:
    return open_formats(_json_ld(context_url), context_url)
