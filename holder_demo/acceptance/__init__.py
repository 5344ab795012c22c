"""Receiving a card by OpenID4VCI 1.0, in the steps in which a person decides about it.

A link is read without contacting anyone; only an issuer of the scheme is then asked for its offer
and, after the person agrees, for the credentials, which are verified before anybody may store them.
"""

from holder_demo.acceptance.offers import Contact, Offered, open_link, read_offer
from holder_demo.acceptance.redemption import (
    Receipt,
    Received,
    RefusedError,
    fetch_cards,
    notify,
)

__all__ = [
    "Contact",
    "Offered",
    "Receipt",
    "Received",
    "RefusedError",
    "fetch_cards",
    "notify",
    "open_link",
    "read_offer",
]
