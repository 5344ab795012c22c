"""The rows of a delivery, waiting in memory until all of them are understood.

They wait on shelves, so that they can be written in the order of an index, one shelf after another:
writing an index in no order takes several times as long.
"""

import marshal
import zlib
from collections.abc import Callable, Iterator
from typing import Final

from issuer.debts.rows import Understood

# Those of `Understood`, in its order.
Fields = tuple[str, tuple[str, ...], str, str, str, str]
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
            for line, row in shelf:
                yield line, Understood(*row)

    def shelves(self) -> Iterator[Iterator[tuple[int, Fields]]]:
        """The fields of the rows of one shelf after another, by the names of the shelves."""
        return (iter(self._shelves[name]) for name in sorted(self._shelves))


class _Shelf:
    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._open: list[tuple[int, Fields]] = []

    def add(self, line: int, row: Understood) -> None:
        bsn, co_debtors, born, number, key, content = row
        self._open.append((line, (bsn, co_debtors, born, number, key, content)))
        if len(self._open) == _BATCH:
            self._packed.append(zlib.compress(marshal.dumps(self._open), level=1))
            self._open = []

    def __iter__(self) -> Iterator[tuple[int, Fields]]:
        for packed in self._packed:
            yield from marshal.loads(zlib.decompress(packed))  # noqa: S302  our own, a moment ago
        yield from self._open
