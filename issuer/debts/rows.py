"""Understanding rows: a dialect and the columns of a table make a reader of that table's rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import islice, repeat
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
# More rows at once would keep the garbage collector busy.
_BATCH: Final = 100
# By field the values of some rows.
_Columns = dict[str, list[Any]]
# Adds to the content of a debt what its row (by field) tells.
_Addition = Callable[[dict[str, Any], Mapping[str, Any]], None]


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
    """Reads the rows of one table, a batch at a time and in it column after column."""

    def __init__(
        self, dialect: Dialect, columns: Sequence[str], reference: date, movements: Movements
    ) -> None:
        self._dialect = dialect
        self._width = len(columns)
        self._steps = fields.steps(dialect, columns, reference)
        self._columns = {field: column for field, _, _, column in self._steps}
        self._plain = [field for field in self._columns if field in fields.PLAIN]
        self._flags = [flag for flag in Flags.model_fields if flag in self._columns]
        self._plan = _declared(fields.PLAN, self._columns)
        self._attachment = _declared(fields.ATTACHMENT, self._columns)
        self._category = {word: kind.category for word, kind in dialect.kinds.words.items()}
        self._balance = BalanceReader(dialect, movements)
        self._has_movements = bool(movements)
        self._additions = list(self._needed_additions())

    def read_all(self, lines: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[list[Told]]:
        """Understand rows, batch after batch."""
        lines = iter(lines)
        while batch := list(islice(lines, _BATCH)):
            yield self._told([line for line, _ in batch], [cells for _, cells in batch])

    def bsn_of(self, cells: Sequence[Any]) -> str | None:
        """Whose row it is, where that can be read at all."""
        _, places, read, _ = self._steps[0]
        try:
            return str(read([itemgetter(*places)(cells)])[0])
        except (CellRefusedError, IndexError):
            return None

    def _told(self, lines: Sequence[int], rows: Sequence[Sequence[Any]]) -> list[Told]:
        """Where something is refused, the halves are read, and so on down to the row alone.

        So what a row is refused for does not depend on the rows around it.
        """
        try:
            return list(zip(lines, self._understood(self._read(rows)), rows, strict=True))
        except RowRefusedError as error:
            if len(rows) == 1:
                return [(lines[0], error, rows[0])]
        half = len(rows) // 2
        return self._told(lines[:half], rows[:half]) + self._told(lines[half:], rows[half:])

    def _read(self, rows: Sequence[Sequence[Any]]) -> _Columns:
        """The values of every field; RowRefusedError with the first column that is wrong."""
        if set(map(len, rows)) != {self._width}:
            raise RowRefusedError("columns")
        columns = list(zip(*rows, strict=True))
        found: _Columns = {}
        # Often one column is both the number of the case and that of the debt.
        known: dict[tuple[tuple[int, ...], fields.CellsReader], list[Any]] = {}
        for field, places, read, column in self._steps:
            if (places, read) not in known:
                try:
                    known[places, read] = read(_cells(columns, places))
                except CellRefusedError as error:
                    raise RowRefusedError(error.code, column) from None
            found[field] = known[places, read]
        return found

    def _understood(self, read: _Columns) -> list[Understood]:
        """What every row says, in the order in which a row is judged."""
        bsns = read[fields.BSN]
        kinds = read.get(fields.KIND) or [self._dialect.kinds.fixed] * len(bsns)
        amounts = self._amounts(read)
        contents = _records(
            {"kind": kinds, **{name: read[name] for name in self._plain}, **amounts}
        )
        self._add(contents, read)
        self._check_creditors(contents)
        self._check_dates(read)
        born = read.get(fields.BORN)
        parts: tuple[Iterable[Any], ...] = (
            bsns,
            read.get(fields.CO_DEBTORS) or repeat(()),
            (day or "" for day in born) if born else repeat(""),
            read["debt_number"],
            self._keys(read, kinds),
            (text.decode() for text in map(orjson.dumps, contents)),
        )
        return list(map(Understood._make, zip(*parts)))  # noqa: B905  `repeat` has no end

    def _keys(self, read: _Columns, kinds: Sequence[str]) -> Iterator[str]:
        oins = read.get("creditor_oin")
        creditors = (oin or "" for oin in oins) if oins else repeat("")
        categories = map(self._category.__getitem__, kinds)
        parts = (creditors, read["case_number"], read["debt_number"], categories)
        return map(_BETWEEN_PARTS.join, zip(*parts))  # noqa: B905  `repeat` has no end

    def _amounts(self, read: _Columns) -> Mapping[str, Sequence[Any]]:
        """Those of a whole column; movements differ from row to row and are added later."""
        if self._has_movements:
            return {}
        try:
            return self._balance.read_columns(read)
        except AmountRefusedError as error:
            raise self._amount_refused(error) from None

    def _amount_refused(self, error: AmountRefusedError) -> RowRefusedError:
        return RowRefusedError(error.code, self._columns.get(error.field, ""))

    def _needed_additions(self) -> Iterator[_Addition]:
        """What has to be looked at row by row, in the order in which a row is judged."""
        if self._has_movements:
            yield self._add_amounts
        if self._flags:
            yield self._add_flags
        if self._plan or "plan_kept" in self._columns:
            yield self._add_plan
        if self._attachment:
            yield self._add_attachment
        if fields.CO_DEBTORS in self._columns:
            yield self._add_co_debtors
        if self._dialect.handler is not None:
            yield partial(self._add_handler, self._dialect.handler)

    def _add(self, contents: Sequence[dict[str, Any]], read: _Columns) -> None:
        if not self._additions:
            return
        for content, values in zip(contents, zip(*read.values(), strict=True), strict=True):
            row = dict(zip(read, values, strict=True))
            for add in self._additions:
                add(content, row)

    def _add_amounts(self, content: dict[str, Any], row: Mapping[str, Any]) -> None:
        try:
            content |= self._balance.read(row)
        except AmountRefusedError as error:
            raise self._amount_refused(error) from None

    def _add_flags(self, content: dict[str, Any], row: Mapping[str, Any]) -> None:
        flags = [flag for flag in self._flags if row[flag]]
        if flags:
            content["flags"] = flags

    def _add_attachment(self, content: dict[str, Any], row: Mapping[str, Any]) -> None:
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

    def _add_co_debtors(self, content: dict[str, Any], row: Mapping[str, Any]) -> None:
        others: tuple[str, ...] = row[fields.CO_DEBTORS]
        if row[fields.BSN] in others or len(set(others)) < len(others):
            raise RowRefusedError("co_debtor", self._columns[fields.CO_DEBTORS])
        content["liability"] = "hoofdelijk" if others else "alleen"
        content["co_debtors"] = len(others)

    def _add_handler(
        self, handler: Handler, content: dict[str, Any], _row: Mapping[str, Any]
    ) -> None:
        if "handler_name" in content:
            content["handler_role"] = handler.role
            content["transfer"] = handler.transfer
        else:
            content.pop("handler_file_number", None)
            content["transfer"] = "geen"

    def _check_creditors(self, contents: Sequence[Mapping[str, Any]]) -> None:
        if "creditor_oin" not in self._columns:
            return
        if any(("creditor_oin" in each) != ("creditor_name" in each) for each in contents):
            raise RowRefusedError("creditor", self._columns["creditor_oin"])

    def _check_dates(self, read: _Columns) -> None:
        """The dates are ISO texts, which compare as dates do."""
        pairs = zip(read.get("imposed_on", ()), read.get("due_on", ()))  # noqa: B905  one may be absent
        if any(imposed and due and due < imposed for imposed, due in pairs):
            raise RowRefusedError("date_order", self._columns["due_on"])


def _cells(columns: Sequence[Sequence[Any]], places: tuple[int, ...]) -> Sequence[Any]:
    """Those of one column, or of several columns together."""
    cells = itemgetter(*places)(columns)
    return cells if len(places) == 1 else list(zip(*cells, strict=True))


def _records(told: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """What is known of every row."""
    records = [dict(zip(told, values, strict=True)) for values in zip(*told.values(), strict=True)]
    for name in [name for name, values in told.items() if None in values]:
        for record in records:
            if record[name] is None:
                del record[name]
    return records


def _declared(names: Mapping[str, str], columns: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(field, inner) for field, inner in names.items() if field in columns]


def _group(row: Mapping[str, Any], names: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The fields of one group that `row` tells, under the names of their record."""
    return {inner: row[field] for field, inner in names if row[field] is not None}
