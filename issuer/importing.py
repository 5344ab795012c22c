"""Importing a delivered file, and marking the statements that it makes old, as one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from issuer.config import Config, Source
from issuer.debts.imports import Progress, import_file, untold
from issuer.debts.register import Delivery, Entry, RefusedRow, Register
from issuer.debts.report import Report
from issuer.store import Store
from vckit.errors import ConfigurationError


def find_source(config: Config, code: str) -> Source:
    """The source with this code; ConfigurationError when the configuration has none."""
    for source in config.sources:
        if source.code == code:
            return source
    raise ConfigurationError("the configuration has no source with this code")


@dataclass(frozen=True)
class Importing:
    """Imports into the register of one organisation."""

    store: Store
    register: Register

    def run(
        self,
        source: Source,
        path: Path,
        reference_date: date,
        now: int,
        *,
        force: bool = False,
        fewer: bool = False,
        progress: Progress = untold,
    ) -> Report:
        """`issuer.debts.imports.import_file`, after which no statement of changed debts is new."""
        marking = _MarkingRegister(self.store, self.register, now)
        return import_file(
            marking, source, path, reference_date, now, force=force, fewer=fewer, progress=progress
        )


class _MarkingRegister(Register):
    """A register that, in the transaction of an import, marks what the import made old.

    A statement that is made after the import is thus never marked by it, and none is forgotten.
    """

    def __init__(self, store: Store, register: Register, now: int) -> None:
        super().__init__(store.database, register.pseudonym)
        self._store = store
        self._now = now

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
        """Replace the state of a source and mark, all or nothing."""
        with self._store.database.transaction():
            done = super().replace(delivery, report, entries, refused, force=force, fewer=fewer)
            self._store.records.supersede(self.take_changed(), self._now)
        return done
