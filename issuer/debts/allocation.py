"""What a payment pays: one declared rule per kind of debt, never one rule for all.

A rule gets the open lines of the debts that the payment is for and tells how much goes to each.
Cents are shared by the largest remainder, so that none is lost and none is made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

# Costs, then interest, then principal: all three rules agree on that.
_TIERS: Final[Mapping[str, int]] = {
    "reminder_costs": 0,
    "warrant_costs": 0,
    "other_costs": 0,
    "interest": 1,
    "principal": 2,
}


@dataclass(frozen=True, slots=True)
class Line:
    """What of one part of one debt is open (cents, above zero).

    `debt` is the place of the debt in its case; `imposed_at` when it was imposed; `is_of_bill`
    where it belongs to the bill and to none of the debts on it.
    """

    debt: int
    part: str
    cents: int
    imposed_at: datetime
    is_of_bill: bool = False

    @property
    def tier(self) -> int:
        """Costs 0, interest 1, principal 2."""
        return _TIERS[self.part]


# The lines and at most their sum in cents to what goes to each; the sum is the same.
Rule = Callable[[Sequence[Line], int], list[int]]


def shares(weights: Sequence[int], cents: int) -> list[int]:
    """Share `cents` (0 or more) in proportion to `weights` (0 or more, together above 0).

    What does not divide goes to the largest remainders, of equal ones to the first.
    """
    whole = sum(weights)
    parts = [cents * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(cents * weights[i] % whole))
    for index in by_remainder[: cents - sum(parts)]:
        parts[index] += 1
    return parts


def _awb_4_92(lines: Sequence[Line], cents: int) -> list[int]:
    """Awb 4:92: costs, interest, principal; of several debts the oldest first, whole (BW 6:43)."""
    return _by_turn(lines, cents, lambda line: (_age(line), line.debt, line.tier))


def _iw_7(lines: Sequence[Line], cents: int) -> list[int]:
    """Invorderingswet 1990 art. 7: costs, interest, tax; on one bill each in proportion."""
    return _by_turn(lines, cents, lambda line: (line.tier,))


def _bw_6_44(lines: Sequence[Line], cents: int) -> list[int]:
    """BW 6:44: costs, interest, principal; the oldest debt first, equally old in proportion."""
    return _by_turn(lines, cents, lambda line: (_age(line), line.tier))


RULES: Final[Mapping[str, Rule]] = {
    "awb_4_92": _awb_4_92,
    "iw_7": _iw_7,
    "bw_6_44": _bw_6_44,
}


def _age(line: Line) -> tuple[bool, datetime]:
    """What belongs to the bill comes before the debts on it."""
    return not line.is_of_bill, line.imposed_at


def _by_turn(
    lines: Sequence[Line], cents: int, turn: Callable[[Line], tuple[Any, ...]]
) -> list[int]:
    """Serve the lines of one turn after another; in one turn in proportion to what is open."""
    paid = [0] * len(lines)
    turns = [(turn(line), index) for index, line in enumerate(lines)]
    for _, members in groupby(sorted(turns), key=itemgetter(0)):
        chosen = [index for _, index in members]
        weights = [lines[index].cents for index in chosen]
        given = min(cents, sum(weights))
        cents -= given
        for index, share in zip(chosen, shares(weights, given), strict=True):
            paid[index] = share
    return paid
