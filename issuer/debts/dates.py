"""Reading cells with a date in a declared notation, and judging whether it is plausible."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from issuer.debts.notation import REMEMBERED, CellRefusedError
from issuer.debts.sections import Dates

_TOKENS: Final = {
    "yyyy": "(?P<year>[0-9]{4})",
    "mm": "(?P<month>[0-9]{2})",
    "dd": "(?P<day>[0-9]{2})",
    "m": "(?P<month>[0-9]{1,2})",
    "d": "(?P<day>[0-9]{1,2})",
}
# A due date, a plan or a prescription can lie far ahead; what lies further is a mistake.
_FURTHEST_YEARS: Final = 40


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
