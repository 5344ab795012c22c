"""Understanding rows: a dialect and the columns of a table make a reader of that table's rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from operator import itemgetter
from typing import Any, Final, NamedTuple

import orjson

from issuer.debts import codes, fields
from issuer.debts.balance import AmountRefusedError, BalanceReader, Movements
from issuer.debts.dialect import Dialect
from issuer.debts.notation import CellRefusedError
from issuer.debts.sections import Flags, Handler

# A sign that no text of a row can hold (`notation.text`).
_BETWEEN_PARTS: Final = "\x1d"
_BATCH: Final = 500


class RowRefusedError(Exception):
    """A row cannot be taken; `code` is a key of REASONS, `column` a name of the dialect."""

    def __init__(self, code: str, column: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.column = column


class Understood(NamedTuple):
    """One row as understood. `key` names the debt within its source; `content` is JSON.

    The content holds what this row tells of its debt, and the word of its kind, whose meaning
    `kinds_content` gives. BSNs and birth date (YYYY-MM-DD) live only as long as the import.
    """

    bsn: str
    co_debtors: tuple[str, ...]
    born: str
    number: str
    key: str
    content: str


# What a line told: its row, or why that is refused; and its cells.
Told = tuple[int, Understood | RowRefusedError, Any]


def understood(
    content: Mapping[str, Any],
    bsn: str,
    category: str,
    co_debtors: tuple[str, ...] = (),
    born: str = "",
) -> Understood:
    """The row of a debt with this content; `category` is what its kind says."""
    number = content["debt_number"]
    told = content.get
    parts = (told("creditor_oin", ""), content["case_number"], number, told("category", category))
    key = _BETWEEN_PARTS.join(parts)
    return Understood(bsn, co_debtors, born, number, key, orjson.dumps(content).decode())


def kinds_content(dialect: Dialect) -> dict[str, dict[str, Any]]:
    """What holds for every debt of a kind, by the word of the source: content of `Debt`."""
    common: dict[str, Any] = {}
    if dialect.stages.fixed is not None:
        common["stage"] = dialect.stages.fixed
    if dialect.creditor is not None:
        common |= {"creditor_oin": dialect.creditor.oin, "creditor_name": dialect.creditor.name}
    return {
        word: common | kind.model_dump(exclude_none=True, exclude={"allocation"})
        for word, kind in dialect.kinds.words.items()
    }


class RowReader:
    """Reads the rows of one table."""

    def __init__(
        self, dialect: Dialect, columns: Sequence[str], reference: date, movements: Movements
    ) -> None:
        self._dialect = dialect
        self._width = len(columns)
        self._steps = fields.steps(dialect, columns, reference)
        self._names = [field for field, _, _, _ in self._steps]
        self._columns = {field: column for field, _, _, column in self._steps}
        self._plain = [field for field in self._names if field in fields.PLAIN]
        self._flags = [flag for flag in Flags.model_fields if flag in self._columns]
        self._plan = _declared(fields.PLAN, self._columns)
        self._attachment = _declared(fields.ATTACHMENT, self._columns)
        self._has_groups = bool(
            self._flags or self._plan or self._attachment or "plan_kept" in self._columns
        )
        self._has_people = fields.CO_DEBTORS in self._columns or dialect.handler is not None
        self._category = {word: kind.category for word, kind in dialect.kinds.words.items()}
        self._balance = BalanceReader(dialect, movements)

    def read_all(self, lines: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[Told]:
        """Understand rows, a batch at a time and in it column after column.

        That takes half the time. A batch with a cell that is refused is read row by row.
        """
        lines = iter(lines)
        while batch := list(islice(lines, _BATCH)):
            try:
                columns = list(zip(*(cells for _, cells in batch), strict=True))
                read = self._column_wise(columns)
            except (CellRefusedError, ValueError):
                yield from ((line, self._told(cells), cells) for line, cells in batch)
                continue
            for (line, cells), values in zip(batch, zip(*read, strict=True), strict=True):
                try:
                    yield line, self._judged(values), cells
                except RowRefusedError as error:
                    yield line, error, cells

    def read(self, cells: Sequence[Any]) -> Understood:
        """Understand one row, or raise RowRefusedError with the first thing that is wrong."""
        if len(cells) != self._width:
            raise RowRefusedError("columns")
        values = []
        for _, places, read, column in self._steps:
            try:
                values.append(read(itemgetter(*places)(cells)))
            except CellRefusedError as error:
                raise RowRefusedError(error.code, column) from None
        return self._judged(values)

    def bsn_of(self, cells: Sequence[Any]) -> str | None:
        """Whose row it is, where that can be read at all."""
        _, places, read, _ = self._steps[0]
        try:
            return str(read(itemgetter(*places)(cells)))
        except (CellRefusedError, IndexError):
            return None

    def _column_wise(self, columns: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """The values of every step; ValueError where rows are longer or shorter than the header."""
        if len(columns) != self._width:
            raise ValueError("another number of columns")
        found = []
        for _, places, read, _ in self._steps:
            cells = itemgetter(*places)(columns)
            found.append(list(map(read, cells if len(places) == 1 else zip(*cells, strict=True))))
        return found

    def _told(self, cells: Sequence[Any]) -> Understood | RowRefusedError:
        try:
            return self.read(cells)
        except RowRefusedError as error:
            return error

    def _judged(self, values: Sequence[Any]) -> Understood:
        row = dict(zip(self._names, values, strict=True))
        try:
            amounts = self._balance.read(row)
        except AmountRefusedError as error:
            raise RowRefusedError(error.code, self._columns.get(error.field, "")) from None
        return self._understood(row, amounts)

    def _understood(self, row: Mapping[str, Any], amounts: Mapping[str, Any]) -> Understood:
        kind = row.get(fields.KIND, self._dialect.kinds.fixed)
        content = {"kind": kind}
        for name in self._plain:
            if row[name] is not None:
                content[name] = row[name]
        content |= amounts
        if self._has_groups:
            self._add_groups(content, row)
        if self._has_people:
            self._add_people(content, row)
        if ("creditor_oin" in content) != ("creditor_name" in content):
            raise RowRefusedError("creditor", self._columns.get("creditor_oin", ""))
        self._check_dates(content)
        co_debtors, born = row.get(fields.CO_DEBTORS, ()), row.get(fields.BORN) or ""
        return understood(content, row[fields.BSN], self._category[kind], co_debtors, born)

    def _add_groups(self, content: dict[str, Any], row: Mapping[str, Any]) -> None:
        flags = [flag for flag in self._flags if row[flag]]
        if flags:
            content["flags"] = flags
        if self._plan or "plan_kept" in row:
            self._add_plan(content, row)
        attachment = _group(row, self._attachment)
        if attachment:
            content["attachment"] = attachment

    def _add_plan(self, content: dict[str, Any], row: Mapping[str, Any]) -> None:
        """Whether a plan is kept counts only where there is one."""
        plan = _group(row, self._plan)
        if plan or content.get("stage") == codes.PLAN_STAGE:
            if "plan_kept" in row:
                plan["kept"] = row["plan_kept"]
            if plan and self._dialect.plan is not None:
                plan["frequency"] = self._dialect.plan.frequency
        if plan:
            content["plan"] = plan

    def _add_people(self, content: dict[str, Any], row: Mapping[str, Any]) -> None:
        if fields.CO_DEBTORS in row:
            others: tuple[str, ...] = row[fields.CO_DEBTORS]
            if row[fields.BSN] in others or len(set(others)) < len(others):
                raise RowRefusedError("co_debtor", self._columns[fields.CO_DEBTORS])
            content["liability"] = "hoofdelijk" if others else "alleen"
            content["co_debtors"] = len(others)
        if self._dialect.handler is not None:
            self._add_handler(content, self._dialect.handler)

    def _add_handler(self, content: dict[str, Any], handler: Handler) -> None:
        if "handler_name" in content:
            content["handler_role"] = handler.role
            content["transfer"] = handler.transfer
        else:
            content.pop("handler_file_number", None)
            content["transfer"] = "geen"

    def _check_dates(self, content: Mapping[str, Any]) -> None:
        """The dates are ISO texts, which compare as dates do."""
        imposed, due = content.get("imposed_on"), content.get("due_on")
        if imposed is not None and due is not None and due < imposed:
            raise RowRefusedError("date_order", self._columns["due_on"])


def _declared(names: Mapping[str, str], columns: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(field, inner) for field, inner in names.items() if field in columns]


def _group(row: Mapping[str, Any], names: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The fields of one group that `row` tells, under the names of their record."""
    return {inner: row[field] for field, inner in names if row[field] is not None}
