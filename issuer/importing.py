"""Importing what a source delivers, and marking the statements that it makes old, as one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from issuer.config import Config, Source
from issuer.debts.imports import (
    FileRefusedError,
    Progress,
    SourceUnreachableError,
    import_file,
    untold,
)
from issuer.debts.origin import Origin
from issuer.debts.register import Delivery, Entry, RefusedRow, Register
from issuer.debts.report import Report
from issuer.store import Store
from vckit.errors import ConfigurationError
from vckit.network import Fetcher


def find_source(config: Config, code: str) -> Source:
    """The source with this code; ConfigurationError when the configuration has none."""
    for source in config.sources:
        if source.code == code:
            return source
    raise ConfigurationError("the configuration has no source with this code")


def origin_of(source: Source, path: Path | None, fetcher: Fetcher | None) -> Origin:
    """The file, or without one the address of the source; ConfigurationError with neither."""
    if path is None and source.address is None:
        raise ConfigurationError(f"source {source.code} has no address: name the file")
    if path is not None and source.address is not None:
        raise ConfigurationError(f"source {source.code} is asked at its address: name no file")
    return Origin(path=path, address=source.address, secret=source.secret, fetcher=fetcher)


@dataclass(frozen=True)
class Importing:
    """Imports into the register of one organisation; `fetcher` for sources at an address.

    Interest and costs that change less than `small_change_cents` mark nothing until they add up.
    """

    store: Store
    register: Register
    fetcher: Fetcher | None = None
    small_change_cents: int = 0

    def run(
        self,
        source: Source,
        path: Path | None,
        reference_date: date | None,
        now: int,
        *,
        force: bool = False,
        fewer: bool = False,
        progress: Progress = untold,
    ) -> Report:
        """`issuer.debts.imports.import_file`, after which no statement of changed debts is new.

        A source that is asked at its address and gives nothing usable is marked as unreachable;
        a file that is refused says nothing about its source.
        """
        marking = _MarkingRegister(self.store, self.register, now, self.small_change_cents)
        origin = origin_of(source, path, self.fetcher)
        options = {"force": force, "fewer": fewer}
        try:
            return import_file(
                marking, source, origin, reference_date, now, **options, progress=progress
            )
        except (SourceUnreachableError, FileRefusedError):
            if path is None:
                self.register.mark_unreachable(source.code)
            raise


class _MarkingRegister(Register):
    """A register that, in the transaction of an import, marks what the import made old.

    A statement that is made after the import is thus never marked by it, and none is forgotten.
    """

    def __init__(self, store: Store, register: Register, now: int, small_change: int) -> None:
        super().__init__(store.database, register.pseudonym, small_change_cents=small_change)
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
