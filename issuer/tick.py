"""What is done on schedule: take what was dropped, ask who is due, and tell who is late.

Safe at any moment and from several processes: one of them works, the others do nothing. A file is
moved only after it was taken or refused, so that a crash leaves it to the next tick.
"""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from issuer import folders
from issuer.config import Source
from issuer.debts.files import FileChangedError
from issuer.debts.imports import (
    FewerDebtsError,
    FileRefusedError,
    ImportRefusedError,
    Progress,
    SourceUnreachableError,
    untold,
)
from issuer.debts.report import Report
from issuer.debts.source import UNREACHABLE, SourceState
from issuer.folders import Dropped
from issuer.importing import Importing
from vckit.errors import ConfigurationError, KitError

STUCK_SECONDS: Final = 6 * 3_600
_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person must look at; no resident and no file name is in it.

    `alert` is one of: late, refused, fewer, undated, unreachable, failed, stuck.
    """

    source: str
    alert: str
    detail: str
    reference_date: date | None = None


@dataclass(slots=True)
class Ticked:
    """What one tick did; `busy` when another one was at work and this one did nothing."""

    reports: list[Report] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    busy: bool = False


def tick(
    importing: Importing,
    sources: Sequence[Source],
    lock: Path,
    now: int,
    *,
    progress: Progress = untold,
) -> Ticked:
    """Do all that is due at `now` (epoch seconds). One source that fails stops no other.

    `lock` is a file that only this uses. ConfigurationError when it cannot be written.
    """
    with _alone(lock, now) as since:
        if since is not None:
            stuck = Alert("", "stuck", "another tick has been at work for hours")
            return Ticked(alerts=[stuck] if now - since > STUCK_SECONDS else [], busy=True)
        work = _Work(importing, now, progress)
        for source in sources:
            if source.dialect is not None:
                work.do(source)
        return work.done


@contextmanager
def _alone(lock: Path, now: int) -> Iterator[int | None]:
    """None where nobody else is at work, else since when somebody is."""
    try:
        handle = lock.open("a+", encoding="utf-8")
    except OSError:
        raise ConfigurationError("the lock of the tick cannot be written") from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            told = handle.read(20)
            yield int(told) if told.isdecimal() else now
            return
        handle.truncate(0)
        handle.write(str(now))
        handle.flush()
        yield None


class _Work:
    """One tick, source after source."""

    def __init__(self, importing: Importing, now: int, progress: Progress) -> None:
        self._importing = importing
        self._now = now
        self._today = datetime.fromtimestamp(now, _CALENDAR).date()
        self._progress = progress
        self.done = Ticked()

    def do(self, source: Source) -> None:
        """Take what this source delivered or ask it, and tell when it is late."""
        for step in (self._take_files, self._ask, self._judge):
            try:
                step(source)
            except KitError as error:
                self._alert(source, "failed", error)

    def _take_files(self, source: Source) -> None:
        if source.folder is None:
            return
        for dropped in folders.waiting(source.folder, self._now):
            if dropped.reference_date is None:
                detail = "the name of a file does not tell one reference date"
                self._alert(source, "undated", detail)
                folders.put_away(dropped.path, folders.REFUSED)
            else:
                self._take(source, dropped)

    def _take(self, source: Source, dropped: Dropped) -> None:
        """A file that may be good later, or is not to blame, stays where it is."""
        try:
            self._import(source, dropped.path, dropped.reference_date)
        except FileChangedError:
            return
        except (FileRefusedError, ImportRefusedError) as error:
            self._alert(source, _word(error), error, dropped.reference_date)
            folders.put_away(dropped.path, folders.REFUSED)
        else:
            folders.put_away(dropped.path, folders.IMPORTED)

    def _ask(self, source: Source) -> None:
        if source.address is None or not self._is_due(source):
            return
        try:
            self._import(source, None, None)
        except (SourceUnreachableError, FileRefusedError, ImportRefusedError) as error:
            self._alert(source, _word(error), error)

    def _import(self, source: Source, path: Path | None, reference: date | None) -> None:
        run = self._importing.run
        report = run(source, path, reference, self._now, progress=self._progress)
        self.done.reports.append(report)

    def _state(self, source: Source) -> SourceState:
        return self._importing.register.account_of("", [source]).sources[0]

    def _is_due(self, source: Source) -> bool:
        """Where no rhythm is declared, a source is asked by hand only."""
        if source.every_days is None:
            return False
        state = self._state(source)
        if state.reference_date is None or state.status == UNREACHABLE:
            return True
        return state.reference_date + timedelta(days=source.every_days) <= self._today

    def _judge(self, source: Source) -> None:
        """A source that is late does not answer: residents must not read that all is known."""
        if source.every_days is None:
            return
        last = self._state(source).reference_date
        longest = timedelta(days=source.every_days + source.grace_days)
        if last is not None and self._today - last <= longest:
            return
        self._importing.register.mark_unreachable(source.code)
        detail = "it has never delivered" if last is None else "its next delivery is late"
        self._alert(source, "late", detail, last)

    def _alert(
        self, source: Source, word: str, detail: KitError | str, day: date | None = None
    ) -> None:
        self.done.alerts.append(Alert(source.code, word, str(detail), day))


def _word(error: KitError) -> str:
    if isinstance(error, FewerDebtsError):
        return "fewer"
    return "unreachable" if isinstance(error, SourceUnreachableError) else "refused"
