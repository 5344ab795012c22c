"""Status of a credential: where it is told, and the mechanisms that tell it."""

from dataclasses import dataclass
from typing import Final

from vckit.status import token_status_list
from vckit.status.token_status_list import StatusMechanism


@dataclass(frozen=True)
class StatusReference:
    """Entry `index` of the list at `uri` tells this; purpose is "revocation" or "refresh".

    `mechanism` is a key of MECHANISMS: how the credential refers to the list.
    """

    purpose: str
    uri: str
    index: int
    mechanism: str = token_status_list.MEMBER


# By the member of a credential's `status` that refers to the list.
MECHANISMS: Final[dict[str, StatusMechanism]] = {
    token_status_list.MEMBER: token_status_list,
}

__all__ = ["MECHANISMS", "StatusMechanism", "StatusReference"]
