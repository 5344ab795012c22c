"""Cases of a source that keeps events, folded into the rows of debts that they are.

A case that cannot be folded is refused whole: a part of it would be an amount that nobody owes.
Debts count from 1 in the order of the delivery; a refused case counts as one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from issuer.debts import notation
from issuer.debts.dialect import Dialect
from issuer.debts.event_rows import check_balance, row_of, rules_of
from issuer.debts.events import Event
from issuer.debts.folding import EventsRefusedError, Folded, fold
from issuer.debts.notation import CellRefusedError
from issuer.debts.rows import RowRefusedError, Told, Understood


@dataclass(frozen=True, slots=True)
class Case:
    """One case of one person. `bsn` as the source writes it; `stated_cents` its own balance.

    `refused` is a code of REASONS where the source itself could not be read.
    """

    bsn: object
    events: Sequence[Event]
    stated_cents: int | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class CaseDebt:
    """One debt of a case, or why the case is refused."""

    bsn: object
    folded: Folded | str


class CaseReader:
    """Reads what `debts` gives, as a RowReader reads the rows of a table."""

    def __init__(self, dialect: Dialect, reference: date) -> None:
        self._dialect = dialect
        self._reference = reference
        self._rules = rules_of(dialect)
        self._bsn = notation.bsn_reader(restore_leading_zeros=dialect.bsn.restore_leading_zeros)

    def debts(self, cases: Iterable[Case]) -> Iterator[tuple[int, CaseDebt]]:
        """The debts of all cases with their numbers; a refused case is one of them."""
        line = 0
        for case in cases:
            for told in self._told(case):
                line += 1
                yield line, CaseDebt(case.bsn, told)

    def read_all(self, debts: Iterable[tuple[int, CaseDebt]]) -> Iterator[list[Told]]:
        """Understand each of what `debts` gives."""
        for line, debt in debts:
            try:
                yield [(line, self._read(debt), debt)]
            except RowRefusedError as error:
                yield [(line, error, debt)]

    def _read(self, debt: CaseDebt) -> Understood:
        if isinstance(debt.folded, str):
            raise RowRefusedError(debt.folded)
        try:
            bsn = self._bsn(debt.bsn)
        except CellRefusedError as error:
            raise RowRefusedError(error.code) from None
        return row_of(debt.folded, bsn, self._dialect)

    def bsn_of(self, debt: CaseDebt) -> str | None:
        """Whose debt it is, where that can be read at all."""
        try:
            return self._bsn(debt.bsn)
        except CellRefusedError:
            return None

    def _told(self, case: Case) -> Sequence[Folded | str]:
        if case.refused is not None:
            return [case.refused]
        try:
            folded = fold(case.events, self._rules, until=self._reference)
            if case.stated_cents is not None:
                check_balance(folded, case.stated_cents)
        except EventsRefusedError as error:
            return [error.code]
        return folded
