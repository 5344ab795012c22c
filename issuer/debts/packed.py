"""The rows of a delivery, waiting in memory until all of them are understood.

They wait on shelves, so that they can be written in the order of an index, one shelf after another:
writing an index in no order takes several times as long.
"""

import marshal
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from issuer.debts.rows import Understood

# A line, and what `Understood` has, in its order.
Fields = tuple[int, str, tuple[str, ...], str, str, str, str]
_BATCH: Final = 100


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
        self._shelves: dict[str, _Shelf] = defaultdict(_Shelf)
        self._shelf_by_bsn: dict[str, _Shelf] = {}

    def add_all(self, rows: Sequence[tuple[int, Understood]]) -> None:
        """Add rows of lines that were not added yet."""
        self.count += len(rows)
        keys = [hash(row.key) for _, row in rows]
        fresh = set(keys)
        if len(fresh) < len(keys) or not fresh.isdisjoint(self._keys):
            self._contest(rows)
        self._keys |= fresh
        for line, row in rows:
            shelf = self._shelf_by_bsn.get(row.bsn) or self._shelf_for(row.bsn)
            shelf.add((line, *row))

    def _shelf_for(self, bsn: str) -> "_Shelf":
        self._shelf_by_bsn[bsn] = shelf = self._shelves[self._shelf_of(bsn)]
        return shelf

    def _contest(self, rows: Sequence[tuple[int, Understood]]) -> None:
        for _, row in rows:
            key = hash(row.key)
            if key in self._keys:
                self.contested.add(row.key)
            self._keys.add(key)

    def __iter__(self) -> Iterator[tuple[int, Understood]]:
        for shelf in self.shelves():
            for line, *row in shelf:
                yield line, Understood._make(row)

    def shelves(self) -> Iterator[Iterator[Fields]]:
        """The fields of the rows of one shelf after another, by the names of the shelves."""
        return (iter(self._shelves[name]) for name in sorted(self._shelves))


class _Shelf:
    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._open: list[Fields] = []

    def add(self, row: Fields) -> None:
        self._open.append(row)
        if len(self._open) == _BATCH:
            self._packed.append(zlib.compress(marshal.dumps(self._open), level=1))
            self._open = []

    def __iter__(self) -> Iterator[Fields]:
        for packed in self._packed:
            yield from marshal.loads(zlib.decompress(packed))  # noqa: S302  our own, a moment ago
        yield from self._open
