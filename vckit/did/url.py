"""What a DID and the DID URL of a verification method look like (DID Core 3.1, 3.2)."""

import re
from typing import Final

from vckit.errors import InvalidVerificationMethodUrlError

MAX_DID: Final = 2_048

_DID: Final = re.compile(r"did:([a-z0-9]+):[A-Za-z0-9._:%-]+")
_FRAGMENT: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+")


def method(did: object) -> str:
    """Give the name of the DID's method; what is no DID raises InvalidVerificationMethodUrlError.

    Paths, queries and parameters are refused: they could name another document.
    """
    found = _DID.fullmatch(did) if isinstance(did, str) and len(did) <= MAX_DID else None
    if found is None:
        raise InvalidVerificationMethodUrlError("This is no DID.")
    return found[1]


def split(did_url: object) -> tuple[str, str]:
    """Give DID and fragment of an absolute DID URL; InvalidVerificationMethodUrlError."""
    if not isinstance(did_url, str):
        raise InvalidVerificationMethodUrlError("The verification method is not named by a string.")
    did, _, fragment = did_url.partition("#")
    method(did)
    if len(fragment) > MAX_DID or not _FRAGMENT.fullmatch(fragment):
        raise InvalidVerificationMethodUrlError("The DID URL has no plain fragment.")
    return did, fragment
