"""How a credential refers to an entry of a status list, and who alone may tell its status."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from vckit.keys import PublicKey
from vckit.rdf import JsonLd

TOKEN_STATUS_LIST: Final = "status_list"  # noqa: S105  the name of a member


@dataclass(frozen=True)
class StatusReference:
    """Entry `index` of the list at `uri` tells this; purpose is "revocation" or "refresh".

    `mechanism` is a key of `status.MECHANISMS`: how the credential refers to the list.
    """

    purpose: str
    uri: str
    index: int
    mechanism: str = TOKEN_STATUS_LIST


@dataclass(frozen=True)
class ListIssuer:
    """Who must have signed a list: the issuer of the credential.

    `id` and `key` are those of the credential. `method_key` gives the key of another method of
    that DID by its DID URL, for the relationship assertionMethod; it may raise a VerificationError.
    """

    id: str
    key: PublicKey
    method_key: Callable[[str], PublicKey] | None = None


class StatusMechanism(Protocol):
    """A way to publish statuses; its module has these names.

    `MEDIA_TYPE` is what it is served and asked as, `ACCEPTED` are the media types to take.
    """

    MEDIA_TYPE: str
    ACCEPTED: frozenset[str]

    def judge(
        self,
        text: str,
        reference: StatusReference,
        *,
        issuer: ListIssuer,
        json_ld: JsonLd,
        now: int,
    ) -> Any:
        """The VerifiedStatusList that the reference is about.

        Raises StatusVerificationError, StatusListLengthError, StatusRetrievalError (it has
        expired: there is none now) or MalformedValueError.
        """
        ...
