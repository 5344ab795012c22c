"""Tickets of requests that are shown as a code: each is good for a moment, and kept by nobody.

A code that is filmed or passed on is old when it is scanned elsewhere (row V19). The key is the
request's nonce, which nobody has before the first fetch; after it only that ticket counts.
"""

import hmac
from typing import Final

from vckit.encoding import b64url_encode
from verifier.requestbook import Request

# Seconds from the showing of a code to the first fetch: while a script renews it, or a person.
ROTATING: Final = 10
STILL: Final = 60
# A code stays the same for so long, or nobody could scan it.
_STEP: Final = 5
_MAC_BYTES: Final = 16


def make(request: Request, now: int, life: int) -> str:
    """The ticket of this moment, for `life` seconds (ROTATING or STILL) less a step at most."""
    return _ticket(request, now - now % _STEP + life)


def is_fresh(request: Request, ticket: str, now: int) -> bool:
    """Whether the ticket is one of this request whose moment is not over."""
    end, _, _ = ticket.partition("-")
    if not (end.isascii() and end.isdecimal() and len(end) <= len(str(now))):
        return False
    return now < int(end) and hmac.compare_digest(_ticket(request, int(end)), ticket)


def _ticket(request: Request, end: int) -> str:
    if request.nonce is None:
        raise ValueError("A closed request has no tickets.")
    mac = hmac.digest(request.nonce.encode(), f"{request.id} {end}".encode(), "sha256")
    return f"{end}-{b64url_encode(mac[:_MAC_BYTES])}"
