"""Reading cells with an amount in a declared notation: exact cents, or refused."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from issuer.debts.notation import CellRefusedError
from issuer.debts.sections import Amounts

# A double holds 15 significant digits of what was typed; the rest is noise of adding up.
_TYPED_DIGITS: Final = ".15g"
# Few amounts come back often; to look for the others among many takes longer than to read them.
_REMEMBERED: Final = 1_024
# Lengths of one to thirteen digits with a decimal sign and two more.
_PLAIN: Final = range(4, 17)


def amount_reader(amounts: Amounts) -> Callable[[Any], int]:
    """A reader of amounts, giving signed cents; exact, or refused."""
    maximum = amounts.maximum_euros * 100
    from_text = _text_amount_reader(amounts)
    whole_cents = amounts.unit == "cent"

    @lru_cache(_REMEMBERED, typed=True)
    def read(cell: Any) -> int:
        if isinstance(cell, str):
            text = cell.strip(" ")
            cents = from_text(text) if text else _empty_amount(amounts)
        else:
            cents = _empty_amount(amounts) if cell is None else _number_in_cents(cell, whole_cents)
        if abs(cents) > maximum:
            raise CellRefusedError("amount_range")
        return cents

    return read


def amounts_reader(amounts: Amounts) -> Callable[[Sequence[Any]], list[int]]:
    """A reader of many amounts at once: what `amount_reader` gives for each, or raises for one."""
    read = amount_reader(amounts)
    decimal = amounts.decimal if amounts.unit == "euro" else None
    if decimal is None:
        return lambda cells: list(map(read, cells))
    maximum = amounts.maximum_euros * 100
    are_plain = re.compile(f"(?:[0-9]{{1,13}}{re.escape(decimal)}[0-9]{{2}}\n)+").fullmatch

    def read_all(cells: Sequence[Any]) -> list[int]:
        # By far the most are written so; one by one they would take four times as long.
        with suppress(TypeError):  # Not all of them are texts.
            text = "\n".join((*cells, ""))
            cents = list(map(int, text.replace(decimal, "").split())) if are_plain(text) else []
            if len(cents) == len(cells) and max(cents) <= maximum:
                return cents
        return list(map(read, cells))

    return read_all


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
    fullmatch = re.compile(_amount_pattern(amounts)).fullmatch
    unsigned = _currency_sign_remover(amounts.currency_sign) if amounts.currency_sign else None
    thousands = amounts.thousands or " "
    factor = 1 if amounts.unit == "cent" else 100

    decimal = amounts.decimal if amounts.unit == "euro" else None

    def read(text: str) -> int:
        # By far the most are written so; the pattern would take as well, in three times the time.
        if text[-3:-2] == decimal and text.isascii():
            digits = text[:-3] + text[-2:]
            if digits.isdecimal() and len(text) in _PLAIN:
                return int(digits)
        match = fullmatch(unsigned(text) if unsigned else text)
        if match is None:
            raise CellRefusedError("amount_notation")
        whole, part, minus = match.group("whole", "cents", "minus")
        cents = int(whole.replace(thousands, "")) * factor + int(part or 0)
        return -cents if minus else cents

    return read


def _currency_sign_remover(sign: str) -> Callable[[str], str]:
    """Take away one currency sign at either end, inside or outside the minus."""
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
