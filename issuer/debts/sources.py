"""The kinds of sources that debts come from: one line for each.

A municipality's own kind needs no line: its dialect names the class, `python:package.module:Class`.
"""

from contextlib import AbstractContextManager
from typing import Final, Protocol

from issuer.debts.csv import CsvSource
from issuer.debts.database import DatabaseSource
from issuer.debts.dialect import Dialect
from issuer.debts.fcid import FcidSource
from issuer.debts.origin import Origin
from issuer.debts.own import OwnSource
from issuer.debts.rest import RestSource
from issuer.debts.sql import SqliteSource
from issuer.debts.table import Table
from issuer.debts.xlsx import XlsxSource


class DebtSource(Protocol):
    """One delivery of debts.

    Every method raises FileRefusedError where the delivery is not what the dialect declares, and
    SourceUnreachableError where there is no whole delivery; ConfigurationError for our own fault.
    """

    def __init__(self, origin: Origin, dialect: Dialect) -> None:
        """Say where the delivery is and how it is written; nothing is fetched yet."""

    def digest(self) -> str:
        """What identifies the delivery, in hex; "" where that is not known before it is read."""
        ...

    def table(self) -> AbstractContextManager[Table]:
        """The delivery, row by row; it is whole only when all rows were read without an error."""
        ...


SOURCES: Final[dict[str, type[DebtSource]]] = {
    "csv": CsvSource,
    "xlsx": XlsxSource,
    "sql": SqliteSource,
    "database": DatabaseSource,
    "rest": RestSource,
    "fcid": FcidSource,
}


def open_source(origin: Origin, dialect: Dialect) -> DebtSource:
    """The delivery at `origin`, read as `dialect` declares."""
    if dialect.file.is_own:
        return OwnSource(origin, dialect)
    return SOURCES[dialect.file.kind](origin, dialect)
