"""BSNs, numbers, texts and words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.debts import notation
from issuer.debts.notation import CellRefusedError

EXACT = notation.bsn_reader(restore_leading_zeros=False)
RESTORING = notation.bsn_reader(restore_leading_zeros=True)


def refused(read, cell):
    with pytest.raises(CellRefusedError) as caught:
        read(cell)
    return caught.value.code


@pytest.mark.parametrize("cell", ["999291415", 999291415, 999291415.0, " 999291415 "])
def test_a_bsn_is_nine_digits(cell):
    assert EXACT(cell) == "999291415"


def test_leading_zeros_are_restored_only_where_declared():
    assert RESTORING(90636089) == "090636089"
    assert RESTORING("90636089") == "090636089"
    assert refused(EXACT, "90636089") == "bsn_notation"
    assert refused(RESTORING, "636089") == "bsn_notation"


@pytest.mark.parametrize("cell", ["999999991", "123456789", "999291416"])
def test_a_bsn_that_fails_the_eleven_test_is_refused(cell):
    assert refused(EXACT, cell) == "bsn_eleven_test"


@pytest.mark.parametrize(
    "cell", ["9992.91.415", "99929141a", "9992914150", "٩٩٩٢٩١٤١٥", "-99929141"]
)
def test_other_signs_than_nine_digits_are_refused(cell):
    assert refused(EXACT, cell) == "bsn_notation"


def test_nobody_is_named_by_an_empty_cell_or_by_zeros():
    assert refused(EXACT, None) == "bsn_missing"
    assert refused(EXACT, "") == "bsn_missing"
    assert refused(EXACT, "000000000") == "bsn_eleven_test"


@given(st.integers(0, 999_999_999))
def test_one_in_eleven_numbers_passes_the_test(number):
    digits = f"{number:09}"
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    if number and total % 11 == 0:
        assert EXACT(digits) == digits
    else:
        assert refused(EXACT, digits) == "bsn_eleven_test"


@pytest.mark.parametrize(
    "cell", ["de Vries, ?ucja", "d'Hondt, José", "Łucja", "1\u00a0000", 12, None]
)
def test_ordinary_texts_are_taken(cell):
    assert notation.text(cell) == ("" if cell is None else str(cell))


@pytest.mark.parametrize(
    "cell", ["a\x00b", "a\nb", "a\x85b", "a\u2028b", "a\u202eb", "\ufffe", "x" * 201]
)
def test_control_characters_and_endless_texts_are_refused(cell):
    assert refused(notation.text, cell) == "text"


@pytest.mark.parametrize("cell", [b"abc", True, 1.5, [1]])
def test_what_is_no_text_is_refused(cell):
    assert refused(notation.text, cell) == "text"


def test_a_reference_has_at_most_a_hundred_characters():
    assert notation.reference("x" * 100) == "x" * 100
    assert refused(notation.reference, "x" * 101) == "text"


def test_whole_numbers_lie_between_their_bounds():
    year = notation.whole_number_reader(1980, 2027)
    assert year("2026") == year(2026) == 2026
    assert year("") is None
    for cell in ("1979", "2028", "26", "2026.0", "-2026", "x"):
        assert refused(year, cell) == "whole_number"


def test_an_oin_has_twenty_digits():
    assert notation.oin("00000001001234567000") == "00000001001234567000"
    assert notation.oin("") is None
    assert refused(notation.oin, "1234") == "oin"


def test_an_iban_passes_its_check_digits():
    assert notation.iban("NL91 ABNA 0417 1643 00") == "NL91ABNA0417164300"
    assert notation.iban(None) is None
    assert refused(notation.iban, "NL92ABNA0417164300") == "iban"


def test_N02_only_euro_is_euro():
    notation.euro("EUR")
    for cell in ("eur", "NLG", "USD", "", "€", None):
        assert refused(notation.euro, cell) == "currency"


def test_a_word_has_to_be_declared_as_it_stands():
    read = notation.word_reader({"BESLAG": "beslag"}, "stage_unknown")
    assert read("BESLAG") == "beslag"
    assert refused(read, "beslag") == "stage_unknown"
    assert refused(read, "") == "stage_unknown"
