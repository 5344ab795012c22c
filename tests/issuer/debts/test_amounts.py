"""Amounts: one declared notation, exact cents, and nothing that could be read another way."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.debts.amounts import amount_reader, optional_amount_reader
from issuer.debts.notation import CellRefusedError
from issuer.debts.sections import Amounts

DUTCH = Amounts(decimal=",", thousands=".")
ENGLISH = Amounts(decimal=".", thousands=",")
WORKBOOK = Amounts()


def refused(amounts, cell):
    with pytest.raises(CellRefusedError) as caught:
        amount_reader(amounts)(cell)
    return caught.value.code


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("1.234,56", 123456),
        ("1234,56", 123456),
        ("1.345.678,90", 134567890),
        ("0,05", 5),
        ("0", 0),
        ("-0", 0),
        ("12", 1200),
        (" 12,50 ", 1250),
        ("-100,00", -10000),
    ],
)
def test_N01_an_amount_in_the_declared_notation_is_read(cell, cents):
    assert amount_reader(DUTCH)(cell) == cents


@pytest.mark.parametrize(
    "cell",
    [
        "1,234.56",
        "1234.56",
        "1.234",
        "12.34,56",
        "1.23.456,00",
        ".123,00",
        "12,5",
        "0,005",
        "1e400",
        "1e2",
        "NaN",
        "inf",
        "١٢",
        "1 234,00",
        "1\u00a0234,00",
        "€ 12,50",
        "12,50-",
        "(12,50)",
        "--1,00",
        "- 1,00",
        "+1,00",
        "",
        "12,50 EUR",
        "99999999999999999",
    ],
)
def test_N01_what_is_written_otherwise_is_refused(cell):
    assert refused(DUTCH, cell) == "amount_notation"


def test_N01_an_absurd_amount_is_refused():
    assert amount_reader(DUTCH)("10.000.000,00") == 1_000_000_000
    assert refused(DUTCH, "10.000.000,01") == "amount_range"


def test_N01_the_same_text_means_another_amount_in_another_dialect():
    assert amount_reader(ENGLISH)("1,234.56") == 123456
    assert refused(ENGLISH, "1.234,56") == "amount_notation"


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("€ 12,50", 1250),
        ("€12,50", 1250),
        ("12,50 €", 1250),
        ("€\u00a01.000,00", 100000),
        ("-€ 5,00", -500),
        ("€ -5,00", -500),
        ("5,00", 500),
    ],
)
def test_a_declared_currency_sign_may_stand_at_either_end(cell, cents):
    assert amount_reader(Amounts(decimal=",", thousands=".", currency_sign="€"))(cell) == cents


@pytest.mark.parametrize("cell", ["$ 5,00", "€ € 5,00", "€ 5,00 €", "5€,00", "EUR 5,00", "€"])
def test_another_or_a_second_currency_sign_is_refused(cell):
    amounts = Amounts(decimal=",", currency_sign="€")
    assert refused(amounts, cell) == "amount_notation"


def test_a_minus_stands_where_it_is_declared_to_stand():
    trailing = Amounts(decimal=",", negative="trailing")
    assert amount_reader(trailing)("40,00-") == -4000
    assert refused(trailing, "-40,00") == "amount_notation"
    parentheses = Amounts(decimal=",", negative="parentheses", currency_sign="€")
    assert amount_reader(parentheses)("(€ 40,00)") == -4000
    assert amount_reader(parentheses)("40,00") == 4000
    assert refused(parentheses, "(40,00") == "amount_notation"


def test_text_in_cents_is_whole():
    assert amount_reader(Amounts(unit="cent"))("49390") == 49390
    assert refused(Amounts(unit="cent"), "493,90") == "amount_notation"
    assert amount_reader(Amounts(unit="cent", thousands="."))("1.234") == 1234


def test_an_empty_amount_is_zero_only_where_declared():
    assert amount_reader(Amounts(decimal=",", empty_is_zero=True))("") == 0
    assert refused(DUTCH, None) == "amount_notation"
    assert optional_amount_reader(DUTCH)("") is None


def test_an_instalment_is_never_negative():
    with pytest.raises(CellRefusedError, match="amount_negative"):
        optional_amount_reader(DUTCH)("-1,00")


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        (3817.73, 381773),
        (3817.7300000000005, 381773),
        (0.1 + 0.2, 30),
        (3000, 300000),
        (-40.0, -4000),
        (Decimal("12.50"), 1250),
        (8534.4, 853440),
    ],
)
def test_a_number_of_a_workbook_is_exact_cents(cell, cents):
    assert amount_reader(WORKBOOK)(cell) == cents


@pytest.mark.parametrize("cell", [12.345, 0.005, 1e-9])
def test_a_number_that_is_no_whole_cent_is_refused_and_not_rounded(cell):
    assert refused(WORKBOOK, cell) == "amount_cents"


@pytest.mark.parametrize("cell", [float("nan"), float("inf"), True, "12,50", b"12", object()])
def test_what_is_no_number_of_a_workbook_is_refused(cell):
    assert refused(WORKBOOK, cell) == "amount_notation"


def test_a_database_of_cents_gives_whole_numbers():
    cents = Amounts(unit="cent")
    assert amount_reader(cents)(-5511) == -5511
    assert amount_reader(cents)(5511.0) == 5511
    assert refused(cents, 55.11) == "amount_cents"


@given(st.integers(-999_999_999, 999_999_999))
def test_every_amount_survives_being_written(cents):
    euros, rest = divmod(abs(cents), 100)
    grouped = f"{euros:,}".replace(",", ".")
    sign = "-" if cents < 0 else ""
    assert amount_reader(DUTCH)(f"{sign}{grouped},{rest:02}") == cents
    assert amount_reader(DUTCH)(f"{sign}{euros},{rest:02}") == cents
    assert amount_reader(WORKBOOK)(cents / 100) == cents


@given(st.text(alphabet="0123456789.,-€ ()", max_size=12))
def test_two_notations_never_both_read_a_text_with_cents_differently(text):
    """A text with a decimal sign is right in one notation at most."""
    found = []
    for amounts in (DUTCH, ENGLISH):
        try:
            found.append(amount_reader(amounts)(text))
        except CellRefusedError:
            continue
    assert len(set(found)) <= 1
