"""How a document says things in one language: sentences, amounts, days and codes."""

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency

from contexts import vocabulary

Language = Literal["nl", "en"]
_TEXTS: Final = Path(__file__).with_name("texts.toml")
_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")


class Words:
    """Everything in one language, from `texts.toml` and the vocabulary."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._texts = _texts()[language]
        self._locale = self._texts["locale"]

    def say(self, name: str, /, **values: object) -> str:
        """A sentence of the table with its braces filled in."""
        return self._texts[name].format(**values)

    def code(self, group: str, code: str) -> str:
        """What people read for a code of the vocabulary."""
        return vocabulary.label(group, code, self.language)

    def euro(self, cents: int) -> str:
        """Cents as euros: 123450 is "€ 1.234,50" in Dutch."""
        return str(format_currency(cents / 100, "EUR", locale=self._locale))

    def day(self, text: str) -> str:
        """An RFC 3339 time, as its day in Amsterdam, or a date."""
        told = datetime.fromisoformat(text)
        return self._day(told.astimezone(_CALENDAR) if told.tzinfo else told)

    def moment(self, moment: int) -> str:
        """Epoch seconds as day and time in Amsterdam."""
        local = datetime.fromtimestamp(moment, UTC).astimezone(_CALENDAR)
        return self.say("moment", day=self._day(local), time=f"{local:%H:%M}")

    def _day(self, moment: datetime) -> str:
        return str(format_date(moment, self._texts["day"], locale=self._locale))


def calendar_day(moment: int) -> dict[str, Any]:
    """Epoch seconds as year, month and day in Amsterdam."""
    local = datetime.fromtimestamp(moment, UTC).astimezone(_CALENDAR)
    return {"year": local.year, "month": local.month, "day": local.day}


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(_TEXTS.read_text(encoding="utf-8"))
