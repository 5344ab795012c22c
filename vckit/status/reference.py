"""How a credential refers to an entry of a status list."""

from dataclasses import dataclass

TOKEN_STATUS_LIST = "status_list"  # noqa: S105  the name of a member


@dataclass(frozen=True)
class StatusReference:
    """Entry `index` of the list at `uri` tells this; purpose is "revocation" or "refresh".

    `mechanism` is a key of `status.MECHANISMS`: how the credential refers to the list.
    """

    purpose: str
    uri: str
    index: int
    mechanism: str = TOKEN_STATUS_LIST
