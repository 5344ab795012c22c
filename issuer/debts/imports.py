"""Importing one delivered file, or only looking at what it would give.

The file is first understood as a whole, row by row and without touching the register; then one
transaction replaces the state of its source. So a broken file changes nothing, and others wait for
the writing only, not for the reading. Understood rows wait in memory, packed.
"""

import zlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b, sha256
from itertools import islice
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from issuer.config import Source
from issuer.debts.debt import Debt
from issuer.debts.dialect import Dialect, load_dialect
from issuer.debts.duplicates import settle
from issuer.debts.movements import folded
from issuer.debts.register import (
    Delivery,
    Entry,
    FewerDebtsError,
    ImportRefusedError,
    RefusedRow,
    Register,
    restored,
)
from issuer.debts.report import Refusal, Report
from issuer.debts.rows import RowReader, RowRefusedError, Understood, kinds_content
from issuer.debts.sources import SOURCES
from issuer.debts.table import FileRefusedError, Table

__all__ = [
    "Check",
    "FewerDebtsError",
    "FileRefusedError",
    "ImportRefusedError",
    "Progress",
    "check_file",
    "import_file",
    "untold",
]

# Told every now and then: how many rows were read so far, and how many debts were written.
Progress = Callable[[int, int], None]

FIRST_ROWS: Final = 5
MAXIMUM_BYTES: Final = 1 << 30
_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")
_BATCH: Final = 1_000
# A sign that no packed row holds.
_BETWEEN_ROWS: Final = "\x1e"
_REMEMBERED: Final = 65_536


def untold(_read: int, _written: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """What an import would give: its report, and the first debts with their lines, as understood.

    The debts are those of real residents: for the screen of who checks, not for a log.
    """

    report: Report
    first: tuple[tuple[int, Debt], ...]


def import_file(
    register: Register,
    source: Source,
    path: Path,
    reference_date: date,
    now: int,
    *,
    force: bool = False,
    fewer: bool = False,
    progress: Progress = untold,
) -> Report:
    """Make the debts in `path` the state of `source`, true as of `reference_date`.

    Refused rows are in the report and stop no other; a second import of the same file with the
    same reference date changes nothing. Raises FileRefusedError (the file is not what the dialect
    declares), ImportRefusedError (a later reference date is there already and not `force`, it lies
    after `now`, in epoch seconds, or more than a tenth of the debts would end and not `fewer`) or
    ConfigurationError (the dialect); then nothing changed.
    """
    if reference_date > datetime.fromtimestamp(now, _CALENDAR).date():
        raise ImportRefusedError("the reference date lies in the future")
    dialect = _dialect(source)
    delivery = _delivery(source, dialect, path, reference_date, now)
    again = None if force else register.delivered_again(delivery)
    if again is not None:
        return again
    content = _understand(path, dialect, delivery, progress)
    entries = _entries(content, register, progress)
    refused = _refused(content, register)
    return register.replace(delivery, content.report, entries, refused, force=force, fewer=fewer)


def check_file(
    source: Source,
    path: Path,
    reference_date: date,
    *,
    first: int = FIRST_ROWS,
    progress: Progress = untold,
) -> Check:
    """What `import_file` would report and how it understands the first rows; nothing is kept."""
    dialect = _dialect(source)
    delivery = _delivery(source, dialect, path, reference_date, 0)
    content = _understand(path, dialect, delivery, progress)
    rows = islice(content.taken(), first)
    debts = tuple((line, restored(row.content, delivery.kinds, source.code)) for line, row in rows)
    return Check(report=content.report, first=debts)


@dataclass(frozen=True, slots=True)
class _Content:
    """A whole file, understood: all rows, the lines that are not taken, the refusals by BSN."""

    rows: "_PackedRows"
    dropped: set[int]
    refused: list[tuple[Refusal, str | None]]
    report: Report

    def taken(self) -> Iterator[tuple[int, Understood]]:
        return ((line, row) for line, row in self.rows if line not in self.dropped)


def _delivery(
    source: Source, dialect: Dialect, path: Path, reference_date: date, now: int
) -> Delivery:
    return Delivery(
        source=source.code,
        file_digest=_digest(path),
        dialect_digest=dialect.digest,
        reference_date=reference_date,
        imported_at=now,
        kinds=kinds_content(dialect),
    )


def _dialect(source: Source) -> Dialect:
    if source.dialect is None:
        raise ImportRefusedError("the source is not connected: it has no dialect")
    return load_dialect(source.dialect)


def _digest(path: Path) -> str:
    """SHA-256 of the file and, for a database, of the journal that belongs to it."""
    digest = sha256()
    if path.is_dir():
        raise FileRefusedError("the file is a folder")
    if not path.exists():
        raise FileRefusedError("the file does not exist")
    try:
        if path.stat().st_size > MAXIMUM_BYTES:
            raise FileRefusedError("the file is larger than 1 GiB")
        for part in (path, path.with_name(f"{path.name}-wal")):
            if part == path or part.exists():
                with part.open("rb") as handle:
                    while block := handle.read(1 << 20):
                        digest.update(block)
    except OSError:
        raise FileRefusedError("the file cannot be read") from None
    return digest.hexdigest()


def _understand(path: Path, dialect: Dialect, delivery: Delivery, progress: Progress) -> _Content:
    try:
        with SOURCES[dialect.file.kind](path, dialect) as table:
            content = _read(table, dialect, delivery, progress)
    except OSError:
        raise FileRefusedError("the file cannot be read") from None
    if _digest(path) != delivery.file_digest:
        raise FileRefusedError("the file changed while it was read")
    return content


def _read(table: Table, dialect: Dialect, delivery: Delivery, progress: Progress) -> _Content:
    movements = folded(table.movements, dialect.movements, dialect.amounts)
    reader = RowReader(dialect, table.columns, delivery.reference_date, movements)
    rows = _PackedRows()
    refused: list[tuple[Refusal, str | None]] = []
    for count, (line, cells) in enumerate(table.rows, start=1):
        if count % _BATCH == 0:
            progress(count, 0)
        try:
            rows.add(line, reader.read(cells))
        except RowRefusedError as error:
            refused.append((Refusal(line, error.code, error.column), reader.bsn_of(cells)))
    return _settled(rows, refused, len(movements.keys() - rows.numbers), delivery)


def _settled(
    rows: "_PackedRows",
    refused: list[tuple[Refusal, str | None]],
    unmatched: int,
    delivery: Delivery,
) -> _Content:
    settled = settle(rows, rows.contested)
    if settled.conflicting:
        refused += [
            (Refusal(line, "conflict"), row.bsn)
            for line, row in rows
            if line in settled.conflicting
        ]
        refused.sort()
    dropped = settled.repeated | settled.conflicting
    report = Report(
        source=delivery.source,
        reference_date=delivery.reference_date,
        good=rows.count - len(dropped),
        repeated=len(settled.repeated),
        refused=tuple(refusal for refusal, _ in refused),
        unmatched=unmatched,
    )
    return _Content(rows, dropped, refused, report)


class _PackedRows:
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
        self.count += 1
        (self.contested if row.key in self._keys else self._keys).add(row.key)
        self.numbers.add(row.number)
        self._open.append((line, row))
        if len(self._open) == _BATCH:
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


def _entries(content: _Content, register: Register, progress: Progress) -> Iterator[Entry]:
    pseudonym = lru_cache(_REMEMBERED)(register.pseudonym)
    birth_index = lru_cache(_REMEMBERED)(register.birth_index)
    for count, (line, row) in enumerate(content.taken(), start=1):
        if count % _BATCH == 0:
            progress(content.rows.count, count)
        yield Entry(
            line=line,
            person=pseudonym(row.bsn),
            fingerprint=blake2b(row.content.encode(), digest_size=16).hexdigest(),
            birth=birth_index(row.bsn, row.born) if row.born else None,
            content=row.content,
        )


def _refused(content: _Content, register: Register) -> Iterator[RefusedRow]:
    for refusal, bsn in content.refused:
        yield RefusedRow(refusal, register.pseudonym(bsn) if bsn else None)
