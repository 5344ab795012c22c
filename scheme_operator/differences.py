"""What a draft changes, in lines that a person reads before signing it.

Texts of organisations are shown with everything unprintable escaped, so that none can hide a line,
turn its reading direction or move the cursor of a terminal.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

_AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
_MOMENTS: Final = ("iat", "exp")
_ORGANISATIONS: Final = "organisaties"


def lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Every difference between two payloads; everything, where there was nothing before."""
    return [
        *_members(before, after, ""),
        *_organisations(_by_oin(before), _by_oin(after)),
    ]


def whole(payload: Mapping[str, Any]) -> list[str]:
    """Everything that a payload says."""
    return lines({}, payload)


def _organisations(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for oin, entry in before.items():
        if oin not in after:
            yield f"- {_title(entry)} is REMOVED"
    for oin, entry in after.items():
        if oin not in before:
            yield f"+ {_title(entry)} is new"
            yield from _members({}, entry, "    ")
        elif entry != before[oin]:
            yield f"~ {_title(before[oin])} changes"
            yield from _members(before[oin], entry, "    ")


def _by_oin(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {str(one.get("oin")): one for one in payload.get(_ORGANISATIONS, ())}


def _title(entry: Mapping[str, Any]) -> str:
    return f"{_shown(entry.get('naam'))} ({_shown(entry.get('oin'))})"


def _members(before: Mapping[str, Any], after: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if name == _ORGANISATIONS or old == new:
            continue
        for line in _changes(name, old, new):
            yield f"{indent}{_shown(name)}{line}"


def _changes(name: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, list) or isinstance(new, list):
        were, are = old or [], new or []
        yield from (f" - {_shown(one)}" for one in were if one not in are)
        yield from (f" + {_shown(one)}" for one in are if one not in were)
        return
    told = _moment if name in _MOMENTS else _shown
    yield f": {told(new)}" if old is None else f": {told(old)} -> {told(new)}"


def _moment(value: Any) -> str:
    if not isinstance(value, int):
        return _shown(value)
    return f"{datetime.fromtimestamp(value, _AMSTERDAM):%Y-%m-%d %H:%M}"


def _shown(value: Any) -> str:
    if value is None:
        return "(none)"
    text = value if isinstance(value, str) else str(value)
    return text if text.isprintable() else ascii(text)
