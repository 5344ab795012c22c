"""The rows of a delivery, waiting in memory until all of them are understood.

They wait on shelves, so that they can be written in the order of an index, one shelf after another:
writing an index in no order takes several times as long.
"""

import zlib
from array import array
from collections.abc import Callable, Iterator
from typing import Final

from issuer.debts.rows import Understood

# A sign that no packed row holds.
_BETWEEN_ROWS: Final = "\x1e"
_BATCH: Final = 250


def _one_shelf(_bsn: str) -> str:
    return ""


class PackedRows:
    """Rows by shelf, in each in the order of the file, packed: a tenth of their size.

    `shelf_of` names the shelf of a BSN; their number should be small. Lines are unique. `contested`
    are the keys of rows that came more than once, and perhaps a few others.
    """

    def __init__(self, shelf_of: Callable[[str], str] = _one_shelf) -> None:
        self.count = 0
        self.contested: set[str] = set()
        # Hashes: the keys themselves would take most of the memory.
        self._keys: set[int] = set()
        self._shelf_of = shelf_of
        self._shelves: dict[str, _Shelf] = {}

    def add(self, line: int, row: Understood) -> None:
        """Add the row of a line that was not added yet."""
        self.count += 1
        key = hash(row.key)
        if key in self._keys:
            self.contested.add(row.key)
        self._keys.add(key)
        name = self._shelf_of(row.bsn)
        if name not in self._shelves:
            self._shelves[name] = _Shelf()
        self._shelves[name].add(line, row)

    def __iter__(self) -> Iterator[tuple[int, Understood]]:
        for shelf in self.shelves():
            yield from shelf

    def shelves(self) -> Iterator[Iterator[tuple[int, Understood]]]:
        """The rows of one shelf after another, by the names of the shelves."""
        return (iter(self._shelves[name]) for name in sorted(self._shelves))


class _Shelf:
    def __init__(self) -> None:
        self._packed: list[tuple[array[int], bytes]] = []
        self._open: list[tuple[int, Understood]] = []

    def add(self, line: int, row: Understood) -> None:
        self._open.append((line, row))
        if len(self._open) == _BATCH:
            text = _BETWEEN_ROWS.join([row.packed() for _, row in self._open])
            lines = array("L", [line for line, _ in self._open])
            self._packed.append((lines, zlib.compress(text.encode(), level=1)))
            self._open = []

    def __iter__(self) -> Iterator[tuple[int, Understood]]:
        for lines, packed in self._packed:
            rows = zlib.decompress(packed).decode().split(_BETWEEN_ROWS)
            yield from zip(lines, map(Understood.unpacked, rows), strict=True)
        yield from self._open
