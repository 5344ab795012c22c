"""Proving that a status list is its credential's issuer's own, however it is published."""

from dataclasses import dataclass

from vckit import jose
from vckit.errors import StatusVerificationError, VerificationError
from vckit.rdf import JsonLd
from vckit.status import MECHANISMS, ListIssuer, StatusMechanism, StatusReference
from vckit.status.token_status_list import VerifiedStatusList
from verifier.issuers import Issuer, IssuerBook


@dataclass(frozen=True)
class Proofs:
    """What lists are proven with: the issuers of this response, and JSON-LD as we know it."""

    issuers: IssuerBook
    json_ld: JsonLd

    def prove(
        self, text: str, reference: StatusReference, issuer: Issuer, now: int
    ) -> VerifiedStatusList:
        """The list that `reference` is about, signed by a key of `issuer` that the scheme gives.

        Raises StatusVerificationError, StatusRetrievalError (expired) or MalformedValueError.
        """
        verified: VerifiedStatusList = mechanism(reference).judge(
            text, reference, issuer=self._signer(text, issuer), json_ld=self.json_ld, now=now
        )
        return verified

    def _signer(self, text: str, issuer: Issuer) -> ListIssuer:
        """Its key may be a newer one than the credential's."""
        if issuer.is_did:
            return ListIssuer(
                issuer.iss, issuer.key, lambda method: self.issuers.own_key(issuer.iss, method)
            )
        return ListIssuer(issuer.iss, self.issuers.list_key(issuer, _x5c(text)))


def mechanism(reference: StatusReference) -> StatusMechanism:
    """How the list is published; StatusVerificationError for a way that is unknown here."""
    known = MECHANISMS.get(reference.mechanism)
    if known is None:
        raise StatusVerificationError("the status is told by an unknown kind of list")
    return known


def _x5c(text: str) -> object:
    try:
        return jose.parse(text).header.get("x5c")
    except VerificationError as error:
        raise StatusVerificationError("the status list is no JWS") from error
