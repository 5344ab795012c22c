"""The total that counts, split by creditor, kind, stage, rank and urgency, as it was signed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from verifier.attention import SEVERITY, urgency
from verifier.doubles import Row
from verifier.totals import is_disputed, known

CREDITOR: Final = "creditor"
KIND: Final = "kind"
STAGE: Final = "stage"
RANK: Final = "rank"
URGENCY: Final = "urgency"
_ORDERS: Final = {
    RANK: ("hoog_preferent", "zekerheid", "preferent", "concurrent", "achtergesteld"),
    URGENCY: SEVERITY,
}


@dataclass(frozen=True)
class Part:
    """The counted debts that have one thing in common; amounts in cents.

    `key` is a code, or the OIN of a creditor whose `name` is given; "" where it is not told.
    `disputed` is in `outstanding` and not in `due`.
    """

    key: str
    count: int
    outstanding: int
    credit: int
    due: int
    disputed: int
    name: str | None = None


@dataclass(frozen=True)
class Breakdown:
    """All parts: ranks and urgencies in their order, else the largest first.

    With `rest` they sum to the total outstanding: that is of debts signed and not shown.
    """

    by: str
    parts: tuple[Part, ...]
    rest: int


def breakdowns(rows: Iterable[Row], today: date, outstanding: int) -> tuple[Breakdown, ...]:
    """Each way to split `outstanding` (cents) over the debts that count."""
    counted = [row for row in rows if row.counts]
    keys: dict[str, Callable[[Row], str]] = {
        CREDITOR: lambda row: str(row.debt["schuldeiser"]["oin"]),
        KIND: lambda row: str(row.debt["type"]),
        STAGE: lambda row: str(row.debt.get("fase", "")),
        RANK: lambda row: str(row.debt.get("rang", "")),
        URGENCY: lambda row: urgency(row, today),
    }
    return tuple(_breakdown(by, counted, key, outstanding) for by, key in keys.items())


def _breakdown(
    by: str, counted: Iterable[Row], key: Callable[[Row], str], outstanding: int
) -> Breakdown:
    alike: defaultdict[str, list[Row]] = defaultdict(list)
    for row in counted:
        alike[key(row)].append(row)
    parts = [_part(each, rows, named=by == CREDITOR) for each, rows in alike.items()]
    parts.sort(key=lambda part: (_place(by, part.key), -part.outstanding, part.key))
    return Breakdown(by, tuple(parts), outstanding - sum(part.outstanding for part in parts))


def _place(by: str, key: str) -> int:
    """Ranks and urgencies have an order of their own, and what is not told comes last."""
    order = _ORDERS.get(by, ())
    return order.index(key) if key in order else len(order)


def _part(key: str, rows: Sequence[Row], *, named: bool) -> Part:
    balances = [row.debt["saldo"] for row in rows]
    disputed = [row for row in rows if is_disputed(row.debt)]
    due = [row for row in rows if not is_disputed(row.debt)]
    return Part(
        key=key,
        count=len(rows),
        outstanding=sum(max(balance, 0) for balance in balances),
        credit=sum(max(-balance, 0) for balance in balances),
        due=sum(known(row.debt.get("opeisbaar_bedrag")) for row in due),
        disputed=sum(max(row.debt["saldo"], 0) for row in disputed),
        name=rows[0].debt["schuldeiser"]["naam"] if named else None,
    )
