"""What every stranger does with our services."""

import itertools
from dataclasses import dataclass

from tests.journeys.actors import Case

MODES = ("direct_post", "direct_post.jwt")
PREFIXES = ("x509_hash", "x509_san_dns", "decentralized_identifier")
# How a request says to be answered, and in what name it is asked.
WAYS = tuple(itertools.product(MODES, PREFIXES))


@dataclass(frozen=True)
class Asked:
    """A case about the first resident, asked in one of the ways."""

    case: Case
    mode: str
    prefix: str


def ask(scene, way):
    """Open a case about the first resident and ask its question."""
    mode, prefix = way
    how = ("--response-mode", mode, "--client-id", prefix)
    return Asked(scene.case(scene.world.residents[0], *how), mode, prefix)


def answer(wallet, asked, configuration):
    """Have a wallet answer with its cards of one configuration; how many it shows by query."""
    answered = wallet.call("present", link=asked.case.link, ids=[configuration])
    assert answered["audience"].startswith(f"{asked.prefix}:"), answered
    assert (answered["status"], answered["mode"]) == (200, asked.mode), answered
    return answered["shown"]


def accept(wallet, offer, **how):
    """Have a stranger's wallet take what was offered; its cards."""
    code = {"txCode": offer["tx_code"]} if offer.get("tx_code") else {}
    return wallet.call("accept", link=offer["link"], **code, **how)["cards"]


def outstanding(case):
    """What the counsellor sees as the whole debt in cents, once the answer is there."""
    result = case.result()
    assert result["state"] == "DONE"
    assert result["findings"] == [], result["findings"]
    return result["totals"]["outstanding"]
