"""A delivered file as a table: named columns and numbered rows, whatever kind of file it was."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Final

from issuer.debts.cases import Case
from issuer.debts.dialect import Dialect
from issuer.debts.sections import Movements
from issuer.debts.shapes import File
from vckit.errors import KitError

# A line of a file (header = line 1 when it stands on the first line) and its cells.
Line = tuple[int, Sequence[Any]]
MAXIMUM_COLUMNS: Final = 500
_EMPTY: Final = (None, "")


class FileRefusedError(KitError):
    """The file as a whole is not what the dialect declares; the text names what is wrong.

    It never repeats what stands in the file: a file without its header has a resident's data there.
    """


class SourceUnreachableError(KitError):
    """A running system gave no whole delivery: not reached, refused, or broken off half-way.

    Nothing of it is taken; what the source delivered before stays.
    """


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, rows, and (for databases) movements as (number, kind, amount).

    `as_of` is the reference date where the delivery itself states one. A source that keeps events
    has `cases` and no columns or rows.
    """

    columns: tuple[str, ...]
    rows: Iterator[Line]
    movements: Iterable[tuple[Any, Any, Any]] = field(default=())
    as_of: date | None = None
    cases: Iterable[Case] | None = None


def with_header(lines: Iterator[Line], dialect: Dialect) -> Table:
    """Take the header off `lines` and hold it against the dialect; FileRefusedError otherwise."""
    file = dialect.file
    if file.header_row == 0:
        return _without_header(lines, dialect)
    header = list(islice(_from_line(lines, file.header_row), file.header_rows))
    if not header:
        raise FileRefusedError("the file is empty or has no line where the header should stand")
    columns = _names([cells for _, cells in header], file)
    return Table(matched(columns, dialect), _body(lines, len(columns), file))


def matched(columns: Sequence[str], dialect: Dialect) -> tuple[str, ...]:
    """`columns` with the names that the dialect uses for them.

    Raises FileRefusedError for a column that is missing, unknown or there twice.
    """
    file = dialect.file
    declared = {_key(name, file): name for name in dialect.used_columns()}
    ignored = {_key(name, file) for name in file.ignored_columns}
    keys = list(_numbered(_key(name, file) for name in columns))
    missing = [name for key, name in declared.items() if key not in keys]
    if missing:
        found = _found(keys) if len(missing) == len(declared) else ""
        raise FileRefusedError(f"the header lacks the column {', '.join(missing)}{found}")
    for position, key in enumerate(keys, start=1):
        if key and key not in declared and key not in ignored:
            raise FileRefusedError(
                f"column {position} of the header is neither used nor ignored by the dialect"
            )
    return tuple(declared.get(key, "") for key in keys)


def positions_of(movements: Movements, columns: Sequence[str]) -> list[int]:
    """Where number, kind and amount stand; FileRefusedError for a column that is missing."""
    wanted = (movements.number, movements.kind, movements.amount)
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise FileRefusedError(f"the query for movements lacks the column {', '.join(missing)}")
    return [columns.index(name) for name in wanted]


def _found(columns: Sequence[str]) -> str:
    """How the header was read: a wrong delimiter leaves one column, a wrong line other names."""
    return "; it reads as one column" if len(columns) == 1 else f"; it reads as {len(columns)}"


def _from_line(lines: Iterator[Line], first: int) -> Iterator[Line]:
    return (line for line in lines if line[0] >= first)


def _without_header(lines: Iterator[Line], dialect: Dialect) -> Table:
    """Without a header the columns are called #1, #2, … and the first line tells how many."""
    first = next(lines, None)
    if first is None:
        raise FileRefusedError("the file is empty")
    columns = [f"#{position}" for position in range(1, len(first[1]) + 1)]
    rows = _body(_with_first(first, lines), len(columns), dialect.file)
    return Table(matched(columns, dialect), rows)


def _with_first(first: Line, lines: Iterator[Line]) -> Iterator[Line]:
    yield first
    yield from lines


def _names(header: list[Sequence[Any]], file: File) -> list[str]:
    width = max(len(cells) for cells in header)
    if width > MAXIMUM_COLUMNS:
        raise FileRefusedError("the header has more than 500 columns")
    rows = [[_text(cell) for cell in cells] + [""] * (width - len(cells)) for cells in header]
    if file.header_fill:
        rows[:-1] = [_filled(row) for row in rows[:-1]]
    return [" ".join(filter(None, parts)) for parts in zip(*rows, strict=True)]


def _filled(row: list[str]) -> list[str]:
    """A name over several columns stands in the first of them only."""
    filled: list[str] = []
    for name in row:
        filled.append(name or (filled[-1] if filled else ""))
    return filled


def _numbered(names: Iterable[str]) -> Iterator[str]:
    """The second column of the same name is called name#2."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 or not name else f"{name}#{seen[name]}"


def _key(name: str, file: File) -> str:
    return name.casefold() if file.header_case == "ignored" else name


def _text(cell: Any) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def _body(lines: Iterator[Line], width: int, file: File) -> Iterator[Line]:
    """The rows without empty lines and without the footer."""
    waiting: deque[Line] = deque()
    for line in lines:
        cells = line[1]
        if not any(cells) and all(cell in _EMPTY for cell in cells):
            continue
        if len(cells) != width:
            line = (line[0], _fitted(cells, width, file))  # noqa: PLW2901  the same line
        if not file.footer_rows:
            yield line
            continue
        waiting.append(line)
        if len(waiting) > file.footer_rows:
            yield waiting.popleft()


def _fitted(cells: Sequence[Any], width: int, file: File) -> Sequence[Any]:
    """Empty cells beyond the header are no cells; a workbook leaves out those at the end."""
    if all(cell in _EMPTY for cell in cells[width:]):
        cells = cells[:width]
    if file.kind == "xlsx" and len(cells) < width:
        return [*cells, *[None] * (width - len(cells))]
    return cells
