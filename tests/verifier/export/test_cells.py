"""Row X08: no name is ever calculated, whatever it begins with; amounts stay numbers."""

import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.vckit.statements import debt
from tests.verifier.evidence import BOXTEL, accepted
from tests.verifier.exported import content
from verifier.export import cells
from verifier.export.csv_file import csv_file
from verifier.export.workbook import workbook

HOSTILE = [
    "=1+1",
    "+31612345678",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    "\N{FULLWIDTH PLUS SIGN}1",
    "\N{FULLWIDTH COMMERCIAL AT}SUM(A1)",
    "\N{SMALL EQUALS SIGN}1",
    '"=1+1',
    "'=1+1",
    " =1+1",
    "\N{NO-BREAK SPACE}=1",
    "\N{ZERO WIDTH NO-BREAK SPACE}=1",
    "\N{RIGHT-TO-LEFT OVERRIDE}=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://kwaad.example";"klik")',
    "\t gewoon",
]
PLAIN = ["Gemeente Boxtel", "d'Hondt", "'s-Hertogenbosch", "123", "", "a=b", "€ -1", "(=1)"]


@pytest.mark.parametrize("name", HOSTILE)
def test_X08_what_might_be_calculated_gets_an_apostrophe(name):
    assert cells.text(name).startswith("'")


@pytest.mark.parametrize("name", PLAIN)
def test_X08_any_other_name_stays_as_it_is(name):
    assert cells.text(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a\r\nb", "a  b"), ("a\u202eb\u202c", "ab"), ("\ud800\uffff", "\ufffd\ufffd")],
)
def test_a_text_stays_on_one_line_and_in_its_order(name, shown):
    assert cells.text(name) == shown


def test_days_and_amounts_that_are_none_are_empty():
    assert cells.day("2026-02-30") is None
    assert cells.day(None) is cells.day(3) is None
    assert cells.day("2026-11-20T23:30:00Z") == date(2026, 11, 21)
    assert [cells.cents(one) for one in ("12", True, None)] == [None, None, None]


def exported(name):
    """A debt of which every word is `name`."""
    words = {"omschrijving": name, "zaakkenmerk": name, "vordering_kenmerk": name}
    handler = {"naam": name, "dossiernummer": name}
    creditor = {"oin": BOXTEL.oin, "naam": name}
    return content(
        accepted(
            BOXTEL, debt(1, **words, schuldeiser=creditor, in_behandeling_bij=handler, saldo=-1250)
        )
    )


def csv_rows(made):
    return list(csv.reader(io.StringIO(csv_file(made).decode("utf-8-sig")), delimiter=";"))


hostile = st.sampled_from(HOSTILE) | st.text(
    st.sampled_from("=+-@\t\r\n\x00'\" ;,") | st.characters(exclude_categories=["Cs"]),
    max_size=12,
)


@given(hostile)
@example("a;b\r\n=1")
@example('"')
@settings(max_examples=60, deadline=None)
def test_X08_no_cell_of_a_csv_is_a_formula_and_negative_amounts_stay_numbers(name):
    head, row, *others = csv_rows(exported(name))
    assert all(len(each) == len(head) for each in (row, *others))
    told = dict(zip(head, row, strict=True))
    assert told["Saldo"] == "-12,50"
    del told["Saldo"]
    for value in told.values():
        assert value[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "\x00", "\uff1d", "\uff0b"}


@given(hostile)
@settings(max_examples=40, deadline=None)
def test_X08_no_cell_of_a_workbook_is_a_formula(name):
    file = workbook(exported(name))
    book = openpyxl.load_workbook(io.BytesIO(file))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d"}
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        sheets = [one for one in parts.namelist() if one.startswith("xl/worksheets/")]
        assert sheets
        assert not any(b"<f" in parts.read(one) for one in sheets)
        assert not any("externalLink" in one or "rels/sheet" in one for one in parts.namelist())
    [balance] = [row[29] for row in book["Schulden"].iter_rows(2, values_only=True)]
    assert balance == -12.5


@pytest.mark.parametrize("name", ["_x003D_1+1", "x" * 40_000, "<f>1</f>", "http://kwaad.example"])
def test_a_workbook_takes_nothing_for_anything_but_text(name):
    book = openpyxl.load_workbook(io.BytesIO(workbook(exported(name))))
    head = [cell.value for cell in book["Schulden"][1]]
    cell = book["Schulden"][2][head.index("Omschrijving")]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.value == name[:32_000]
