"""How a balance is made up, and what of it is left for costs, interest and principal.

Within one debt Awb 4:92, Invorderingswet 1990 art. 7 and BW 6:44 agree: a payment goes to costs,
then interest, then the principal. What was remitted or corrected is of no known part.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from verifier.findings import Debt

_COSTS: Final = ("kosten_aanmaning", "kosten_dwangbevel", "kosten_overig")
_ADDED: Final = ("hoofdsom", *_COSTS, "rente", "gecorrigeerd")
_SETTLED: Final = ("betaald", "kwijtgescholden")
_UNTOLD: Final = frozenset({*_ADDED, *_SETTLED})


@dataclass(frozen=True)
class Left:
    """Cents of the balance that are costs, interest and principal."""

    costs: int
    interest: int
    principal: int


def parts(debt: Debt) -> tuple[tuple[str, int], ...]:
    """The stated parts that are not zero as (term, signed cents), the settled ones below zero."""
    return tuple(_parts(debt))


def _parts(debt: Debt) -> Iterator[tuple[str, int]]:
    for term in _ADDED:
        if debt.get(term):
            yield term, debt[term]
    for term in _SETTLED:
        if debt.get(term):
            yield term, -debt[term]


def left(debt: Debt) -> Left | None:
    """What is left of each part; None where the parts are not all told or do not add up."""
    untold = _UNTOLD.intersection(debt.get("niet_bekend", ()))
    of_no_part = debt.get("kwijtgescholden") or debt.get("gecorrigeerd")
    if "hoofdsom" not in debt or untold or of_no_part or debt["saldo"] < 0:
        return None
    costs = sum(debt.get(term, 0) for term in _COSTS)
    interest, paid = debt.get("rente", 0), debt.get("betaald", 0)
    costs_left = max(costs - paid, 0)
    interest_left = max(interest - max(paid - costs, 0), 0)
    principal_left = debt["saldo"] - costs_left - interest_left
    told = Left(costs_left, interest_left, principal_left)
    adds_up = costs + interest + debt["hoofdsom"] - paid == debt["saldo"]
    return told if adds_up and 0 <= principal_left <= debt["hoofdsom"] else None
