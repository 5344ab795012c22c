"""Any database that SQLAlchemy speaks with: read only, by the declared query. Door to SQLAlchemy.

Beside our own rollback the database is asked for a transaction that cannot write, where it knows
one; the account that is used should have no other right than to read.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from typing import Any, Final

from issuer.debts.dialect import Dialect
from issuer.debts.origin import Origin
from issuer.debts.sections import Movements
from issuer.debts.table import (
    FileRefusedError,
    Line,
    SourceUnreachableError,
    Table,
    matched,
    positions_of,
)
from vckit.errors import ConfigurationError

CONNECT_SECONDS: Final = 10
BATCH: Final = 1_000
# How the drivers call the time to connect; one that is not here keeps its own.
_CONNECT_TIME: Final[Mapping[str, str]] = {
    "postgresql+psycopg": "connect_timeout",
    "postgresql+psycopg2": "connect_timeout",
    "mysql+pymysql": "connect_timeout",
    "mysql+mysqldb": "connect_timeout",
    "mariadb+pymysql": "connect_timeout",
    "mssql+pyodbc": "timeout",
    "mssql+pymssql": "login_timeout",
    "oracle+oracledb": "tcp_connect_timeout",
    "sqlite+pysqlite": "timeout",
}
# What makes the transaction read one moment, and only read.
_READ_ONLY: Final[Mapping[str, tuple[str, ...]]] = {
    "postgresql": ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",),
    "mysql": ("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",),
    "mariadb": ("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",),
    "oracle": ("SET TRANSACTION READ ONLY",),
    "sqlite": ("PRAGMA query_only = ON", "BEGIN"),
}


class DatabaseSource:
    """The result of the query as a table; row n of the result is line n + 1."""

    def __init__(self, origin: Origin, dialect: Dialect) -> None:
        self._origin = origin
        self._dialect = dialect
        self._read = ""

    def digest(self) -> str:
        """What identifies all rows together; "" before they were read."""
        return self._read

    @contextmanager
    def table(self) -> Iterator[Table]:
        """The rows as the database gives them, and the movements of the same moment."""
        sqlalchemy = _library()
        digest = sha256()
        engine = _engine(sqlalchemy, self._origin)
        try:
            with (
                _connected(sqlalchemy, engine) as connection,
                closing(_Query(connection, digest)) as query,
            ):
                moved = self._dialect.movements
                # First and whole: some drivers give one result at a time.
                movements = list(query.movements(moved)) if moved else ()
                columns, rows = query.run(self._dialect.file.query or "")
                yield Table(matched(columns, self._dialect), rows, movements)
        finally:
            engine.dispose()
        self._read = digest.hexdigest()


def _library() -> Any:
    try:
        import sqlalchemy  # noqa: PLC0415  an extra, which not every municipality needs
    except ImportError:
        raise ConfigurationError("databases need SQLAlchemy: install the extra sources") from None
    return sqlalchemy


def _engine(sqlalchemy: Any, origin: Origin) -> Any:
    """Nothing is connected yet. The password never stands in an address that could be shown."""
    try:
        url = sqlalchemy.make_url(origin.required_address())
        secret = origin.secret()
        if secret:
            url = url.set(password=secret)
        name = url.get_dialect().name
        option = _CONNECT_TIME.get(f"{name}+{url.get_dialect().driver}")
        return sqlalchemy.create_engine(
            url,
            poolclass=sqlalchemy.pool.NullPool,
            connect_args={option: CONNECT_SECONDS} if option else {},
            hide_parameters=True,
        )
    except sqlalchemy.exc.ArgumentError:
        raise ConfigurationError("the address of the source is no database URL") from None
    except ImportError:
        raise ConfigurationError("the driver for the database of the source is absent") from None


@contextmanager
def _connected(sqlalchemy: Any, engine: Any) -> Iterator[Any]:
    try:
        connection = engine.connect()
    except sqlalchemy.exc.SQLAlchemyError:
        raise SourceUnreachableError("the database of the source cannot be reached") from None
    try:
        for statement in _READ_ONLY.get(engine.dialect.name, ()):
            connection.exec_driver_sql(statement)
        yield connection
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise _told(sqlalchemy, error) from None
    finally:
        # A connection that broke off breaks again when it is closed.
        with suppress(sqlalchemy.exc.SQLAlchemyError):
            connection.close()


def _told(sqlalchemy: Any, error: Any) -> FileRefusedError | SourceUnreachableError:
    """What the query is to blame for, or else the database; the driver's words are not repeated."""
    faulty = (
        sqlalchemy.exc.ProgrammingError,
        sqlalchemy.exc.ResourceClosedError,
        # PostgreSQL: a statement that would write (SQLSTATE 25006, 0A000).
        sqlalchemy.exc.InternalError,
        sqlalchemy.exc.NotSupportedError,
    )
    lost = getattr(error, "connection_invalidated", False)
    module = type(getattr(error, "orig", None)).__module__
    is_sqlite = module == "sqlite3" and isinstance(error, sqlalchemy.exc.OperationalError)
    if not lost and (isinstance(error, faulty) or is_sqlite):
        return FileRefusedError("a query of the dialect does not fit the database")
    return SourceUnreachableError("the database of the source broke off")


class _Query:
    """Runs the queries of a dialect and takes what they give into the digest."""

    def __init__(self, connection: Any, digest: Any) -> None:
        self._connection = connection
        self._digest = digest
        self._results: list[Any] = []

    def close(self) -> None:
        """Let go of what the server keeps for the results."""
        for result in self._results:
            result.close()

    def run(self, query: str) -> tuple[list[str], Iterator[Line]]:
        """The columns of a result and its rows, in batches from the server."""
        streaming = self._connection.execution_options(
            stream_results=True, yield_per=BATCH, no_parameters=True
        )
        result = streaming.exec_driver_sql(query)
        self._results.append(result)
        return list(result.keys()), self._lines(result)

    def movements(self, declared: Movements) -> Iterator[tuple[Any, Any, Any]]:
        """Number, kind and amount of every movement."""
        columns, rows = self.run(declared.query)
        number, kind, amount = positions_of(declared, columns)
        for _, row in rows:
            yield row[number], row[kind], row[amount]

    def _lines(self, result: Any) -> Iterator[Line]:
        line = 1
        for batch in result.partitions(BATCH):
            rows = [tuple(row) for row in batch]
            self._digest.update(repr(rows).encode())
            for row in rows:
                line += 1
                yield line, _hashable(row)


def _hashable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arrays and documents of a database are no cells: the reader of the column refuses them."""
    try:
        hash(row)
    except TypeError:
        return tuple(() if isinstance(cell, list | dict | set) else cell for cell in row)
    return row
