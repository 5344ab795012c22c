"""The newest scheme that a service found good, in its database: for its workers and restarts."""

from typing import Final

from vckit.database import Database
from vckit.trust.keeper import Kept

MIGRATION: Final = """
CREATE TABLE schemes (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    version INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT;
"""
_KEEP: Final = """
INSERT INTO schemes (only, version, content) VALUES (1, ?, ?)
ON CONFLICT (only) DO UPDATE SET version = excluded.version, content = excluded.content
WHERE excluded.version >= schemes.version
"""


class DatabaseMemory:
    """`Memory` of a service whose migrations hold MIGRATION; the version never goes down."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> Kept | None:
        """Give the newest that was kept."""
        for row in self._database.execute("SELECT version, content FROM schemes"):
            return Kept(int(row["version"]), bytes(row["content"]))
        return None

    def keep(self, kept: Kept) -> None:
        """Keep it, unless a newer one is kept already."""
        self._database.execute(_KEEP, (kept.version, kept.content))
