"""The amounts of a row: parts, movements and the balance that must follow from them."""

from collections.abc import Mapping, Sequence
from operator import add, neg, sub
from typing import Any, Final

from issuer.debts.dialect import Dialect
from issuer.debts.sections import ADDED, PARTS

# By number of the debt: cents for every part, or None where a movement was not understood.
Movements = Mapping[str, Mapping[str, int] | None]
_NOTHING: Final[Mapping[str, int]] = {}
_CENTS: Final = {part: f"{part}_cents" for part in PARTS}


class AmountRefusedError(Exception):
    """An amount is not right: `code` is a key of REASONS, `field` the amount's."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(code)
        self.code = code
        self.field = field


class BalanceReader:
    """Turns the amounts of a row into those of a debt, after the rule of the dialect."""

    def __init__(self, dialect: Dialect, movements: Movements) -> None:
        declared = [part for part in PARTS if getattr(dialect.columns, part) is not None]
        negated = dialect.amounts.negated
        self._parts = [(part, -1 if part in negated else 1) for part in declared]
        self._movements = movements
        self._rule = dialect.balance.rule
        self._may_be_negative = dialect.balance.allow_negative
        self._signed = {"corrected", "principal"} if self._may_be_negative else {"corrected"}

    def read(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The amounts of `row` (cents by field of the dialect) as content of a debt.

        Raises AmountRefusedError.
        """
        parts = {part: sign * row[part] for part, sign in self._parts}
        if self._movements:
            self._add_movements(parts, row["debt_number"])
        stated = [row["balance"]] if "balance" in row else None
        amounts = self._judged({part: [cents] for part, cents in parts.items()}, stated, 1)
        return {name: value for name, [value] in amounts.items()}

    def read_columns(self, columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
        """As `read` for many rows without movements; raises where it would for any of them."""
        parts = {
            part: columns[part] if sign > 0 else list(map(neg, columns[part]))
            for part, sign in self._parts
        }
        return self._judged(parts, columns.get("balance"), len(columns["bsn"]))

    def _judged(
        self, parts: Mapping[str, Sequence[int]], stated: Sequence[int] | None, count: int
    ) -> dict[str, Sequence[Any]]:
        computed = self._computed(parts, count)
        stated = computed if stated is None else stated
        # A stated balance whose parts are all told is held against them too.
        known = self._rule == "checked" or len(parts) == len(PARTS)
        if known and stated != computed:
            raise AmountRefusedError("balance", "balance")
        if not self._may_be_negative and min(stated) < 0:
            raise AmountRefusedError("amount_negative", "balance")
        content: dict[str, Sequence[Any]] = {_CENTS[part]: cents for part, cents in parts.items()}
        content["balance_cents"] = stated
        if self._rule == "stated":
            content["unknown_parts"] = [[part for part in PARTS if part not in parts]] * count
        return content

    def _computed(self, parts: Mapping[str, Sequence[int]], count: int) -> list[int]:
        """A correction has either sign; a debt of less than nothing is a credit, if declared."""
        total = [0] * count
        for part, cents in parts.items():
            if part not in self._signed and min(cents) < 0:
                raise AmountRefusedError("amount_negative", part)
            total = list(map(add if part in ADDED else sub, total, cents))
        return total

    def _add_movements(self, parts: dict[str, int], number: str) -> None:
        moved = self._movements.get(number, _NOTHING)
        if moved is None:
            raise AmountRefusedError("movement", "debt_number")
        for part, cents in moved.items():
            parts[part] = parts.get(part, 0) + cents
