"""What a resident sees of the own debts. Pure: terms of a statement in, values for the page out.

Few numbers: due now, all together, and what is disputed; then one card for each debt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from issuer.config import Organisation
from issuer.debts.debt import Step
from issuer.debts.source import OK, UNREACHABLE, Account, SourceState
from issuer.debts.vordering import debt_terms
from vckit import statement

Debt = Mapping[str, Any]

DISPUTED: Final = "betwist"
# Kinds for which Dutch municipalities know remission (kwijtschelding) for people with low income.
REMISSIBLE: Final = frozenset(
    {
        "gem_ozb_eigenaar",
        "gem_ozb_gebruiker",
        "gem_afvalstoffenheffing",
        "gem_rioolheffing",
        "gem_hondenbelasting",
    }
)


@dataclass(frozen=True)
class Card:
    """One debt: its terms, what of it is due (cents; None: the municipality does not know).

    `history` is what happened to it, where its source keeps events.
    """

    terms: Debt
    due_cents: int | None
    history: tuple[Step, ...] = ()

    @property
    def balance_cents(self) -> int:
        """What is open; below zero the resident gets it back."""
        return int(self.terms["saldo"])

    @property
    def is_disputed(self) -> bool:
        """The resident does not agree with it."""
        return DISPUTED in self.terms.get("markeringen", ())

    @property
    def can_be_paid(self) -> bool:
        """There is something to pay and an account to pay it to."""
        return self.balance_cents > 0 and "iban" in self.terms

    @property
    def can_be_arranged(self) -> bool:
        """There is something to pay and no plan for it yet."""
        return self.balance_cents > 0 and "betalingsregeling" not in self.terms

    @property
    def may_be_remitted(self) -> bool:
        """Of a kind that can be remitted."""
        return self.balance_cents > 0 and self.terms["type"] in REMISSIBLE


@dataclass(frozen=True)
class View:
    """The page: amounts in cents; `at_least` where not every due amount is known."""

    due_cents: int
    at_least: bool
    outstanding_cents: int
    credit_cents: int
    disputed_cents: int
    cards: tuple[Card, ...]
    reference_date: date | None
    unanswered: tuple[SourceState, ...]
    incomplete: tuple[SourceState, ...]

    @property
    def is_complete(self) -> bool:
        """Every source answered and no row was left out."""
        return not self.unanswered and not self.incomplete


def view(account: Account, organisation: Organisation) -> View:
    """What to show of an account, the most urgent debt first."""
    dates = account.reference_dates()
    debts = [debt_terms(debt, organisation, dates[debt.source]) for debt in account.debts]
    cards = [
        Card(terms, terms.get("opeisbaar_bedrag"), debt.history)
        for terms, debt in zip(debts, account.debts, strict=True)
    ]
    agreed = [card for card in cards if not card.is_disputed]
    return View(
        due_cents=sum(card.due_cents or 0 for card in agreed),
        at_least=any(card.due_cents is None for card in agreed),
        outstanding_cents=statement.outstanding(debts),
        credit_cents=statement.credit(debts),
        disputed_cents=sum(max(card.balance_cents, 0) for card in cards if card.is_disputed),
        cards=tuple(sorted(cards, key=_urgency)),
        reference_date=min(dates.values(), default=None),
        unanswered=_in_state(account.sources, UNREACHABLE),
        incomplete=tuple(
            source for source in account.sources if source.status not in {OK, UNREACHABLE}
        ),
    )


def _in_state(sources: Sequence[SourceState], status: str) -> tuple[SourceState, ...]:
    return tuple(source for source in sources if source.status == status)


def _urgency(card: Card) -> tuple[int, int]:
    """Due first, then what is open; the larger amount first."""
    return -(card.due_cents or 0), -card.balance_cents
