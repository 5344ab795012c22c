"""Where a resident who was sent here goes back to: only to who is known, and exactly there.

An address that nobody is known for is nothing: the resident sees the ordinary pages.
"""

import re
from dataclasses import dataclass
from typing import Final

from issuer.config import Config, Wallet
from vckit.trust import VERIFIER, Scheme

# Where verifiers take residents back; what follows tells nobody but the verifier anything.
_PATH: Final = "/verzamel/terug/"
_STATE: Final = re.compile(r"[A-Za-z0-9_.-]{16,200}")


@dataclass(frozen=True)
class Sender:
    """Who sent the resident: a verifier by its name and purpose, or a `wallet` of the settings.

    `address` is where the resident goes back: with the document, or with the offer.
    """

    name: str
    address: str
    purpose: str | None = None
    wallet: Wallet | None = None


def sender(address: str, *, scheme: Scheme, config: Config, now: int) -> Sender | None:
    """Who has this address: a verifier on the scheme at this moment, or a wallet that we name."""
    for wallet in config.wallets:
        if address == wallet.offer_endpoint:
            return Sender(wallet.name, address, wallet=wallet)
    for each in scheme.organisations:
        if each.takes_part(VERIFIER, now) and each.start_url and _is_below(each.start_url, address):
            return Sender(each.name, address, each.purpose)
    return None


def _is_below(start_url: str, address: str) -> bool:
    """Character for character: no other origin, no other path, nothing that a browser undoes."""
    begin = start_url.rstrip("/") + _PATH
    return address.startswith(begin) and bool(_STATE.fullmatch(address.removeprefix(begin)))
