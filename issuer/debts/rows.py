"""Understanding rows: a dialect and the columns of a table make a reader of that table's rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self

from issuer.debts import codes, fields
from issuer.debts.dialect import ADDED, PARTS, SETTLED, Dialect, Flags, Kind
from issuer.debts.notation import CellRefusedError

_FLAGS: Final = tuple(Flags.model_fields)
_KEY: Final = ("creditor_oin", "case_number", "debt_number", "category")
# By number of the debt: cents for every part, or None where a movement was not understood.
Movements = Mapping[str, Mapping[str, int] | None]


class RowRefusedError(Exception):
    """A row cannot be taken; `code` is a key of REASONS, `column` a name of the dialect."""

    def __init__(self, code: str, column: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.column = column


@dataclass(frozen=True, slots=True)
class Understood:
    """One row as understood. `key` names the debt within its source; `content` is Debt's, as JSON.

    BSNs and birth date (YYYY-MM-DD) live only as long as the import.
    """

    bsn: str
    co_debtors: tuple[str, ...]
    born: str | None
    number: str
    key: str
    content: str

    def packed(self) -> list[Any]:
        """As a JSON value; `unpacked` restores it."""
        return [self.bsn, self.co_debtors, self.born, self.number, self.key, self.content]

    @classmethod
    def unpacked(cls, values: list[Any]) -> Self:
        """Restore what `packed` gave."""
        bsn, co_debtors, *rest = values
        return cls(bsn, tuple(co_debtors), *rest)


class RowReader:
    """Reads the rows of one table."""

    def __init__(
        self,
        dialect: Dialect,
        columns: Sequence[str],
        source: str,
        reference: date,
        movements: Movements,
    ) -> None:
        self._dialect = dialect
        self._source = source
        self._width = len(columns)
        self._movements = movements
        self._steps = fields.steps(dialect, columns, reference)
        self._kinds = {word: _kind_content(kind) for word, kind in dialect.kinds.words.items()}

    def read(self, cells: Sequence[Any]) -> Understood:
        """Understand one row, or raise RowRefusedError with the first thing that is wrong."""
        if len(cells) != self._width:
            raise RowRefusedError("columns")
        row: dict[str, Any] = {}
        column = ""
        try:
            for field, cells_of, read, column in self._steps:  # noqa: B007  named in the refusal
                row[field] = read(cells_of(cells))
        except CellRefusedError as error:
            raise RowRefusedError(error.code, column) from None
        return self._understood(row)

    def bsn_of(self, cells: Sequence[Any]) -> str | None:
        """Whose row it is, where that can be read at all."""
        _, cells_of, read, _ = self._steps[0]
        try:
            return str(read(cells_of(cells)))
        except (CellRefusedError, IndexError):
            return None

    def _understood(self, row: dict[str, Any]) -> Understood:
        bsn, born = row.pop(fields.BSN), row.pop(fields.BORN, None)
        co_debtors = row.pop(fields.CO_DEBTORS, None)
        content: dict[str, Any] = {"source": self._source}
        content |= self._kinds[row.pop(fields.KIND, self._dialect.kinds.fixed)]
        self._add_amounts(content, row)
        self._add_groups(content, row)
        self._add_people(content, row, bsn, co_debtors)
        content |= {name: value for name, value in row.items() if value is not None}
        _check_dates(content)
        return Understood(
            bsn=bsn,
            co_debtors=co_debtors or (),
            born=born,
            number=content["debt_number"],
            key="\x1f".join([content.get(name, "") for name in _KEY]),
            content=json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        )

    def _add_amounts(self, content: dict[str, Any], row: dict[str, Any]) -> None:
        parts: dict[str, int] = {part: row.pop(part) for part in PARTS if part in row}
        for part in self._dialect.amounts.negated:
            if part in parts:
                parts[part] = -parts[part]
        self._add_movements(parts, row["debt_number"])
        self._check_signs(parts)
        content["balance_cents"] = self._balance(parts, row.pop("balance", None))
        content |= {f"{part}_cents": cents for part, cents in parts.items()}
        if self._dialect.balance.rule == "stated":
            content["unknown_parts"] = [part for part in PARTS if part not in parts]

    def _add_movements(self, parts: dict[str, int], number: str) -> None:
        moved = self._movements.get(number, _NOTHING)
        if moved is None:
            raise RowRefusedError("movement")
        for part, cents in moved.items():
            parts[part] = parts.get(part, 0) + cents

    def _check_signs(self, parts: Mapping[str, int]) -> None:
        """A correction has either sign; a debt of less than nothing is a credit, if declared."""
        signed = (
            {"corrected", "principal"} if self._dialect.balance.allow_negative else {"corrected"}
        )
        for part, cents in parts.items():
            if cents < 0 and part not in signed:
                raise RowRefusedError("amount_negative", self._column(part))

    def _balance(self, parts: Mapping[str, int], stated: int | None) -> int:
        computed = sum(parts.get(part, 0) for part in ADDED)
        computed -= sum(parts.get(part, 0) for part in SETTLED)
        rule = self._dialect.balance.rule
        if rule == "checked" and stated != computed:
            raise RowRefusedError("balance", self._column("balance"))
        balance = computed if stated is None else stated
        if balance < 0 and not self._dialect.balance.allow_negative:
            raise RowRefusedError("amount_negative", self._column("balance"))
        return balance

    def _add_groups(self, content: dict[str, Any], row: dict[str, Any]) -> None:
        for field in fields.CHECKED:
            row.pop(field, None)
        flags = [flag for flag in _FLAGS if row.pop(flag, False)]
        if flags:
            content["flags"] = flags
        if self._dialect.stages.fixed is not None:
            content["stage"] = self._dialect.stages.fixed
        self._add_plan(content, row)
        attachment = _group(row, fields.ATTACHMENT)
        if attachment:
            content["attachment"] = attachment

    def _add_plan(self, content: dict[str, Any], row: dict[str, Any]) -> None:
        """Whether a plan is kept counts only where there is one."""
        plan = _group(row, fields.PLAN)
        kept = row.pop("plan_kept", None)
        if not plan and row.get("stage") != codes.PLAN_STAGE:
            return
        if kept is not None:
            plan["kept"] = kept
        if plan and self._dialect.plan is not None:
            plan["frequency"] = self._dialect.plan.frequency
        if plan:
            content["plan"] = plan

    def _add_people(
        self,
        content: dict[str, Any],
        row: dict[str, Any],
        bsn: str,
        co_debtors: tuple[str, ...] | None,
    ) -> None:
        if co_debtors is not None:
            if bsn in co_debtors or len(set(co_debtors)) < len(co_debtors):
                raise RowRefusedError("co_debtor", self._column(fields.CO_DEBTORS))
            content["liability"] = "hoofdelijk" if co_debtors else "alleen"
            content["co_debtors"] = len(co_debtors)
        self._add_creditor(content, row)
        handler = self._dialect.handler
        if handler is not None:
            named = row.get("handler_name") is not None
            content["transfer"] = handler.transfer if named else "geen"
            if named:
                content["handler_role"] = handler.role
            else:
                row.pop("handler_file_number", None)

    def _add_creditor(self, content: dict[str, Any], row: Mapping[str, Any]) -> None:
        named = row.get("creditor_oin") is not None
        if named != (row.get("creditor_name") is not None):
            raise RowRefusedError("creditor", self._column("creditor_oin"))
        creditor = self._dialect.creditor
        if creditor is not None and not named:
            content |= {"creditor_oin": creditor.oin, "creditor_name": creditor.name}

    def _column(self, field: str) -> str:
        return next((column for name, _, _, column in self._steps if name == field), "")


_NOTHING: Final[Mapping[str, int]] = {}


def _kind_content(kind: Kind) -> dict[str, Any]:
    return kind.model_dump(exclude_none=True)


def _group(row: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Take the fields of one group out of `row`, under the names of their record."""
    values = {inner: row.pop(field, None) for field, inner in names.items()}
    return {inner: value for inner, value in values.items() if value is not None}


def _check_dates(content: Mapping[str, Any]) -> None:
    """The dates are ISO texts, which compare as dates do."""
    imposed, due = content.get("imposed_on"), content.get("due_on")
    if imposed is not None and due is not None and due < imposed:
        raise RowRefusedError("date_order")
