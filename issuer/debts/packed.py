"""The rows of a delivery, waiting in memory until all of them are understood."""

import zlib
from array import array
from collections.abc import Iterator
from typing import Final

from issuer.debts.rows import Understood

# A sign that no packed row holds.
_BETWEEN_ROWS: Final = "\x1e"
BATCH: Final = 1_000


class PackedRows:
    """Rows in the order of the file, packed: a tenth of their size. Lines are unique."""

    def __init__(self) -> None:
        self.count = 0
        # Keys of rows that came more than once.
        self.contested: set[str] = set()
        self.numbers: set[str] = set()
        self._keys: set[str] = set()
        self._packed: list[tuple[array[int], bytes]] = []
        self._open: list[tuple[int, Understood]] = []

    def add(self, line: int, row: Understood) -> None:
        """Add the row of a line that was not added yet."""
        self.count += 1
        (self.contested if row.key in self._keys else self._keys).add(row.key)
        self.numbers.add(row.number)
        self._open.append((line, row))
        if len(self._open) == BATCH:
            self._pack()

    def __iter__(self) -> Iterator[tuple[int, Understood]]:
        for lines, packed in self._packed:
            rows = zlib.decompress(packed).decode().split(_BETWEEN_ROWS)
            yield from zip(lines, map(Understood.unpacked, rows), strict=True)
        yield from self._open

    def _pack(self) -> None:
        text = _BETWEEN_ROWS.join([row.packed() for _, row in self._open])
        lines = array("L", [line for line, _ in self._open])
        self._packed.append((lines, zlib.compress(text.encode(), level=1)))
        self._open = []
