"""The kinds of files that a municipality can hand over: one line for each."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from issuer.debts.csv import open_csv
from issuer.debts.dialect import Dialect
from issuer.debts.sql import open_sql
from issuer.debts.table import Table
from issuer.debts.xlsx import open_xlsx

Opener = Callable[[Path, Dialect], AbstractContextManager[Table]]

SOURCES: Final[dict[str, Opener]] = {
    "csv": open_csv,
    "xlsx": open_xlsx,
    "sql": open_sql,
}
