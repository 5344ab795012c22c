"""Status of a credential: where it is told, and the mechanisms that tell it."""

from typing import Final

from vckit.status import bitstring, token_status_list
from vckit.status.reference import ListIssuer, StatusMechanism, StatusReference

# By how a credential refers to the list: the member of `status`, or the type of the entry.
MECHANISMS: Final[dict[str, StatusMechanism]] = {
    token_status_list.MEMBER: token_status_list,
    bitstring.MEMBER: bitstring,
}

__all__ = ["MECHANISMS", "ListIssuer", "StatusMechanism", "StatusReference"]
