"""Status lists: which index belongs to whom, what is set, and what was published of it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from issuer.keyring import new_identifier
from vckit.database import Database

Purpose = Literal["revocation", "refresh"]
PURPOSES: Final[tuple[Purpose, ...]] = ("revocation", "refresh")
# Random picks stay cheap up to here; then the next list begins.
FULL_PERCENT: Final = 90


@dataclass(frozen=True)
class Entry:
    """One index of one list; it is given out once and never comes back."""

    list_id: str
    position: int


@dataclass(frozen=True)
class Version:
    """A list as it is made public; times in epoch seconds."""

    content: str
    issued_at: int
    expires_at: int


@dataclass(frozen=True)
class Published(Version):
    """The last version that is public; current when every mark made so far is in it."""

    is_current: bool


@dataclass(frozen=True)
class Snapshot:
    """The positions set in one list at one moment; `changes` counts the marks made so far."""

    purpose: Purpose
    size: int
    changes: int
    positions: tuple[int, ...]


class Lists:
    """The verbs on the status lists of one organisation."""

    def __init__(
        self,
        database: Database,
        size: int,
        pick: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._database = database
        self._size = size
        self._pick = pick

    def allocate(self, purpose: Purpose, now: int) -> Entry:
        """Give out a random index that nobody has; to be called inside a transaction."""
        list_id, size = self._open_list(purpose, now)
        while not (taken := self._take(list_id, self._pick(size))):
            pass
        self._database.execute(
            "UPDATE status_lists SET used = used + 1 WHERE list_id = ?", (list_id,)
        )
        return Entry(list_id, taken[0])

    def _take(self, list_id: str, position: int) -> list[int]:
        rows = self._database.execute(
            "INSERT INTO status_entries (list_id, position) VALUES (?, ?)"
            " ON CONFLICT DO NOTHING RETURNING position",
            (list_id, position),
        )
        return [int(row["position"]) for row in rows]

    def _open_list(self, purpose: Purpose, now: int) -> tuple[str, int]:
        rows = self._database.execute(
            "SELECT list_id, size FROM status_lists WHERE purpose = ? AND open = 1"
            " AND used * 100 < size * ?",
            (purpose, FULL_PERCENT),
        )
        if not rows:
            return self._begin_list(purpose, now)
        return rows[0]["list_id"], rows[0]["size"]

    def _begin_list(self, purpose: Purpose, now: int) -> tuple[str, int]:
        list_id = new_identifier()
        self._database.execute(
            "UPDATE status_lists SET open = 0 WHERE purpose = ? AND open = 1", (purpose,)
        )
        self._database.execute(
            "INSERT INTO status_lists (list_id, purpose, size, created_at) VALUES (?,?,?,?)",
            (list_id, purpose, self._size, now),
        )
        return list_id, self._size

    def mark(self, entry: Entry) -> None:
        """Set one status for ever; to be called inside a transaction."""
        self._database.execute(
            "UPDATE status_entries SET value = 1 WHERE list_id = ? AND position = ?",
            (entry.list_id, entry.position),
        )
        self._database.execute(
            "UPDATE status_lists SET changes = changes + 1 WHERE list_id = ?", (entry.list_id,)
        )

    def exists(self, list_id: str) -> bool:
        """Whether this is a list of ours."""
        return bool(
            self._database.execute("SELECT 1 FROM status_lists WHERE list_id = ?", (list_id,))
        )

    def published(self, list_id: str, form: str) -> Published | None:
        """What is public of this list by one form."""
        rows = self._database.execute(
            "SELECT content, issued_at, expires_at,"
            " publications.changes = status_lists.changes AS is_current"
            " FROM publications JOIN status_lists USING (list_id)"
            " WHERE list_id = ? AND form = ?",
            (list_id, form),
        )
        return Published(**{**rows[0], "is_current": bool(rows[0]["is_current"])}) if rows else None

    def lease(self, list_id: str, form: str, *, until: int, now: int) -> int | None:
        """Become its only publisher by this form; the fencing number, or None: another is."""
        rows = self._database.execute(
            "INSERT INTO publishers (list_id, form, lease_until, fence) VALUES (?,?,?,1)"
            " ON CONFLICT (list_id, form) DO UPDATE"
            " SET lease_until = excluded.lease_until, fence = publishers.fence + 1"
            " WHERE publishers.lease_until <= ? RETURNING fence",
            (list_id, form, until, now),
        )
        return int(rows[0]["fence"]) if rows else None

    def release(self, list_id: str, form: str, fence: int) -> None:
        """Let the next publisher in at once."""
        self._database.execute(
            "UPDATE publishers SET lease_until = 0 WHERE list_id = ? AND form = ? AND fence = ?",
            (list_id, form, fence),
        )

    def snapshot(self, list_id: str) -> Snapshot:
        """All set positions and the count of changes, of one and the same moment."""
        rows = self._database.execute(
            "SELECT purpose, size, changes, position FROM status_lists LEFT JOIN status_entries"
            " ON status_entries.list_id = status_lists.list_id AND value = 1"
            " WHERE status_lists.list_id = ? ORDER BY position",
            (list_id,),
        )
        positions = tuple(row["position"] for row in rows if row["position"] is not None)
        return Snapshot(rows[0]["purpose"], rows[0]["size"], rows[0]["changes"], positions)

    def publish(
        self, list_id: str, form: str, version: Version, *, fence: int, changes: int
    ) -> bool:
        """Make a version public; False when a later publisher holds the fence by now.

        A version that knows fewer changes than the public one is refused.
        """
        return bool(
            self._database.execute(
                "INSERT INTO publications"
                " (list_id, form, version, changes, content, issued_at, expires_at)"
                " SELECT list_id, form, 1, ?, ?, ?, ? FROM publishers"
                " WHERE list_id = ? AND form = ? AND fence = ?"
                " ON CONFLICT (list_id, form) DO UPDATE SET"
                " version = publications.version + 1,"
                " changes = excluded.changes, content = excluded.content,"
                " issued_at = excluded.issued_at, expires_at = excluded.expires_at"
                " WHERE excluded.changes >= publications.changes RETURNING version",
                (
                    changes,
                    version.content,
                    version.issued_at,
                    version.expires_at,
                    list_id,
                    form,
                    fence,
                ),
            )
        )
