"""What stands beside the credentials, held against what the credentials say: possible doubles.

A possible double is shown and never merged.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from verifier.beside import HandDebt, NationalClaim, NationalStatement
from verifier.doubles import Row

# Enough to look at; more of them tell nothing more.
_MOST: Final = 3


@dataclass(frozen=True)
class Added:
    """A debt added by hand, and the checked debts that may be the same."""

    debt: HandDebt
    possibly: tuple[Row, ...] = ()


@dataclass(frozen=True)
class ToldClaim:
    """A claim of a national body, and the checked debts that may be the same."""

    claim: NationalClaim
    possibly: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Told:
    """What one national body tells."""

    statement: NationalStatement
    claims: tuple[ToldClaim, ...]


def added(debts: Sequence[HandDebt], rows: Sequence[Row]) -> tuple[Added, ...]:
    """Each debt that was added by hand."""
    counted = [row for row in rows if row.counts]
    return tuple(Added(debt, _lookalikes(debt, counted)) for debt in debts)


def told(statements: Sequence[NationalStatement], rows: Sequence[Row]) -> tuple[Told, ...]:
    """What each national body tells."""
    counted = [row for row in rows if row.counts]
    return tuple(
        Told(each, tuple(_told_claim(claim, counted) for claim in each.claims))
        for each in statements
    )


def _told_claim(claim: NationalClaim, counted: Sequence[Row]) -> ToldClaim:
    return ToldClaim(claim, tuple(row for row in counted if _may_be_told(claim, row)))


def _lookalikes(debt: HandDebt, counted: Sequence[Row]) -> tuple[Row, ...]:
    """What has the same reference; else what has the same creditor and amount."""
    reference = _fold(debt.reference)
    referred = tuple(row for row in counted if reference and reference in _references(row))
    return referred or tuple(row for row in counted if _is_alike(debt, row))[:_MOST]


def _is_alike(debt: HandDebt, row: Row) -> bool:
    names = {_fold(row.debt["schuldeiser"]["naam"]), _fold(row.evidence.source.name)}
    return _fold(debt.creditor) in names and debt.amount == row.debt["saldo"]


def _may_be_told(claim: NationalClaim, row: Row) -> bool:
    creditor = claim.creditor_oin == row.debt["schuldeiser"]["oin"]
    return creditor and _fold(claim.case_number) == _fold(row.debt["zaakkenmerk"])


def _references(row: Row) -> set[str]:
    terms = ("zaakkenmerk", "vordering_kenmerk", "oorspronkelijk_kenmerk")
    return {_fold(row.debt[term]) for term in terms if term in row.debt}


def _fold(text: str) -> str:
    """Compared as people write it: without case, spaces and signs between."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in plain if character.isalnum())
