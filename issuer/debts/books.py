"""The books of one case: its events entered in order, and what each did to which debt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from issuer.debts.allocation import RULES
from issuer.debts.chronicle import Chronicle, EventsRefusedError
from issuer.debts.events import (
    AmountRefunded,
    Event,
    EventWithdrawn,
    ObligationCorrected,
    ObligationImposed,
    ObligationRemitted,
    PaymentProcessed,
    SetOffProcessed,
)
from issuer.debts.ledger import Account, TooMuchError, pay, refund, remit
from issuer.debts.obligations import Obligations

Money = ObligationRemitted | PaymentProcessed | SetOffProcessed | AmountRefunded
_VERBS: Final[Mapping[type[Event], Callable[[Sequence[Account], int], list[int]]]] = {
    ObligationRemitted: remit,
    PaymentProcessed: pay,
    SetOffProcessed: pay,
    AmountRefunded: refund,
}
# On one debt all rules do the same.
_ANY: Final = "awb_4_92"


@dataclass(frozen=True, slots=True)
class Closed:
    """One debt when all is entered: its account, and the cents that each event was to it.

    `ended` where every obligation of it was withdrawn.
    """

    account: Account
    shares: Mapping[str, int]
    ended: bool


def close(
    told: Chronicle, debts: Sequence[Obligations], rules: Mapping[str, str | None]
) -> list[Closed]:
    """Enter everything; one entry for each of `debts`. Raises EventsRefusedError."""
    books = _Books(told, debts, rules)
    for event in told.in_order():
        books.enter(event)
    return books.closed()


class _Books:
    def __init__(
        self, told: Chronicle, debts: Sequence[Obligations], rules: Mapping[str, str | None]
    ) -> None:
        self._told = told
        self._debts = debts
        self._rules = [rules.get(debt.lead.kind) for debt in debts]
        self._accounts = [
            Account(debt.imposed[0].at, debt.number is None, RULES[name or _ANY])
            for debt, name in zip(debts, self._rules, strict=True)
        ]
        self._of = {each.id: i for i, debt in enumerate(debts) for each in debt.imposed}
        self._parts = {each.id: each.part for debt in debts for each in debt.imposed}
        # What is left of every obligation by its id; those withdrawn end.
        self._nominal: dict[str, int] = {}
        self._ended: set[str] = set()
        self._shares: list[dict[str, int]] = [{} for _ in debts]

    def enter(self, event: Event) -> None:
        if isinstance(event, ObligationImposed):
            self._impose(event)
        elif event.id in self._told.withdrawn:
            return
        elif isinstance(event, ObligationCorrected):
            self._correct(event, event.corrects, event.cents)
        elif isinstance(event, EventWithdrawn) and event.withdraws in self._of:
            self._correct(event, event.withdraws, -self._nominal[event.withdraws])
            self._ended.add(event.withdraws)
        elif isinstance(event, Money):
            self._move(event)

    def closed(self) -> list[Closed]:
        for name, cents in self._nominal.items():
            if cents < 0:
                raise EventsRefusedError("event_amount", name)
        return [
            Closed(account, shares, debt.ids <= self._ended)
            for account, shares, debt in zip(self._accounts, self._shares, self._debts, strict=True)
        ]

    def _impose(self, event: ObligationImposed) -> None:
        debt = self._of[event.id]
        self._nominal[event.id] = event.cents
        self._accounts[debt].impose(event.part, event.cents)
        self._shares[debt][event.id] = event.cents

    def _correct(self, event: Event, name: str, cents: int) -> None:
        if name in self._ended:
            return
        debt = self._of[name]
        self._nominal[name] += cents
        self._accounts[debt].correct(self._parts[name], cents)
        self._shares[debt][event.id] = cents

    def _move(self, event: Money) -> None:
        chosen = [i for i, debt in enumerate(self._debts) if debt.concerned_by(event)]
        if not chosen:
            raise EventsRefusedError("event_reference", event.id)
        first = self._rules[chosen[0]]
        if len(chosen) > 1 and (first is None or any(self._rules[i] != first for i in chosen)):
            raise EventsRefusedError("event_rule", event.id)
        try:
            moved = _VERBS[type(event)]([self._accounts[i] for i in chosen], event.cents)
        except TooMuchError:
            raise EventsRefusedError("event_amount", event.id) from None
        for i, cents in zip(chosen, moved, strict=True):
            self._shares[i][event.id] = cents
