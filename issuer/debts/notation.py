"""Reading single cells in a declared notation: amounts to cents, dates, BSNs, numbers, texts.

A reader takes one cell and gives its value, or raises CellRefusedError with a code of
`issuer.debts.report.REASONS`. Cells of text files are str; workbooks and databases give numbers
and dates as such. Readers remember the texts that they have read: the same ones come back often.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import stdnum.iban
import stdnum.nl.bsn

from issuer.debts.dialect import Amounts, Dates

Reader = Callable[[Any], Any]
REMEMBERED: Final = 65_536
MAXIMUM_TEXT: Final = 200
_BSN_DIGITS: Final = 9
_SHORTEST_BSN: Final = 7
# Control characters, line separators, direction overrides and noncharacters break what is signed.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_TOKENS: Final = {
    "yyyy": "(?P<year>[0-9]{4})",
    "mm": "(?P<month>[0-9]{2})",
    "dd": "(?P<day>[0-9]{2})",
    "m": "(?P<month>[0-9]{1,2})",
    "d": "(?P<day>[0-9]{1,2})",
}
# A due date, a plan or a prescription can lie far ahead; what lies further is a mistake.
_FURTHEST_YEARS: Final = 40
# A double holds 15 significant digits of what was typed; the rest is noise of adding up.
_TYPED_DIGITS: Final = ".15g"
_WHOLE_NUMBER: Final = re.compile("[0-9]{1,6}")
_OIN: Final = re.compile("[0-9]{20}")


class CellRefusedError(Exception):
    """A cell is not what the dialect declares; `code` is a key of REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text(cell: Any) -> str:
    """A text of at most 200 characters without control characters; "" for an empty cell."""
    value = _as_text(cell)
    if len(value) > MAXIMUM_TEXT or _UNPRINTABLE.search(value):
        raise CellRefusedError("text")
    return value


def _as_text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell.strip(" ")
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    raise CellRefusedError("text")


def optional_text(cell: Any) -> str | None:
    """As `text`; None for an empty cell."""
    return text(cell) or None


def bsn_reader(*, restore_leading_zeros: bool) -> Callable[[Any], str]:
    """A reader of BSNs: nine digits that pass the eleven test (python-stdnum)."""

    @lru_cache(REMEMBERED)
    def read(cell: Any) -> str:
        digits = text(cell)
        if not digits:
            raise CellRefusedError("bsn_missing")
        if restore_leading_zeros and len(digits) >= _SHORTEST_BSN:
            digits = digits.zfill(_BSN_DIGITS)
        if len(digits) != _BSN_DIGITS or not (digits.isascii() and digits.isdecimal()):
            raise CellRefusedError("bsn_notation")
        if not stdnum.nl.bsn.is_valid(digits):
            raise CellRefusedError("bsn_eleven_test")
        return digits

    return read


def amount_reader(amounts: Amounts) -> Callable[[Any], int]:
    """A reader of amounts, giving signed cents; exact, or refused."""
    maximum = amounts.maximum_euros * 100
    from_text = _text_amount_reader(amounts)
    whole_cents = amounts.unit == "cent"

    @lru_cache(REMEMBERED, typed=True)
    def read(cell: Any) -> int:
        if cell is None or (isinstance(cell, str) and not cell.strip(" ")):
            return _empty_amount(amounts)
        cents = from_text(cell) if isinstance(cell, str) else _number_in_cents(cell, whole_cents)
        if abs(cents) > maximum:
            raise CellRefusedError("amount_range")
        return cents

    return read


def optional_amount_reader(amounts: Amounts) -> Callable[[Any], int | None]:
    """As `amount_reader`; an empty cell is None and an amount is never below zero."""
    read_amount = amount_reader(amounts)

    def read(cell: Any) -> int | None:
        if cell is None or cell == "":
            return None
        cents = read_amount(cell)
        if cents < 0:
            raise CellRefusedError("amount_negative")
        return cents

    return read


def _empty_amount(amounts: Amounts) -> int:
    if not amounts.empty_is_zero:
        raise CellRefusedError("amount_notation")
    return 0


def _number_in_cents(cell: Any, whole_cents: bool) -> int:  # noqa: FBT001  a reader's own setting
    """Exact: a number of euros that is no whole number of cents is refused, never rounded."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise CellRefusedError("amount_notation")
    number = Decimal(format(cell, _TYPED_DIGITS) if isinstance(cell, float) else cell)
    if not number.is_finite():
        raise CellRefusedError("amount_notation")
    cents = number if whole_cents else number * 100
    if cents != cents.to_integral_value():
        raise CellRefusedError("amount_cents")
    return int(cents)


def _text_amount_reader(amounts: Amounts) -> Callable[[str], int]:
    pattern = re.compile(_amount_pattern(amounts))
    unsigned = _currency_sign_remover(amounts.currency_sign)
    thousands = amounts.thousands or " "
    factor = 1 if amounts.unit == "cent" else 100

    def read(cell: str) -> int:
        match = pattern.fullmatch(unsigned(cell.strip(" ")))
        if match is None:
            raise CellRefusedError("amount_notation")
        cents = int(match["whole"].replace(thousands, "")) * factor + int(match["cents"] or 0)
        return -cents if match["minus"] else cents

    return read


def _currency_sign_remover(sign: str | None) -> Callable[[str], str]:
    """Take away one currency sign at either end, inside or outside the minus."""
    if sign is None:
        return str
    written, space = re.escape(sign), "[ \u00a0]?"
    ends = re.compile(f"^([-(]?){written}{space}|{space}{written}([-)]?)$")
    return lambda cell: ends.sub(r"\1\2", cell, count=1)


def _amount_pattern(amounts: Amounts) -> str:
    """Thousands stand at every third digit or nowhere, and in euros only where cents follow.

    So 1.234 is refused where the dot stands for thousands: it may as well be a decimal point.
    """
    number, grouped = "[0-9]{1,13}", None
    if amounts.thousands:
        grouped = f"[1-9][0-9]{{0,2}}(?:{re.escape(amounts.thousands)}[0-9]{{3}})+"
    if amounts.unit == "cent":
        return _with_minus(f"(?P<whole>{grouped or number}|{number})(?P<cents>)", amounts)
    if amounts.decimal is None:
        # Numbers of a workbook or database only: no text is an amount.
        return "(?!)(?P<minus>)(?P<whole>)(?P<cents>)"
    decimal = re.escape(amounts.decimal)
    whole = f"{grouped}(?={decimal})|{number}" if grouped else number
    return _with_minus(f"(?P<whole>{whole})(?:{decimal}(?P<cents>[0-9]{{2}}))?", amounts)


def _with_minus(digits: str, amounts: Amounts) -> str:
    if amounts.negative == "trailing":
        return f"{digits}(?P<minus>-)?"
    if amounts.negative == "parentheses":
        return rf"(?P<minus>\()?{digits}(?(minus)\))"
    return f"(?P<minus>-)?{digits}"


def date_reader(
    dates: Dates, reference: date, *, past: bool, earliest: date | None = None
) -> Callable[[Any], str | None]:
    """A reader of dates, giving YYYY-MM-DD, or None for an empty cell.

    `past`: the date may not lie after `reference` (plus the days that the dialect allows).
    """
    pattern = re.compile(_date_pattern(dates.notation)) if dates.notation else None
    first = earliest or dates.earliest
    allowed = reference + timedelta(days=dates.future_days)

    @lru_cache(REMEMBERED)
    def read(cell: Any) -> str | None:
        if cell is None or (isinstance(cell, str) and not cell.strip(" ")):
            return None
        day = _date_of(cell, pattern)
        if day < first or day.year > reference.year + _FURTHEST_YEARS:
            raise CellRefusedError("date_range")
        if past and day > allowed:
            raise CellRefusedError("date_future")
        return day.isoformat()

    return read


def _date_of(cell: Any, pattern: re.Pattern[str] | None) -> date:
    if isinstance(cell, datetime):
        if cell.tzinfo is not None or cell.time() != cell.time().min:
            raise CellRefusedError("date_notation")
        return cell.date()
    if isinstance(cell, date):
        return cell
    match = pattern.fullmatch(cell.strip(" ")) if pattern and isinstance(cell, str) else None
    if match is None:
        raise CellRefusedError("date_notation")
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise CellRefusedError("date_exists") from None


def _date_pattern(notation: str) -> str:
    """Every sign that is no token stands for itself."""
    parts = re.split("(yyyy|mm|dd|m|d)", notation)
    return "".join(_TOKENS.get(part, re.escape(part)) for part in parts)


def birth_date_reader(dates: Dates, reference: date) -> Callable[[Any], str | None]:
    """As `date_reader`, but a date that cannot be read is None: day or month may be unknown."""
    read_date = date_reader(dates, reference, past=True, earliest=date(1880, 1, 1))

    def read(cell: Any) -> str | None:
        try:
            return read_date(cell)
        except CellRefusedError:
            return None

    return read


def whole_number_reader(lowest: int, highest: int) -> Callable[[Any], int | None]:
    """A reader of whole numbers between two bounds; None for an empty cell."""

    @lru_cache(REMEMBERED)
    def read(cell: Any) -> int | None:
        digits = text(cell)
        if not digits:
            return None
        if not _WHOLE_NUMBER.fullmatch(digits) or not lowest <= int(digits) <= highest:
            raise CellRefusedError("whole_number")
        return int(digits)

    return read


def oin(cell: Any) -> str | None:
    """Twenty digits; None for an empty cell."""
    digits = text(cell)
    if digits and not _OIN.fullmatch(digits):
        raise CellRefusedError("oin")
    return digits or None


def iban(cell: Any) -> str | None:
    """An IBAN that passes its check digits, without spaces; None for an empty cell."""
    written = text(cell).replace(" ", "")
    if not written:
        return None
    if not stdnum.iban.is_valid(written):
        raise CellRefusedError("iban")
    return written.upper()


def euro(cell: Any) -> None:
    """A currency code that is EUR; everything else is refused."""
    if text(cell).upper() != "EUR":
        raise CellRefusedError("currency")


def word_reader(words: dict[str, Any], code: str) -> Reader:
    """A reader of one of `words`; another one is refused with `code`."""

    def read(cell: Any) -> Any:
        word = text(cell)
        if word not in words:
            raise CellRefusedError(code)
        return words[word]

    return read
