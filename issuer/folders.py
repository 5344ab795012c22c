"""Drop folders: where an administration puts its files, and where they go when they were taken.

The name of a file tells its reference date: one day, written 2026-11-20 or 20261120. Names may
hold anything else, so they are never logged.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from vckit.errors import ConfigurationError

IMPORTED: Final = "imported"
REFUSED: Final = "refused"
# Who writes a file may pause; what did not change for so long is finished.
SETTLED_SECONDS: Final = 60
_UNFINISHED: Final = (".part", ".partial", ".filepart", ".tmp", ".crdownload")
_DAY: Final = re.compile(r"(?<![0-9])(20[0-9]{2})(-?)(0[1-9]|1[0-2])\2([0-2][0-9]|3[01])(?![0-9])")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A finished file and the day that its name tells; None where it tells none, or several."""

    path: Path
    reference_date: date | None


def waiting(folder: Path, now: int) -> list[Dropped]:
    """The finished files, the oldest day first; ConfigurationError when there is no such folder."""
    try:
        paths = sorted(path for path in folder.iterdir() if _is_finished(path, now))
    except OSError:
        raise ConfigurationError("the folder of the source cannot be read") from None
    dropped = [Dropped(path, told_day(path.name)) for path in paths]
    return sorted(dropped, key=lambda each: each.reference_date or date.min)


def told_day(name: str) -> date | None:
    """The one day that a file's name tells."""
    days = set(_days(name))
    return days.pop() if len(days) == 1 else None


def put_away(path: Path, where: str) -> None:
    """Move a file into IMPORTED or REFUSED beside it; ConfigurationError when that is forbidden.

    A file of the same name that was put away before stays; the new one gets a number.
    """
    target = path.parent / where
    try:
        target.mkdir(mode=0o700, exist_ok=True)
        path.rename(_free(target, path.name))
    except FileNotFoundError:
        return
    except OSError:
        raise ConfigurationError(f"a file cannot be moved to {where} in its folder") from None


def _free(folder: Path, name: str) -> Path:
    place, number = folder / name, 1
    while place.exists():
        number += 1
        place = folder / f"{number}-{name}"
    return place


def _is_finished(path: Path, now: int) -> bool:
    """Links, folders, hidden and unfinished files, and side files of a database are no delivery."""
    name = path.name.lower()
    if name.startswith((".", "~")) or name.endswith((*_UNFINISHED, "-wal", "-shm", "-journal")):
        return False
    try:
        return (
            path.is_file()
            and not path.is_symlink()
            and abs(now - path.stat().st_mtime) >= SETTLED_SECONDS
        )
    except OSError:
        return False


def _days(name: str) -> Iterator[date]:
    for match in _DAY.finditer(name):
        try:
            yield date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            continue
