"""What the wallet checks of a credential before it keeps it, and of a card before it is shown."""

from holder_demo.checking.judge import KIND, Judge, is_known_format
from holder_demo.checking.received import verify_received
from holder_demo.checking.status import (
    EXPIRED,
    SUPERSEDED,
    UNKNOWN,
    VALID,
    WITHDRAWN,
    FetchOnce,
    card_status,
)

__all__ = [
    "EXPIRED",
    "KIND",
    "SUPERSEDED",
    "UNKNOWN",
    "VALID",
    "WITHDRAWN",
    "FetchOnce",
    "Judge",
    "card_status",
    "is_known_format",
    "verify_received",
]
