"""An encrypted SQLite file as `vckit.database.Database`. Door to sqlcipher3 and sqlite_utils.

Settings: security.md "SQLite settings". The file is made by `create_database` only: a file that
is gone is a failure, since an empty database would know no used code and no revoked credential.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlcipher3 import dbapi2

from vckit.adapters.private_files import KEY_BYTES, require_local, require_private
from vckit.database import Row, StorageUnavailableError
from vckit.errors import ConfigurationError, KitError

if TYPE_CHECKING:
    import sqlite_utils

BUSY_MILLISECONDS: Final = 5_000
# Below it, two writing processes can corrupt a WAL database (sqlite.org, WAL-reset bug).
MINIMUM_VERSION: Final = (3, 51, 3)
PRAGMAS: Final = (
    f"busy_timeout = {BUSY_MILLISECONDS}",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "mmap_size = 0",
    # In KiB: a large import would write pages, and read and decrypt them again.
    "cache_size = -32768",
    "journal_size_limit = 16777216",
)
# By SQLite's result code (sqlite.org/rescode.html). SQLCipher cannot tell a wrong key from damage.
SURROUNDINGS: Final = {
    "SQLITE_BUSY": "the database is locked by another process",
    "SQLITE_LOCKED": "the database is locked by another process",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_NOTADB": "the database is damaged or has another key",
    "SQLITE_CORRUPT": "the database is damaged",
    "SQLITE_READONLY": "the database cannot be written",
    "SQLITE_CANTOPEN": "the database cannot be opened",
    "SQLITE_IOERR": "the disk fails",
    "SQLITE_NOMEM": "there is no memory left",
    "SQLITE_PROTOCOL": "the database is locked by another process",
}


class SqliteDatabase:
    """One file, safe for several threads and processes: each thread has its own connection.

    A connection does not survive a fork: the child opens its own.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._inode = _inode(path)
        self._local = _Local()

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Run one statement and give all its rows; outside a transaction it commits at once.

        Raises StorageUnavailableError when the database is locked, full, damaged or replaced.
        """
        connection = self.connection
        with _storage_errors():
            cursor = connection.execute(sql, tuple(parameters))
            rows = cursor.fetchall()
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def insert_all(self, table: str, rows: Iterable[Row]) -> None:
        """Add many rows of one shape in bulk: all of them or none.

        One prepared statement: sqlite_utils takes as long again as SQLite itself. Raises
        StorageUnavailableError as `execute` does. `table` and its columns have names of our own.
        """
        each = iter(rows)
        first = next(each, None)
        if first is None:
            return
        names = tuple(first)
        pick = itemgetter(*names) if len(names) > 1 else _alone(names[0])
        values = map(pick, chain([first], each))
        places = ", ".join("?" * len(names))
        statement = f"insert into {table} ({', '.join(names)}) values ({places})"  # noqa: S608  see above
        with self.transaction(), _storage_errors():
            self.connection.executemany(statement, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements inside stand or fall together; writers wait for each other.

        An inner transaction joins the outer one. Once anything inside failed, the whole can
        only be rolled back, also when the outer block swallowed the failure.
        """
        local = self._local
        if local.depth:
            yield from _joined(local)
            return
        connection = self.connection
        with _storage_errors():
            connection.execute("BEGIN IMMEDIATE")
        local.depth, local.failed = 1, False
        try:
            yield
            _commit(connection, failed=local.failed)
        finally:
            local.depth = 0
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    @property
    def connection(self) -> Any:
        """This thread's sqlcipher3 connection, for bulk work inside `transaction`."""
        if self._inode != _inode(self._path):
            raise StorageUnavailableError("the database file was replaced while it was in use")
        local = self._local
        if local.connection is None or local.process != os.getpid():
            local.inherited = local.connection
            local.connection, local.process = _connect(self._path, self._key), os.getpid()
            local.depth = 0
        return local.connection

    def administration(self) -> "sqlite_utils.Database":
        """The same file by sqlite_utils, for imports and inspection (220 ms to import)."""
        import sqlite_utils  # noqa: PLC0415  a check of one file should not wait for it

        return sqlite_utils.Database(self.connection)

    def close(self) -> None:
        """Close this thread's connection; the next statement opens a new one."""
        if self._local.connection is not None and self._local.process == os.getpid():
            self._local.connection.close()
        self._local.connection = None


class _Local(threading.local):
    """What one thread holds; `process` tells whether it was opened before a fork."""

    connection: Any = None
    # Closing in the child what the parent opened would touch the parent's locks and WAL.
    inherited: Any = None
    process: int = 0
    depth: int = 0
    failed: bool = False


def open_database(path: Path, key: bytes, *, migrations: Sequence[str]) -> SqliteDatabase:
    """Open an existing database, check it whole and bring it to the schema of `migrations`.

    `key` is 32 raw bytes. `migrations` are SQL scripts; their number is the schema's version.
    Raises ConfigurationError (absent, mode wider than 0600, newer schema, network file system)
    or StorageUnavailableError (locked, damaged, another key).
    """
    _require_version()
    require_private(path, "the database")
    require_local(path)
    database = SqliteDatabase(path, key)
    _quick_check(database)
    _migrate(database, migrations)
    return database


def create_database(path: Path, key: bytes, migrations: Sequence[str]) -> SqliteDatabase:
    """Make a new database with mode 0600; an existing file is refused (ConfigurationError)."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise ConfigurationError("the database exists already") from None
    except OSError:
        raise ConfigurationError("the database cannot be made in its folder") from None
    try:
        return open_database(path, key, migrations=migrations)
    except KitError:
        path.unlink()
        raise


def _connect(path: Path, key: bytes) -> Any:
    if len(key) != KEY_BYTES:
        raise ConfigurationError("the database key is not 32 bytes")
    with _storage_errors():
        connection = dbapi2.connect(
            f"{path.resolve().as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            timeout=BUSY_MILLISECONDS / 1000,
            check_same_thread=False,
        )
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    return connection


def _alone(name: str) -> Callable[[Row], tuple[object]]:
    return lambda row: (row[name],)


def _commit(connection: Any, *, failed: bool) -> None:
    if failed:
        raise RuntimeError("a part of this transaction failed before")
    with _storage_errors():
        connection.execute("COMMIT")


def _joined(local: _Local) -> Iterator[None]:
    try:
        yield
    except BaseException:
        local.failed = True
        raise


@contextmanager
def _storage_errors() -> Iterator[None]:
    """Translate what the surroundings do to a database; errors of our own SQL pass as they are."""
    try:
        yield
    except dbapi2.DatabaseError as error:
        sentence = _surroundings(error)
        if not sentence:
            raise
        raise StorageUnavailableError(sentence) from None


def _surroundings(error: Exception) -> str:
    """Tell in a fixed sentence what the surroundings did; "" when it is our own statement."""
    name = str(getattr(error, "sqlite_errorname", ""))
    for prefix, sentence in SURROUNDINGS.items():
        if name.startswith(prefix):
            return sentence
    return ""


def _inode(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = os.stat(path)  # noqa: PTH116  three times faster, and done for every statement
        return found.st_dev, found.st_ino
    return None


def _require_version() -> None:
    if dbapi2.sqlite_version_info < MINIMUM_VERSION:
        raise ConfigurationError("SQLite is older than 3.51.3")


def _quick_check(database: SqliteDatabase) -> None:
    rows = database.execute("PRAGMA quick_check(1)")
    if [list(row.values()) for row in rows] != [["ok"]]:
        raise StorageUnavailableError("the database is damaged")


def _migrate(database: SqliteDatabase, migrations: Sequence[str]) -> None:
    if _schema_version(database) == len(migrations):
        return
    with database.transaction():
        version = _schema_version(database)
        if version > len(migrations):
            raise ConfigurationError("the database was made by a newer version of this program")
        for script in migrations[version:]:
            for statement in _statements(script):
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(migrations)}")


def _schema_version(database: SqliteDatabase) -> int:
    [row] = database.execute("PRAGMA user_version")
    return int(row["user_version"])


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements; `executescript` would end the transaction around it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if dbapi2.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise ConfigurationError("a migration does not end with a semicolon")
