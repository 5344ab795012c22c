"""Status of a credential: where it is told, and the mechanisms that tell it."""

from typing import Final

from vckit.status import token_status_list
from vckit.status.reference import StatusReference
from vckit.status.token_status_list import StatusMechanism

# By the member of a credential that refers to the list.
MECHANISMS: Final[dict[str, StatusMechanism]] = {
    token_status_list.MEMBER: token_status_list,
}

__all__ = ["MECHANISMS", "StatusMechanism", "StatusReference"]
