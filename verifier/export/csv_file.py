"""CSV by Dutch rules (RFC 4180 quoting): `;`, decimal comma, dd-mm-yyyy, UTF-8 with its mark."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Final

from verifier.export.columns import (
    AGE_COLUMNS,
    DEBT_COLUMNS,
    TOTAL_COLUMNS,
    Column,
    Row,
    Value,
    debts,
    organisations,
    totals,
    unchecked,
)
from verifier.export.content import Content

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
COLUMNS: Final = (*DEBT_COLUMNS, *TOTAL_COLUMNS, *AGE_COLUMNS)


def csv_file(content: Content) -> bytes:
    """A row for each debt and each organisation, then the totals.

    Every row carries how old the overview is and whether it is all.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    for row in _rows(content):
        writer.writerow([_cell(row.get(column.name), column) for column in COLUMNS])
    return written.getvalue().encode("utf-8-sig", "replace")


def _rows(content: Content) -> Iterator[Row]:
    yield from debts(content)
    yield from unchecked(content)
    yield from organisations(content)
    yield totals(content)


def _cell(value: Value, column: Column) -> str:
    if column.kind == "amount" and isinstance(value, int):
        return _amount(value)
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    return "" if value is None else str(value)


def _amount(cents: int) -> str:
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole},{rest:02}"
