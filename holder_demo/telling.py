"""What the wallet's commands answer, for people; `--json` is for programs."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

_TIMES: Final = frozenset({"at", "obtained_at", "expires"})
_CENTS: Final = frozenset({"outstanding", "credit", "due", "disputed"})
_DAYS: Final = frozenset({"reference_date", "oldest_reference_date"})
_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")


def in_words(answer: Any, indent: str = "") -> str:
    """Names and values on lines of their own; times in Dutch time, amounts in euros."""
    if isinstance(answer, dict):
        return "\n".join(_line(name, value, indent) for name, value in answer.items())
    if isinstance(answer, list):
        return f"\n{indent}--\n".join(in_words(one, indent) for one in answer) or f"{indent}none"
    return f"{indent}{answer}"


def _line(name: str, value: Any, indent: str) -> str:
    if isinstance(value, dict | list) and value:
        return f"{indent}{name}:\n{in_words(value, indent + '  ')}"
    return f"{indent}{name}: {'-' if value in (None, [], {}) else _told(name, value)}"


def _told(name: str, value: Any) -> str:
    if name in _TIMES and isinstance(value, int):
        return datetime.fromtimestamp(value, _CALENDAR).isoformat(" ", "minutes")
    if name in _DAYS and isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(_CALENDAR).date().isoformat()
    if name in _CENTS and isinstance(value, int):
        return f"EUR {value // 100}.{value % 100:02}"
    return str(value)
