"""The money of one case, event after event: what of every part of every debt is open.

Cents are neither lost nor made: of each debt, what was imposed and corrected less what was paid and
remitted is what is open less what was paid too much. A credit stays with its debt and never lowers
another (domain.md case 7).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from issuer.debts.allocation import Line, Rule, shares

# From the part that is served first to the one served last.
PARTS: Final = ("reminder_costs", "warrant_costs", "other_costs", "interest", "principal")


class TooMuchError(Exception):
    """More was remitted or went back than there is."""


@dataclass(slots=True)
class Account:
    """One debt, in cents. `over` is what was paid too much; then nothing is open.

    `imposed` is each part as it was imposed, `owed` what corrections made of it.
    """

    imposed_at: datetime
    is_of_bill: bool
    rule: Rule
    imposed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    owed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    open: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    corrected: int = 0
    paid: int = 0
    remitted: int = 0
    over: int = 0

    @property
    def balance(self) -> int:
        """What is open, or below zero what was paid too much."""
        return sum(self.open.values()) - self.over

    def impose(self, part: str, cents: int) -> None:
        """This much of one part comes to the debt."""
        self.imposed[part] += cents
        self._raise(part, cents)

    def correct(self, part: str, cents: int) -> None:
        """One part is this much more, or less when below zero."""
        self.corrected += cents
        if cents > 0:
            self._raise(part, cents)
        else:
            self._lower(part, -cents)

    def lines(self) -> list[Line]:
        """The open parts, as a rule wants them."""
        return [
            Line(0, part, cents, self.imposed_at, self.is_of_bill)
            for part, cents in self.open.items()
            if cents
        ]

    def reopen(self, cents: int) -> None:
        """Money that went back is owed again: first of what was served last."""
        for part in reversed(PARTS):
            again = min(max(self.owed[part] - self.open[part], 0), cents)
            self.open[part] += again
            cents -= again

    def _raise(self, part: str, cents: int) -> None:
        self.owed[part] += cents
        self.open[part] += cents
        self._use_what_was_too_much()

    def _lower(self, part: str, cents: int) -> None:
        """What need not be paid at all was never remitted; what was paid of it was too much."""
        self.owed[part] -= cents
        taken = min(self.open[part], cents)
        self.open[part] -= taken
        moot = min(self.remitted, cents - taken)
        self.remitted -= moot
        self.over += cents - taken - moot
        self._use_what_was_too_much()

    def _use_what_was_too_much(self) -> None:
        lines = self.lines()
        cents = min(self.over, sum(line.cents for line in lines))
        if cents:
            self.over -= cents
            for line, share in zip(lines, self.rule(lines, cents), strict=True):
                self.open[line.part] -= share


def pay(accounts: Sequence[Account], cents: int) -> list[int]:
    """Allocate a payment; what goes to each. What is too much is shared by size of the debts."""
    given = _settle(accounts, cents)
    left = cents - sum(given)
    if left:
        extra = shares([sum(account.imposed.values()) for account in accounts], left)
        given = _add_too_much(accounts, given, extra)
    for account, share in zip(accounts, given, strict=True):
        account.paid += share
    return given


def remit(accounts: Sequence[Account], cents: int) -> list[int]:
    """Remit open amounts, then what was already paid; TooMuchError where that is all there is."""
    given = _settle(accounts, cents)
    left = cents - sum(given)
    if left:
        extra = _within([max(account.paid - account.over, 0) for account in accounts], left)
        given = _add_too_much(accounts, given, extra)
    for account, share in zip(accounts, given, strict=True):
        account.remitted += share
    return given


def refund(accounts: Sequence[Account], cents: int) -> list[int]:
    """Give back what was too much, then other payments, which are owed again; TooMuchError."""
    spare = [min(account.over, account.paid) for account in accounts]
    first = shares(spare, min(cents, sum(spare))) if any(spare) else spare
    for account, share in zip(accounts, first, strict=True):
        account.over -= share
        account.paid -= share
    rest = cents - sum(first)
    second = _within([account.paid for account in accounts], rest) if rest else [0] * len(first)
    for account, share in zip(accounts, second, strict=True):
        account.paid -= share
        account.reopen(share)
    return [one + other for one, other in zip(first, second, strict=True)]


def _settle(accounts: Sequence[Account], cents: int) -> list[int]:
    """By the rule of the debts, which is the same for all; what goes to each."""
    lines = [
        replace(line, debt=index)
        for index, account in enumerate(accounts)
        for line in account.lines()
    ]
    served = accounts[0].rule(lines, min(cents, sum(line.cents for line in lines)))
    given = [0] * len(accounts)
    for line, share in zip(lines, served, strict=True):
        accounts[line.debt].open[line.part] -= share
        given[line.debt] += share
    return given


def _add_too_much(
    accounts: Sequence[Account], given: Sequence[int], extra: Sequence[int]
) -> list[int]:
    for account, share in zip(accounts, extra, strict=True):
        account.over += share
    return [one + other for one, other in zip(given, extra, strict=True)]


def _within(weights: Sequence[int], cents: int) -> list[int]:
    if cents > sum(weights):
        raise TooMuchError
    return shares(weights, cents)
