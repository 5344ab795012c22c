"""What a store needs of a database. A verb is one statement, or one transaction behind one verb."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from vckit.errors import KitError

Row = Mapping[str, Any]


class StorageUnavailableError(KitError):
    """The database cannot do it now: locked, full, unreadable or no longer its own file."""


class Database(Protocol):
    """A durable SQL database, safe to use from several threads and processes.

    Parameters are positional and written `?`; adapters translate. Every verb raises
    StorageUnavailableError when the surroundings of the database let it down.
    """

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Run one statement and give all its rows; outside a transaction it commits at once."""
        ...

    def insert_all(self, table: str, rows: Iterable[Row]) -> None:
        """Add many rows of one shape in bulk: all of them or none."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All statements inside stand or fall together; writers wait for each other."""
        ...
