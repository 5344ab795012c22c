"""XLSX: amounts are numbers, days are dates, everything else is a text and never a formula."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import xlsxwriter

from verifier.export import cells
from verifier.export.columns import (
    AGE_COLUMNS,
    DEBT_COLUMNS,
    TOTALS,
    Column,
    Row,
    Value,
    debts,
    organisations,
    unchecked,
)
from verifier.export.content import NO_DEBT_ACKNOWLEDGED, Content

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# No file of it is ever on a disk, and no text is read as anything else.
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_ORGANISATION_COLUMNS: Final = (
    Column("Opgegeven door"),
    Column("Opgegeven door OIN"),
    Column("Stand van zaken"),
    Column("Bijzonderheden"),
    Column("Peildatum", "day"),
    Column("Bewijs"),
    *AGE_COLUMNS,
)
_FINDING_COLUMNS: Final = (Column("Organisatie"), Column("Wat ons opviel"), *AGE_COLUMNS)
_WIDEST: Final = 60
# What a cell can hold, and the year in which its calendar begins.
_LONGEST: Final = 32_000
_FIRST_YEAR: Final = 1901
_AT_LEAST: Final = {"outstanding": "complete", "due": "due", "arrears": "due"}


def workbook(content: Content) -> bytes:
    """Sheets: the totals, the debts, what is not checked, the organisations, what was found."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        # The only clock in it is the one of the overview.
        moment = datetime.fromtimestamp(content.made_at, UTC).replace(tzinfo=None)
        book.set_properties({"title": "Overzicht van schulden", "created": moment})
        sheets = _Sheets(book)
        sheets.pairs("Overzicht", _summary(content))
        columns = (*DEBT_COLUMNS, *AGE_COLUMNS)
        sheets.table("Schulden", columns, debts(content))
        sheets.table("Niet gecontroleerd", columns, unchecked(content))
        sheets.table("Organisaties", _ORGANISATION_COLUMNS, organisations(content))
        sheets.table("Wat ons opviel", _FINDING_COLUMNS, _findings(content))
    return file.getvalue()


def _summary(content: Content) -> Iterator[tuple[str, Value]]:
    person = content.report["person"]
    yield "Overzicht van schulden", ""
    yield "Gemaakt door", cells.text(content.made_by.name)
    yield "Gemaakt op", content.made.date()
    yield "Oudste peildatum", content.oldest
    yield "Volledigheid", content.completeness
    if person:
        yield "Naam", cells.text(f"{person['given_name']} {person['family_name']}")
        yield "Geboren", cells.text(person["birthdate"])
        yield "Persoon vastgesteld", "ja" if person["established"] else "nee"
    for column, name in TOTALS.items():
        known = content.complete if name == "outstanding" else not content.due_is_minimal
        at_least = "" if known or name not in _AT_LEAST else " (ten minste)"
        yield column + at_least, cells.cents(content.report["totals"].get(name))
    yield "Totaal niet gecontroleerd", content.unchecked
    yield "Let op", NO_DEBT_ACKNOWLEDGED


def _findings(content: Content) -> Iterator[Row]:
    for finding in content.report["findings"]:
        yield {
            "Organisatie": cells.text(finding["organisation"]),
            "Wat ons opviel": cells.text(finding["text"]),
            "Overzicht gemaakt op": content.made.date(),
            "Oudste peildatum": content.oldest,
            "Volledigheid": content.completeness,
        }


class _Sheets:
    """Writes sheets of one workbook; every cell by its own kind."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._amount = book.add_format({"num_format": "#,##0.00"})
        self._day = book.add_format({"num_format": "dd-mm-yyyy", "align": "left"})
        self._head = book.add_format({"bold": True, "bottom": 1})

    def pairs(self, name: str, rows: Iterable[tuple[str, Value]]) -> None:
        """A sheet of names with their values."""
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, _WIDEST)
        for number, (label, value) in enumerate(rows):
            sheet.write_string(number, 0, label, self._head if number == 0 else None)
            self._write(sheet, number, 1, value)

    def table(self, name: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """A sheet with a head and a row for each of `rows`, also where there is none."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.name, self._head)
            sheet.set_column(place, place, max(12, len(column.name) + 2))
        last = 0
        for last, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                self._write(sheet, last, place, row.get(column.name))
        sheet.autofilter(0, 0, last, len(columns) - 1)

    def _write(self, sheet: Any, row: int, place: int, value: Value) -> None:
        if isinstance(value, int):
            sheet.write_number(row, place, value / 100, self._amount)
        elif isinstance(value, date) and value.year >= _FIRST_YEAR:
            sheet.write_datetime(row, place, value, self._day)
        elif value:
            sheet.write_string(row, place, str(value)[:_LONGEST])
