"""Exports as a database: a SQLite file, opened for reading only, and the declared query."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Final

from issuer.debts.dialect import Dialect
from issuer.debts.files import FileSource
from issuer.debts.sections import Movements
from issuer.debts.table import FileRefusedError, Line, Table, matched, positions_of

_SIGNATURE: Final = b"SQLite format 3\x00"


class SqliteSource(FileSource):
    """A delivery in a database in one file."""

    def _opened(self, path: Path, dialect: Dialect) -> AbstractContextManager[Table]:
        return open_sql(path, dialect)


@contextmanager
def open_sql(path: Path, dialect: Dialect) -> Iterator[Table]:
    """The result of the query as a table; line 1 is the header, row n of the result line n + 1.

    Raises FileRefusedError when the file is no database or the query does not fit it.
    """
    with path.open("rb") as handle:
        if handle.read(len(_SIGNATURE)) != _SIGNATURE:
            raise FileRefusedError("the file is no SQLite database")
    with closing(_connect(path)) as connection:
        cursor = _run(connection, dialect.file.query or "")
        columns = matched([column[0] for column in cursor.description], dialect)
        moved = dialect.movements
        yield Table(columns, _lines(cursor), _movements(connection, moved) if moved else ())


def _connect(path: Path) -> sqlite3.Connection:
    """Never written: without a journal beside it no lock or side file is made either."""
    journal = path.with_name(f"{path.name}-wal")
    mode = "mode=ro" if journal.exists() else "mode=ro&immutable=1"
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    # The query and the one for the movements must tell of the same moment.
    connection.isolation_level = None
    connection.execute("BEGIN")
    return connection


def _run(connection: sqlite3.Connection, query: str) -> sqlite3.Cursor:
    try:
        cursor = connection.execute(query)
    except (sqlite3.OperationalError, sqlite3.ProgrammingError, sqlite3.Warning):
        raise FileRefusedError("a query of the dialect does not fit the database") from None
    except sqlite3.Error:
        raise FileRefusedError("the database is damaged") from None
    if cursor.description is None:
        raise FileRefusedError("a query of the dialect gives no columns")
    return cursor


def _lines(cursor: Iterator[Any]) -> Iterator[Line]:
    try:
        yield from enumerate(cursor, start=2)
    except sqlite3.Error:
        raise FileRefusedError("the database is damaged or not in UTF-8") from None


def _movements(
    connection: sqlite3.Connection, declared: Movements
) -> Iterator[tuple[Any, Any, Any]]:
    cursor = _run(connection, declared.query)
    number, kind, amount = positions_of(declared, [column[0] for column in cursor.description])
    for _, row in _lines(cursor):
        yield row[number], row[kind], row[amount]
