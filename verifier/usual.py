"""The creditors that many people with debts have: to ask after, and to tick off."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from verifier.beside import HandDebt

# The order in which they are asked after; `wording` has their names.
CODES: Final = (
    "belastingdienst",
    "toeslagen",
    "cak",
    "cjib",
    "duo",
    "uwv",
    "svb",
    "waterschap",
    "zorgverzekeraar",
    "energie",
    "huur",
    "telecom",
    "bank",
    "deurwaarder",
    "winkelkrediet",
    "particulier",
)
OPEN: Final = "open"
TICKED: Final = "ticked"
BY_HAND: Final = "by_hand"


@dataclass(frozen=True)
class UsualCreditor:
    """Whether one was asked after: `open`, `ticked` off, or a debt was added `by_hand`."""

    code: str
    state: str


def usual_creditors(
    ticked: Collection[str], by_hand: Iterable[HandDebt]
) -> tuple[UsualCreditor, ...]:
    """Every usual creditor with its state."""
    return tuple(_states(ticked, {debt.usual for debt in by_hand}))


def _states(ticked: Collection[str], added: Collection[str | None]) -> Iterator[UsualCreditor]:
    for code in CODES:
        state = BY_HAND if code in added else TICKED if code in ticked else OPEN
        yield UsualCreditor(code, state)
