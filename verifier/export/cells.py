"""How values become cells of a table, so that no name is ever taken for a formula (row X08).

One rule for CSV and XLSX alike: a text that a spreadsheet might calculate gets an apostrophe in
front, which spreadsheets read as "this is text". Amounts are numbers and stay so, below zero too.
"""

import unicodedata
from datetime import date, datetime
from typing import Any, Final

from verifier.findings import CALENDAR

_STARTS: Final = frozenset("=+-@")
# What a spreadsheet, or the program in between, may take away from the front of a cell.
_QUOTES: Final = frozenset("\"'`\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
# Embeddings, overrides and isolates: a name must not reorder what stands beside it (UAX 9, 2).
_REORDERING: Final = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
# U+FFFE and U+FFFF of every plane, which XML does not take (Unicode 23.7; XML 1.0, 2.2).
_NEVER_A_CHARACTER: Final = 0xFFFE


def text(value: object) -> str:
    """Any text on one line, marked as text where it might be calculated; None is empty."""
    if value is None:
        return ""
    written = str(value)
    return ("'" if _might_be_calculated(written) else "") + _on_one_line(written)


def _might_be_calculated(written: str) -> bool:
    if unicodedata.category(written[:1] or "a") == "Cc":
        return True
    for character in written:
        if character in _QUOTES or unicodedata.category(character) in _UNSEEN:
            continue
        # Full-width and small forms are the same to some programs (NFKC).
        return unicodedata.normalize("NFKC", character)[:1] in _STARTS
    return False


def _on_one_line(written: str) -> str:
    return "".join(map(_plain, written))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if character in _REORDERING:
        return ""
    if category == "Cs" or ord(character) & _NEVER_A_CHARACTER == _NEVER_A_CHARACTER:
        return "\N{REPLACEMENT CHARACTER}"
    return " " if category in {"Cc", "Zl", "Zp"} else character


def day(value: Any) -> date | None:
    """The Dutch calendar day of a date or RFC 3339 time; None where it is not one."""
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment.astimezone(CALENDAR) if moment.tzinfo else moment).date()


def cents(value: Any) -> int | None:
    """An amount in cents; None where it is not known."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
