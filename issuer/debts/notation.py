"""Reading single cells: BSNs, numbers, texts and words (see also amounts and dates).

A reader takes one cell and gives its value, or raises CellRefusedError with a code of
`issuer.debts.report.REASONS`. Cells of text files are str; workbooks and databases give numbers
and dates as such. Readers remember the texts that they have read: the same ones come back often.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import stdnum.iban
import stdnum.nl.bsn

Reader = Callable[[Any], Any]
REMEMBERED: Final = 65_536
MAXIMUM_TEXT: Final = 200
MAXIMUM_REFERENCE: Final = 100
_BSN_DIGITS: Final = 9
_SHORTEST_BSN: Final = 7
# Control characters, line separators, direction overrides and noncharacters break what is signed.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_WHOLE_NUMBER: Final = re.compile("[0-9]{1,6}")
_OIN: Final = re.compile("[0-9]{20}")


class CellRefusedError(Exception):
    """A cell is not what the dialect declares; `code` is a key of REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text(cell: Any) -> str:
    """A text of at most 200 characters without control characters; "" for an empty cell."""
    value = cell.strip(" ") if isinstance(cell, str) else _as_text(cell)
    if len(value) > MAXIMUM_TEXT or (not value.isprintable() and _UNPRINTABLE.search(value)):
        raise CellRefusedError("text")
    return value


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    raise CellRefusedError("text")


def reference(cell: Any) -> str | None:
    """A number or mark of at most 100 characters; None for an empty cell."""
    value = text(cell)
    if len(value) > MAXIMUM_REFERENCE:
        raise CellRefusedError("text")
    return value or None


def optional_text(cell: Any) -> str | None:
    """As `text`; None for an empty cell."""
    return text(cell) or None


class _Remembered(dict[Any, str]):
    """What was read by cell. With many different cells `lru_cache` takes twice as long."""

    def __init__(self, read: Callable[[Any], str]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Any) -> str:
        value = self._read(cell)
        if len(self) >= REMEMBERED:
            self.clear()
        self[cell] = value
        return value


def bsn_reader(*, restore_leading_zeros: bool) -> Callable[[Any], str]:
    """A reader of BSNs: nine digits that pass the eleven test (python-stdnum)."""

    def read(cell: Any) -> str:
        digits = text(cell)
        if not digits:
            raise CellRefusedError("bsn_missing")
        if restore_leading_zeros and len(digits) >= _SHORTEST_BSN:
            digits = digits.zfill(_BSN_DIGITS)
        if len(digits) != _BSN_DIGITS or not (digits.isascii() and digits.isdecimal()):
            raise CellRefusedError("bsn_notation")
        # `is_valid` looks at the digits once more, which takes twice as long again.
        if not int(digits) or stdnum.nl.bsn.checksum(digits):
            raise CellRefusedError("bsn_eleven_test")
        return digits

    return _Remembered(read).__getitem__


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
    """The currency code EUR, so written; everything else is refused."""
    if text(cell) != "EUR":
        raise CellRefusedError("currency")


def word_reader(words: dict[str, Any], code: str) -> Reader:
    """A reader of one of `words`; another one is refused with `code`.

    A source that knows yes and no as such has the words `true` and `false`.
    """

    @lru_cache(REMEMBERED, typed=True)
    def read(cell: Any) -> Any:
        word = str(cell).lower() if isinstance(cell, bool) else text(cell)
        if word not in words:
            raise CellRefusedError(code)
        return words[word]

    return read
