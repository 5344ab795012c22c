"""Workbooks: the declared sheet, numbers and dates as such, formulas by their value."""

import zipfile
from datetime import datetime

import openpyxl
import pytest
from openpyxl.chart import BarChart

from issuer.debts.imports import FileRefusedError, check_file
from tests.issuer.debts.exports import ANNE, BRAM, HEADER, REFERENCE

NAMES = HEADER.split(";")
CELLS = [999291415, 1, "hond", datetime(2026, 2, 1), datetime(2026, 3, 15), 100.0, 25, 75.0, "open"]  # noqa: DTZ001  as in a workbook


@pytest.fixture
def dialect(source):
    return source(
        (
            'kind = "csv"\nencoding = "utf-8"\ndelimiter = ";"',
            'kind = "xlsx"\nsheet = "Debiteuren"',
        ),
        ('decimal = ","\nthousands = "."', ""),
        ('notation = "dd-mm-yyyy"', ""),
    )


@pytest.fixture
def workbook(tmp_path):
    def make(*rows, sheet="Debiteuren", header=NAMES):
        book = openpyxl.Workbook()
        page = book.active
        page.title = sheet
        for cells in (header, *rows):
            page.append(cells)
        path = tmp_path / "export.xlsx"
        book.save(path)
        return path

    return make


def changed(place, value):
    return [*CELLS[:place], value, *CELLS[place + 1 :]]


def test_numbers_and_dates_are_read_as_such(dialect, workbook):
    [(line, debt)] = check_file(dialect, workbook(CELLS), REFERENCE).first
    assert (line, debt.debt_number, debt.balance_cents) == (2, "1", 7500)
    assert debt.imposed_on.isoformat() == "2026-02-01"


def test_a_row_is_named_by_its_row_in_the_sheet(dialect, workbook):
    path = workbook(CELLS, [None] * 9, changed(2, "kat"), changed(5, 100.005))
    assert check_file(dialect, path, REFERENCE).report.reasons == [
        (4, "kind of claim is unknown"),
        (5, "amount is not in whole cents"),
    ]


def test_cells_that_are_left_out_at_the_end_are_empty(dialect, workbook):
    report = check_file(dialect, workbook(CELLS, CELLS[:8]), REFERENCE).report
    assert report.reasons == [(3, "stage is unknown")]


def test_text_in_a_cell_of_amounts_is_refused_unless_a_notation_is_declared(
    dialect, source, workbook
):
    path = workbook(changed(5, "€ 100,00"))
    assert check_file(dialect, path, REFERENCE).report.refused[0].code == "amount_notation"
    declaring = source(
        (
            'kind = "csv"\nencoding = "utf-8"\ndelimiter = ";"',
            'kind = "xlsx"\nsheet = "Debiteuren"',
        ),
        ('thousands = "."', 'thousands = "."\ncurrency_sign = "€"'),
    )
    assert check_file(declaring, path, REFERENCE).report.good == 1


def test_a_formula_without_a_stored_value_is_no_amount(dialect, workbook):
    assert check_file(dialect, workbook(changed(7, "=F2-G2")), REFERENCE).report.good == 0


def test_another_sheet_is_refused_by_the_declared_name(dialect, workbook):
    with pytest.raises(FileRefusedError, match="no sheet Debiteuren"):
        check_file(dialect, workbook(CELLS, sheet="Blad1"), REFERENCE)


def test_a_sheet_with_a_chart_only_has_no_rows(dialect, tmp_path):
    book = openpyxl.Workbook()
    book.create_chartsheet("Debiteuren").add_chart(BarChart())
    path = tmp_path / "export.xlsx"
    book.save(path)
    with pytest.raises(FileRefusedError, match="Debiteuren"):
        check_file(dialect, path, REFERENCE)


def test_a_missing_column_is_named(dialect, workbook):
    with pytest.raises(FileRefusedError, match="lacks the column fase"):
        check_file(dialect, workbook(CELLS[:8], header=NAMES[:8]), REFERENCE)


def test_an_empty_sheet_is_refused(dialect, workbook):
    with pytest.raises(FileRefusedError, match="empty"):
        check_file(dialect, workbook(header=()), REFERENCE)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"bsn;nummer\r\n", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_workbook_is_refused(dialect, tmp_path, content):
    path = tmp_path / "export.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileRefusedError, match="no workbook"):
        check_file(dialect, path, REFERENCE)


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"]
)
def test_a_damaged_workbook_is_refused(dialect, workbook, tmp_path, part):
    whole, broken = workbook(CELLS), tmp_path / "broken.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if name == part else content)
    with pytest.raises(FileRefusedError, match="damaged"):
        check_file(dialect, broken, REFERENCE)


def test_a_workbook_that_unpacks_without_end_is_refused(dialect, workbook, monkeypatch):
    monkeypatch.setattr("issuer.debts.xlsx.MAXIMUM_UNPACKED", 1_000)
    with pytest.raises(FileRefusedError, match="larger"):
        check_file(dialect, workbook(CELLS), REFERENCE)


def test_joint_debtors_name_each_other(source, workbook):
    joint = source(
        (
            'kind = "csv"\nencoding = "utf-8"\ndelimiter = ";"',
            'kind = "xlsx"\nsheet = "Debiteuren"',
        ),
        ('decimal = ","\nthousands = "."', ""),
        ('notation = "dd-mm-yyyy"', ""),
        ('bsn = "bsn"', 'bsn = "bsn"\nco_debtor = "mede"'),
    )
    header = (*NAMES, "mede")
    pair = [[*CELLS, int(BRAM)], [int(BRAM), *CELLS[1:], int(ANNE)]]
    assert check_file(joint, workbook(*pair, header=header), REFERENCE).report.good == 2
    one_way = [[*CELLS, int(BRAM)], [int(BRAM), *CELLS[1:], None]]
    report = check_file(joint, workbook(*one_way, header=header), REFERENCE).report
    assert (report.good, [row.code for row in report.refused]) == (0, ["conflict", "conflict"])
