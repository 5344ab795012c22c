"""A system that is asked by http: every item of its pages is a row, every member a column.

Columns are places in an item, such as `debtor.bsn`. A member that is neither used nor ignored
refuses the delivery, as an unknown column of a file does. Items count from 1.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

from issuer.debts.dialect import Dialect
from issuer.debts.origin import Origin
from issuer.debts.paging import Pages
from issuer.debts.shapes import Rest
from issuer.debts.table import FileRefusedError, Line, Table


class RestSource:
    """The pages of one system as a table."""

    def __init__(self, origin: Origin, dialect: Dialect) -> None:
        self._dialect = dialect
        self._pages = Pages(origin, dialect.rest or Rest())
        self._read = False

    def digest(self) -> str:
        """What identifies all pages together; "" before they were read."""
        return self._pages.digest if self._read else ""

    @contextmanager
    def table(self) -> Iterator[Table]:
        """The items as rows; the first page is asked for at once."""
        pages = iter(self._pages)
        first = next(pages)
        columns = self._dialect.used_columns()
        rows = _Rows(columns, self._dialect.file.ignored_columns)
        items = chain(first, chain.from_iterable(pages))
        yield Table(columns, rows.of(items), as_of=self._pages.as_of)
        self._read = True


class _Rows:
    """Turns items into rows with the columns of the dialect."""

    def __init__(self, columns: tuple[str, ...], ignored: tuple[str, ...]) -> None:
        self._positions = {name: position for position, name in enumerate(columns)}
        self._ignored = frozenset(ignored)
        self._parents = {
            name[:end] for name in columns for end, sign in enumerate(name) if sign == "."
        }

    def of(self, items: Iterable[Any]) -> Iterator[Line]:
        """The rows; a member that is absent is an empty cell."""
        for count, item in enumerate(items, start=1):
            yield count, self._row(item)

    def _row(self, item: Any) -> list[Any]:
        if not isinstance(item, dict):
            raise FileRefusedError("an item of the source is no object")
        cells: list[Any] = [None] * len(self._positions)
        found: set[str] = set()
        for place, value in self._members(item, ""):
            if place not in self._positions or place in found:
                raise FileRefusedError(
                    "an item of the source has a member that is neither used nor ignored"
                )
            found.add(place)
            cells[self._positions[place]] = _cell(value)
        return cells

    def _members(self, item: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
        for name, value in item.items():
            place = f"{prefix}{name}"
            # No object where members would stand: they are all empty.
            if place in self._ignored or (value is None and place in self._parents):
                continue
            if isinstance(value, dict) and place not in self._positions:
                yield from self._members(value, f"{place}.")
            else:
                yield place, value


def _cell(value: Any) -> Any:
    """Lists and objects are no cells: the reader of the column refuses them."""
    return () if isinstance(value, list | dict) else value
