"""Dates: one declared notation, existing days, plausible years."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.debts.dates import birth_date_reader, date_reader
from issuer.debts.notation import CellRefusedError
from issuer.debts.sections import Dates

REFERENCE = date(2026, 11, 20)
DUTCH = Dates(notation="dd-mm-yyyy")


def read(cell, dates=DUTCH, *, past=True):
    return date_reader(dates, REFERENCE, past=past)(cell)


def refused(cell, dates=DUTCH, *, past=True):
    with pytest.raises(CellRefusedError) as caught:
        read(cell, dates, past=past)
    return caught.value.code


def test_N11_a_date_in_the_declared_notation_is_read():
    assert read("28-02-2026") == "2026-02-28"
    assert read(" 28-02-2026 ") == "2026-02-28"
    assert read("29-02-2024") == "2024-02-29"


@pytest.mark.parametrize("cell", ["31-02-2026", "29-02-2026", "00-01-2026", "01-13-2026"])
def test_N11_a_day_that_does_not_exist_is_refused(cell):
    assert refused(cell) == "date_exists"


@pytest.mark.parametrize(
    "cell",
    [
        "01/02/2026",
        "2026-2-1",
        "2026-02-01",
        "1-2-2026",
        "46054",
        46054,
        1_770_000_000,
        46054.0,
        "01-02-26",
        "\u0660\u0661-02-2026",
        "01-02-2026 12:00",
        True,
    ],
)
def test_N11_another_notation_and_bare_numbers_are_refused(cell):
    assert refused(cell) == "date_notation"


@pytest.mark.parametrize("cell", ["01-01-1900", "31-12-1979", "01-01-2999"])
def test_N11_an_implausible_year_is_refused(cell):
    assert refused(cell, past=False) == "date_range"


def test_N16_what_is_dated_after_the_reference_date_is_refused():
    assert read("20-11-2026") == "2026-11-20"
    assert refused("21-11-2026") == "date_future"
    assert read("21-11-2026", past=False) == "2026-11-21"


def test_N16_a_dialect_can_allow_bills_that_are_dated_ahead():
    ahead = Dates(notation="dd-mm-yyyy", future_days=31)
    assert read("21-12-2026", ahead) == "2026-12-21"
    assert refused("22-12-2026", ahead) == "date_future"


@pytest.mark.parametrize(
    ("notation", "cell"),
    [
        ("yyyy-mm-dd", "2026-02-01"),
        ("yyyymmdd", "20260201"),
        ("d-m-yyyy", "1-2-2026"),
        ("d/m/yyyy", "01/02/2026"),
        ("dd.mm.yyyy", "01.02.2026"),
        ("yyyy-mm-dd 00:00:00", "2026-02-01 00:00:00"),
    ],
)
def test_a_notation_is_made_of_day_month_and_year(notation, cell):
    assert read(cell, Dates(notation=notation)) == "2026-02-01"


def test_a_sign_of_the_notation_stands_for_itself():
    assert refused("01x02x2026", Dates(notation="dd.mm.yyyy")) == "date_notation"


@pytest.mark.parametrize("cell", [datetime(2026, 2, 1), date(2026, 2, 1)])  # noqa: DTZ001  as in a workbook
def test_a_real_date_of_a_workbook_needs_no_notation(cell):
    assert read(cell, Dates()) == "2026-02-01"


@pytest.mark.parametrize("cell", [datetime(2026, 2, 1, 9, 30), datetime(2026, 2, 1, tzinfo=UTC)])  # noqa: DTZ001  as in a workbook
def test_a_moment_is_no_date(cell):
    assert refused(cell, Dates()) == "date_notation"


def test_an_empty_date_is_not_known():
    assert read("") is None
    assert read(None) is None


def test_a_birth_date_that_is_not_known_to_the_day_is_not_known():
    born = birth_date_reader(DUTCH, REFERENCE)
    assert born("21-08-1914") == "1914-08-21"
    assert born("00-00-1974") is None
    assert born("onbekend") is None


@given(st.dates(date(1980, 1, 1), REFERENCE))
def test_every_plausible_day_survives_being_written(day):
    assert read(f"{day:%d-%m-%Y}") == day.isoformat()
