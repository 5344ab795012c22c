"""The state in which a resident finds the sources of debts."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from issuer.debts.debt import Debt

OK: Final = "ok"
INCOMPLETE: Final = "onvolledig"
UNREACHABLE: Final = "niet_bereikbaar"
NOT_CONNECTED: Final = "niet_aangesloten"


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceState:
    """One source as it is for one person. `status` is a code of `bronnen`; dates are calendar days.

    `onvolledig`: a row of this person could not be taken. `niet_bereikbaar`: never delivered, or
    its last delivery failed; debts of an earlier delivery stay, with their reference date.
    """

    code: str
    name: str
    status: str
    reference_date: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What the register holds for one person, read in one moment."""

    debts: tuple[Debt, ...]
    sources: tuple[SourceState, ...]

    def reference_dates(self) -> dict[str, date]:
        """By the code of the source, for the sources that have delivered."""
        return {
            source.code: source.reference_date
            for source in self.sources
            if source.reference_date is not None
        }
