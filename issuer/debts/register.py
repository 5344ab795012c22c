"""The debt register: the current debts of every source, kept by pseudonym and never by BSN.

An import replaces the state of its source in one transaction. What must be read together is one
statement, so that an import in between is never half seen.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import Any, Final, TypeGuard

from issuer.config import Source
from issuer.debts import changes, tables
from issuer.debts.debt import Debt
from issuer.debts.entry import Entry
from issuer.debts.report import Refusal, Report
from issuer.debts.source import (
    INCOMPLETE,
    NOT_CONNECTED,
    OK,
    UNREACHABLE,
    Account,
    SourceState,
)
from issuer.debts.tables import MIGRATIONS
from vckit.database import Database, Row
from vckit.errors import KitError

__all__ = [
    "MIGRATIONS",
    "Delivery",
    "Entry",
    "FewerDebtsError",
    "ImportRefusedError",
    "RefusedRow",
    "Register",
    "restored",
]

_NO_IMPORT: Final = 0


class ImportRefusedError(KitError):
    """The import as a whole is not done; the text tells why. Nothing was changed."""


class FewerDebtsError(ImportRefusedError):
    """The file would end more than a tenth of the debts of its source, or all of them.

    It may be cut off or empty by mistake, and residents would read that they owe nothing.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What identifies one delivered file: digests in hex, `imported_at` in epoch seconds.

    `kinds` is what holds for every debt of a kind: content of `Debt`, by the word of the kind.
    """

    source: str
    file_digest: str
    dialect_digest: str
    reference_date: date
    imported_at: int
    kinds: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A refusal and, where its row tells whom it is about, that person's pseudonym."""

    refusal: Refusal
    person: str | None


class Register:
    """The debts of one organisation. `pseudonym` turns a BSN into its keyed index.

    Changes of less than `small_change_cents` that are interest and costs only make no statement old
    until they add up to it.
    """

    def __init__(
        self, database: Database, pseudonym: Callable[[str], str], *, small_change_cents: int = 0
    ) -> None:
        self._database = database
        self._pseudonym = pseudonym
        self._small_change_cents = small_change_cents

    def pseudonym(self, bsn: str) -> str:
        """What stands for this BSN in the register."""
        return self._pseudonym(bsn)

    def birth_index(self, bsn: str, born: str) -> str:
        """A keyed index of a birth date (YYYY-MM-DD): it tells whether two are the same."""
        return self._pseudonym(f"{bsn} {born}")

    def account_of(
        self, bsn: str, sources: Sequence[Source], *, birthdate: str | None = None
    ) -> Account:
        """Debts and source states of one person, at one moment, in the order of `sources`.

        A debt whose row tells another birth date than `birthdate` (YYYY-MM-DD, from the log-in) is
        held back and makes its source `onvolledig`: it may be another person's (security.md N04).
        """
        person = self.pseudonym(bsn)
        birth = self.birth_index(bsn, birthdate) if _is_date(birthdate) else None
        rows = self._database.execute(tables.ACCOUNT, (person, person))
        parts = [_part(source, rows, birth) for source in sources]
        return Account(
            debts=tuple(chain.from_iterable(debts for debts, _ in parts)),
            sources=tuple(state for _, state in parts),
        )

    def delivered_again(self, delivery: Delivery) -> Report | None:
        """The report of the current import when `delivery` is that same file again.

        Then nothing changes but that its source is reachable. Raises ImportRefusedError when the
        current state is of a later reference date.
        """
        current = self._current(delivery.source)
        if current is None:
            return None
        if current["reference_date"] > delivery.reference_date.isoformat():
            raise ImportRefusedError("the source was already imported with a later reference date")
        report = _report_if_same(current, delivery)
        if report is not None:
            self._mark_reachable(delivery.source)
        return report

    def replace(
        self,
        delivery: Delivery,
        report: Report,
        entries: Iterable[Entry],
        refused: Iterable[RefusedRow],
        *,
        force: bool = False,
        fewer: bool = False,
    ) -> Report:
        """Make `entries` the state of the source: all of it or nothing.

        The same file again changes nothing. `force` takes an older reference date too, `fewer` a
        file that ends more than a tenth of the debts; both are an ImportRefusedError otherwise.
        """
        with self._database.transaction():
            again = None if force else self.delivered_again(delivery)
            if again is not None:
                return again
            current = self._current(delivery.source)
            if not fewer:
                _check_size(report.good, current)
            before = _NO_IMPORT if current is None else int(current["id"])
            made = self._record(delivery, report)
            self._fill(made, entries, refused)
            self._mark_changes(delivery.imported_at, before, made)
            self._database.execute(tables.SOURCE, (delivery.source, made))
            self._database.execute("delete from debtors where import_id = ?", (before,))
            self._database.execute("delete from debt_refusals where import_id = ?", (before,))
        return report

    def mark_unreachable(self, code: str) -> None:
        """The last delivery of this source failed; what it delivered before stays."""
        self._database.execute("update debt_sources set reachable = 0 where code = ?", (code,))

    def _mark_reachable(self, code: str) -> None:
        self._database.execute(
            "update debt_sources set reachable = 1 where code = ? and reachable = 0", (code,)
        )

    def take_changed(self) -> list[str]:
        """Pseudonyms of those whose debts an import changed, each once: their statements are old.

        Call it inside the transaction that marks those statements, so that none is forgotten.
        """
        rows = self._database.execute("delete from debt_changes returning person")
        return [str(row["person"]) for row in rows]

    def _current(self, source: str) -> Row | None:
        rows = self._database.execute(tables.CURRENT, (source,))
        return rows[0] if rows else None

    def _record(self, delivery: Delivery, report: Report) -> int:
        [row] = self._database.execute(
            "insert into debt_imports (source, file_digest, dialect_digest, reference_date,"
            " imported_at, kinds, report) values (?, ?, ?, ?, ?, ?, ?) returning id",
            (
                delivery.source,
                delivery.file_digest,
                delivery.dialect_digest,
                delivery.reference_date.isoformat(),
                delivery.imported_at,
                json.dumps(delivery.kinds),
                json.dumps(report.to_json()),
            ),
        )
        return int(row["id"])

    def _fill(self, made: int, entries: Iterable[Entry], refused: Iterable[RefusedRow]) -> None:
        debtors = ({"import_id": made, **entry._asdict()} for entry in entries)
        self._database.insert_all("debtors", debtors)
        refusals = (
            {"import_id": made, "line": r.refusal.line, "code": r.refusal.code, "person": r.person}
            for r in refused
        )
        self._database.insert_all("debt_refusals", refusals)

    def _mark_changes(self, now: int, before: int, made: int) -> None:
        small = self._small_change_cents
        changes.note(self._database, before, made, now, threshold_cents=small)


def _check_size(good: int, current: Row | None) -> None:
    known = 0 if current is None else int(json.loads(current["report"])["good"])
    if not good or good * 10 < known * 9:
        raise FewerDebtsError(
            f"the file gives {good} debts, the import before it gave {known}: is it whole?"
        )


def _report_if_same(current: Row, delivery: Delivery) -> Report | None:
    known = (current["file_digest"], current["dialect_digest"], current["reference_date"])
    given = (delivery.file_digest, delivery.dialect_digest, delivery.reference_date.isoformat())
    if known != given:
        return None
    return replace(Report.from_json(json.loads(current["report"])), unchanged=True)


def _part(source: Source, rows: Sequence[Row], birth: str | None) -> tuple[list[Debt], SourceState]:
    """One source's share of an account. A source without a row never delivered anything."""
    row = next((row for row in rows if row["code"] == source.code), None)
    told = _told(row) if row and row["content"] else []
    kept = [content for content, told_birth in told if not _is_foreign(told_birth, birth)]
    state = SourceState(
        code=source.code,
        name=source.name,
        status=_status(source, row, held_back=len(kept) < len(told)),
        reference_date=date.fromisoformat(row["reference_date"]) if row else None,
    )
    kinds = json.loads(row["kinds"]) if row and kept else {}
    return [_restored(content, kinds, source.code) for content in kept], state


def _told(row: Row) -> list[tuple[dict[str, Any], str | None]]:
    """Content and birth index of every debt, in the order of the file."""
    contents, lines = json.loads(row["content"]), json.loads(row["lines"])
    births = json.loads(row["births"]) if row["births"] else [None] * len(lines)
    debts = sorted(zip(lines, births, contents, strict=True), key=itemgetter(0))
    return [(content, birth) for _, birth, content in debts]


def restored(content: str, kinds: Mapping[str, Mapping[str, Any]], source: str) -> Debt:
    """The debt of a stored `content` (JSON), of which one row told only the word of its kind."""
    return _restored(json.loads(content), kinds, source)


def _restored(told: dict[str, Any], kinds: Mapping[str, Mapping[str, Any]], source: str) -> Debt:
    kind = kinds[told.pop("kind")]
    return Debt.from_content({"source": source, **kind, **told})


def _is_date(birthdate: str | None) -> TypeGuard[str]:
    """The log-in may not know it, or not know the day or month: nothing to compare then."""
    with suppress(ValueError):
        return birthdate is not None and bool(date.fromisoformat(birthdate))
    return False


def _is_foreign(told: str | None, birth: str | None) -> bool:
    return birth is not None and told is not None and told != birth


def _status(source: Source, row: Row | None, *, held_back: bool) -> str:
    if source.dialect is None:
        return NOT_CONNECTED
    if row is None or not row["reachable"]:
        return UNREACHABLE
    return INCOMPLETE if held_back or row["refused"] else OK
