"""The kinds of status list: how each is asked for, and how it is proven to be its issuer's."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from vckit import jose
from vckit.errors import StatusVerificationError, VerificationError
from vckit.status import StatusReference, token_status_list
from vckit.status.token_status_list import VerifiedStatusList
from verifier.issuers import Issuer, IssuerBook


@dataclass(frozen=True)
class Proofs:
    """What lists are proven with: the issuers of this response, and JSON-LD as we know it."""

    issuers: IssuerBook
    json_ld: object


Prove = Callable[[str, StatusReference, Issuer, Proofs, int], VerifiedStatusList]


@dataclass(frozen=True)
class Kind:
    """A kind of list: the media type to ask for, those to take, and its proof.

    `prove` takes the text of the list and raises StatusVerificationError, StatusRetrievalError
    (expired) or MalformedValueError, or a VerificationError of its syntax.
    """

    accept: str
    media_types: Collection[str]
    prove: Prove


def _prove_token(
    text: str, reference: StatusReference, issuer: Issuer, proofs: Proofs, now: int
) -> VerifiedStatusList:
    try:
        x5c = jose.parse(text).header.get("x5c")
    except VerificationError as error:
        raise StatusVerificationError("the status list is no JWS") from error
    key = proofs.issuers.list_key(issuer, x5c=x5c)
    return token_status_list.verify(text, uri=reference.uri, issuer_key=key, now=now)


# By the mechanism of a StatusReference.
KINDS: Final[Mapping[str, Kind]] = {
    token_status_list.MEMBER: Kind(
        token_status_list.MEDIA_TYPE, {token_status_list.MEDIA_TYPE}, _prove_token
    ),
}


def kind(reference: StatusReference) -> Kind:
    """The kind of list that a credential refers to; StatusVerificationError for no known kind."""
    known = KINDS.get(reference.mechanism)
    if known is None:
        raise StatusVerificationError("the status is told by an unknown kind of list")
    return known
