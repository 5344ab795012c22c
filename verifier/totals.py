"""The sums of an overview: what organisations signed, less what counts elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from verifier.beside import Beside
from verifier.doubles import Row
from verifier.findings import Debt, Evidence


@dataclass(frozen=True)
class Totals:
    """Cents of what counts, doubles once. `minimal`: due and arrears are at least this.

    Disputed debts are in `outstanding` and in `disputed`, not in `due` and `arrears`; prescribed
    ones are in `outstanding` and in `prescribed`. `on_documents` is the part of `outstanding`
    without proof of whom it belongs to. `joint` is what two persons owe together, which stands in
    `outstanding` once. `by_hand` and `national` are not checked and in no other sum.
    """

    outstanding: int
    credit: int
    due: int
    arrears: int
    disputed: int
    on_documents: int
    minimal: bool
    prescribed: int = 0
    joint: int = 0
    by_hand: int = 0
    national: int = 0


def totals(counted: Sequence[Evidence], rows: Sequence[Row], beside: Beside) -> Totals:
    """The signed sums, less what another statement tells too and leads (cases 2 and 4)."""
    led_elsewhere = [row for row in rows if not row.counts]
    counting = [row for row in rows if row.counts]
    disputed = [row for row in counting if is_disputed(row.debt)]
    not_due = [*led_elsewhere, *disputed]
    return Totals(
        outstanding=_stated(counted, "totaal_openstaand") - _balances(led_elsewhere),
        credit=_stated(counted, "totaal_tegoed") - _credits(led_elsewhere),
        due=_stated(counted, "totaal_opeisbaar") - _amounts(not_due, "opeisbaar_bedrag"),
        arrears=_stated(counted, "totaal_achterstand") - _amounts(not_due, "achterstand_bedrag"),
        disputed=_balances(disputed),
        on_documents=_on_documents(counted, led_elsewhere),
        minimal=any(each.terms.get("totalen_minimaal") for each in counted),
        prescribed=_balances(row for row in counting if is_prescribed(row.debt)),
        joint=_balances(row for row in counting if row.joint),
        by_hand=sum(each.amount for each in beside.by_hand),
        national=sum(each.outstanding for each in beside.national),
    )


def is_disputed(debt: Debt) -> bool:
    """Tell whether the person does not agree with this debt (case 6)."""
    return "betwist" in debt.get("markeringen", ())


def is_prescribed(debt: Debt) -> bool:
    """Tell whether this debt can't be enforced any more, because of its age (case 13)."""
    return debt.get("fase") == "verjaard" or "verjaard" in debt.get("markeringen", ())


def known(amount: Any) -> int:
    """The cents that are told, 0 where they are not."""
    return amount if isinstance(amount, int) else 0


def _on_documents(counted: Iterable[Evidence], led_elsewhere: Iterable[Row]) -> int:
    documents = [each for each in counted if each.basis == "document"]
    rows = [row for row in led_elsewhere if row.evidence.basis == "document"]
    return _stated(documents, "totaal_openstaand") - _balances(rows)


def _stated(counted: Iterable[Evidence], term: str) -> int:
    return sum(each.terms[term] for each in counted)


def _balances(rows: Iterable[Row]) -> int:
    return sum(max(row.debt["saldo"], 0) for row in rows)


def _credits(rows: Iterable[Row]) -> int:
    return sum(max(-row.debt["saldo"], 0) for row in rows)


def _amounts(rows: Iterable[Row], term: str) -> int:
    return sum(known(row.debt.get(term)) for row in rows)
