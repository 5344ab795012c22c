"""Importing one delivered file, or only looking at what it would give.

The file is first understood as a whole, row by row and without touching the register; then one
transaction replaces the state of its source. So a broken file changes nothing, and others wait for
the writing only, not for the reading. Understood rows wait in memory, packed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from issuer.config import Source
from issuer.debts.balance import Movements
from issuer.debts.cases import CaseReader
from issuer.debts.debt import Debt
from issuer.debts.dialect import Dialect, load_dialect
from issuer.debts.duplicates import settle
from issuer.debts.movements import folded
from issuer.debts.origin import Origin
from issuer.debts.packed import PackedRows
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
from issuer.debts.rows import RowReader, RowRefusedError, Told, Understood, kinds_content
from issuer.debts.sources import DebtSource, open_source
from issuer.debts.table import FileRefusedError, SourceUnreachableError, Table

__all__ = [
    "Check",
    "FewerDebtsError",
    "FileRefusedError",
    "ImportRefusedError",
    "Progress",
    "SourceUnreachableError",
    "check_file",
    "import_file",
    "untold",
]

# Told every now and then: how many rows were read so far, and how many debts were written.
Progress = Callable[[int, int], None]

FIRST_ROWS: Final = 5
_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")
_REMEMBERED: Final = 65_536
_TOLD_EVERY: Final = 1_000


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
    delivered: Path | Origin,
    reference_date: date | None,
    now: int,
    *,
    force: bool = False,
    fewer: bool = False,
    progress: Progress = untold,
) -> Report:
    """Make the debts in `delivered` the state of `source`, true as of `reference_date`.

    Without a reference date it is the one that the delivery states, or else the day of `now`
    (epoch seconds). Refused rows are in the report and stop no other; a second import of the same
    delivery with the same reference date changes nothing. Raises FileRefusedError (it is not what
    the dialect declares), SourceUnreachableError (there is no whole delivery), ImportRefusedError
    (a later reference date is there already and not `force`, it lies after `now` or is not the
    stated one, or more than a tenth of the debts would end and not `fewer`) or ConfigurationError
    (the dialect, or where the source is); then nothing changed.
    """
    today = datetime.fromtimestamp(now, _CALENDAR).date()
    _check_not_after(reference_date, today)
    dialect = _dialect(source)
    opened = open_source(_origin(delivered), dialect)
    delivery = _delivery(source, dialect, opened, reference_date or today, now)
    if reference_date and delivery.file_digest and not force:
        again = register.delivered_again(delivery)
        if again is not None:
            return again
    pseudonym = lru_cache(_REMEMBERED)(register.pseudonym)
    # The register's index begins with the pseudonym.
    rows = PackedRows(lambda bsn: pseudonym(bsn)[:1])
    content = _understand(opened, _Reading(dialect, delivery, rows, progress), reference_date)
    _check_not_after(content.delivery.reference_date, today)
    entries = _entries(content, pseudonym, register, progress)
    refused = _refused(content, register)
    return register.replace(
        content.delivery, content.report, entries, refused, force=force, fewer=fewer
    )


def check_file(
    source: Source,
    delivered: Path | Origin,
    reference_date: date | None,
    now: int = 0,
    *,
    first: int = FIRST_ROWS,
    progress: Progress = untold,
) -> Check:
    """What `import_file` would report and how it understands the first rows; nothing is kept."""
    dialect = _dialect(source)
    opened = open_source(_origin(delivered), dialect)
    today = datetime.fromtimestamp(now, _CALENDAR).date()
    delivery = _delivery(source, dialect, opened, reference_date or today, now)
    reading = _Reading(dialect, delivery, PackedRows(), progress)
    content = _understand(opened, reading, reference_date)
    taken = ((line, row) for line, row in content.rows if line not in content.dropped)
    debts = tuple(
        (line, restored(row.content, delivery.kinds, source.code))
        for line, row in islice(taken, first)
    )
    return Check(report=content.report, first=debts)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a delivery is read, where its rows go, and who is told."""

    dialect: Dialect
    delivery: Delivery
    rows: PackedRows
    progress: Progress


@dataclass(frozen=True, slots=True)
class _Content:
    """A whole file, understood: all rows, the lines that are not taken, the refusals by BSN."""

    rows: PackedRows
    dropped: set[int]
    refused: list[tuple[Refusal, str | None]]
    report: Report
    delivery: Delivery


def _check_not_after(day: date | None, today: date) -> None:
    if day is not None and day > today:
        raise ImportRefusedError("the reference date lies in the future")


def _origin(delivered: Path | Origin) -> Origin:
    return delivered if isinstance(delivered, Origin) else Origin(path=delivered)


def _delivery(
    source: Source, dialect: Dialect, opened: DebtSource, reference_date: date, now: int
) -> Delivery:
    return Delivery(
        source=source.code,
        file_digest=opened.digest(),
        dialect_digest=dialect.digest,
        reference_date=reference_date,
        imported_at=now,
        kinds=kinds_content(dialect),
    )


def _dialect(source: Source) -> Dialect:
    if source.dialect is None:
        raise ImportRefusedError("the source is not connected: it has no dialect")
    return load_dialect(source.dialect)


def _understand(opened: DebtSource, reading: _Reading, reference_date: date | None) -> _Content:
    """Everything of the delivery, which is known by its digest and stated date from now on."""
    with opened.table() as table:
        if reference_date and table.as_of not in {None, reference_date}:
            raise ImportRefusedError("the delivery states another reference date")
        stated = table.as_of or reading.delivery.reference_date
        dated = replace(reading.delivery, reference_date=stated)
        content = _read(table, replace(reading, delivery=dated))
    return replace(content, delivery=replace(dated, file_digest=opened.digest()))


def _read(table: Table, reading: _Reading) -> _Content:
    dialect, rows = reading.dialect, reading.rows
    movements = folded(table.movements, dialect.movements, dialect.amounts)
    lines, reader = _reader(table, dialect, reading.delivery.reference_date, movements)
    refused: list[tuple[Refusal, str | None]] = []
    unmatched, count = set(movements), 0
    for told in reader.read_all(lines):
        good = [(line, row) for line, row, _ in told if isinstance(row, Understood)]
        rows.add_all(good)
        unmatched.difference_update(row.number for _, row in good if unmatched)
        if len(good) < len(told):
            refused += _refusals(told, reader.bsn_of)
        count += len(told)
        if count % _TOLD_EVERY == 0:
            reading.progress(count, 0)
    return _settled(rows, refused, len(unmatched), reading.delivery)


def _refusals(
    told: Sequence[Told], bsn_of: Callable[[Any], str | None]
) -> Iterator[tuple[Refusal, str | None]]:
    for line, refused, cells in told:
        if isinstance(refused, RowRefusedError):
            yield Refusal(line, refused.code, refused.column), bsn_of(cells)


def _reader(
    table: Table, dialect: Dialect, reference: date, movements: Movements
) -> tuple[Iterator[tuple[int, Any]], RowReader | CaseReader]:
    """The rows of a table or the debts of its cases, each with what reads them."""
    if table.cases is None:
        return table.rows, RowReader(dialect, table.columns, reference, movements)
    reader = CaseReader(dialect, reference)
    return reader.debts(table.cases), reader


def _settled(
    rows: PackedRows,
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
    return _Content(rows, dropped, refused, report, delivery)


def _entries(
    content: _Content,
    pseudonym: Callable[[str], str],
    register: Register,
    progress: Progress,
) -> Iterator[Entry]:
    """What is kept of everybody, in the order of the register's index."""
    birth_index = lru_cache(_REMEMBERED)(register.birth_index)
    written = 0
    for shelf in content.rows.shelves():
        debts = defaultdict(list)
        for line, bsn, _, born, _, _, text in shelf:
            if line not in content.dropped:
                debts[bsn].append((text, line, birth_index(bsn, born) if born else None))
        people = sorted((pseudonym(bsn), bsn) for bsn in debts)
        for person, bsn in people:
            yield Entry.of(person, debts[bsn])
            before, written = written, written + len(debts[bsn])
            for count in _thousands(before, written):
                progress(content.rows.count, count)


def _thousands(before: int, now: int) -> range:
    """The whole thousands that were reached: with one person there may come several."""
    return range((before // _TOLD_EVERY + 1) * _TOLD_EVERY, now + 1, _TOLD_EVERY)


def _refused(content: _Content, register: Register) -> Iterator[RefusedRow]:
    for refusal, bsn in content.refused:
        yield RefusedRow(refusal, register.pseudonym(bsn) if bsn else None)
