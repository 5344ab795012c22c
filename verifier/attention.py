"""What cannot wait, and whom to call about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from verifier.doubles import Row
from verifier.findings import Evidence

URGENT_DAYS: Final = 14
_SEIZED: Final = frozenset({"beslag", "vordering_derde"})
_WARRANT: Final = frozenset({"dwangbevel", "hernieuwd_bevel"})
# Why a debt can't wait, the worst first.
SEVERITY: Final = ("attachment", "warrant", "objection", "next_step", "due")
# Marked so, a debt is not collected now.
_AT_REST: Final = frozenset({"buiten_invordering", "verjaard"})


@dataclass(frozen=True)
class Urgent:
    """A debt that cannot wait: attachment, warrant, or a date (`YYYY-MM-DD`) that is near."""

    reason: str
    row: Row
    on: str | None = None


@dataclass(frozen=True)
class Call:
    """Whom to call: the organisation's own contact, or who handles a debt for it."""

    name: str
    about: str
    phone: str | None = None
    email: str | None = None
    url: str | None = None
    file_numbers: tuple[str, ...] = ()


def urgent(rows: Iterable[Row], today: date) -> list[Urgent]:
    """What of the counted debts needs attention within 14 days, the worst first."""
    open_rows = [row for row in rows if row.counts and _is_open(row.debt)]
    found = [item for row in open_rows for item in _urgencies(row, today)]
    return sorted(found, key=lambda item: (SEVERITY.index(item.reason), item.on or ""))


def urgency(row: Row, today: date) -> str:
    """The worst reason why this debt can't wait, "" where it can."""
    found = [item.reason for item in _urgencies(row, today)] if _is_open(row.debt) else []
    return min(found, key=SEVERITY.index, default="")


def timeline(rows: Iterable[Row], today: date) -> list[Urgent]:
    """Every date of the counted debts that is still to come, the nearest first."""
    open_rows = [row for row in rows if row.counts and _is_open(row.debt)]
    ahead = [item for row in open_rows for item in _dated(row) if item.on and item.on >= str(today)]
    return sorted(ahead, key=lambda item: (item.on or "", SEVERITY.index(item.reason)))


def calls(statements: Sequence[Evidence], rows: Iterable[Row]) -> list[Call]:
    """The contacts that the statements name, then the bailiffs and others that handle debts."""
    return [*dict.fromkeys(map(_contact, statements)), *_handlers(rows)]


def _is_open(debt: Mapping[str, Any]) -> bool:
    return debt["saldo"] > 0 and _AT_REST.isdisjoint(
        {debt.get("fase"), *debt.get("markeringen", ())}
    )


def _urgencies(row: Row, today: date) -> Iterator[Urgent]:
    debt = row.debt
    if debt.get("fase") in _SEIZED or "beslag" in debt.get("markeringen", ()):
        yield Urgent("attachment", row, debt.get("beslag", {}).get("sinds"))
    elif debt.get("fase") in _WARRANT:
        yield Urgent("warrant", row, debt.get("fase_sinds"))
    yield from (item for item in _dated(row) if item.on and _is_near(item.on, today))


def _dated(row: Row) -> Iterator[Urgent]:
    debt = row.debt
    dates = {
        "objection": debt.get("rechtsmiddel", {}).get("termijn_einddatum"),
        "next_step": debt.get("volgende_stap_datum"),
        "due": debt.get("vervaldatum"),
    }
    for reason, on in dates.items():
        if on:
            yield Urgent(reason, row, on)


def _is_near(on: str, today: date) -> bool:
    # Days in ISO form compare as text.
    return today.isoformat() <= on <= (today + timedelta(days=URGENT_DAYS)).isoformat()


def _contact(statement: Evidence) -> Call:
    contact = statement.terms.get("contact_schuldhulp", {})
    return Call(
        name=contact.get("naam", statement.source.name),
        about=statement.source.name,
        phone=contact.get("telefoon"),
        email=contact.get("email"),
        url=contact.get("url"),
    )


def _handlers(rows: Iterable[Row]) -> Iterator[Call]:
    file_numbers: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        handler = row.debt.get("in_behandeling_bij", {})
        if row.counts and handler.get("naam"):
            known = file_numbers.setdefault((handler["naam"], row.evidence.source.name), [])
            known.extend(filter(None, [handler.get("dossiernummer")]))
    for (name, about), numbers in file_numbers.items():
        yield Call(name, about, file_numbers=tuple(dict.fromkeys(numbers)))
