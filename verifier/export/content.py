"""What every export says: the overview as its report, how old it is, and whether it is all.

An export is a pure function of this, so all of them tell the same figures as the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from verifier.export import cells
from verifier.findings import CALENDAR, Source
from verifier.grouping import VERIFIED
from verifier.person import Person

NOT_CHECKED: Final = "niet gecontroleerd"
COMPLETE: Final = "Compleet: alle gekozen organisaties hebben alles doorgegeven."
AT_LEAST: Final = "Niet compleet: dit is ten minste het totaal. Er kan meer schuld zijn."
DUE_AT_LEAST: Final = (
    "Wat nu betaald moet worden is ten minste dit: van een deel is het niet bekend."
)
NO_DEBT_ACKNOWLEDGED: Final = (
    "Dit overzicht bekijken of delen is geen erkenning van een schuld. "
    "Een verhuurder of werkgever mag er niet om vragen."
)


@dataclass(frozen=True)
class Content:
    """One overview at one moment. `report` is what `casework.case_report` gives in Dutch.

    `reference` (urn:uuid) names this export, `made_at` is in epoch seconds; `persons` are those of
    the case, which in a household the report only numbers.
    """

    report: Mapping[str, Any]
    made_by: Source
    made_at: int
    reference: str
    persons: tuple[Person, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every chosen organisation told everything."""
        return bool(self.report["complete"])

    @property
    def completeness(self) -> str:
        """The sentence that goes with every total."""
        if not self.complete:
            return AT_LEAST
        return f"{COMPLETE} {DUE_AT_LEAST}" if self.due_is_minimal else COMPLETE

    @property
    def due_is_minimal(self) -> bool:
        """Whether what is due now is only known in part."""
        return not self.complete or bool(self.report["totals"]["minimal"])

    @property
    def oldest(self) -> date | None:
        """The reference date of the oldest part that counts; None when nothing counts."""
        return min(self.reference_days.values(), default=None)

    @property
    def reference_days(self) -> Mapping[str, date]:
        """The reference date of what counts, by credential digest."""
        counted: Sequence[Mapping[str, Any]] = self.report["groups"][VERIFIED]
        days = {entry["credential"]: cells.day(entry["reference_date"]) for entry in counted}
        return {digest: day for digest, day in days.items() if day}

    @property
    def unchecked(self) -> int:
        """Cents of what stands beside the credentials: in no other total."""
        totals = self.report["totals"]
        return int(totals["national"] + totals["by_hand"])

    @property
    def is_of_household(self) -> bool:
        """Whether it is about two persons; then each debt says by number whose it is."""
        return bool(self.report["household"])

    @property
    def made(self) -> datetime:
        """The moment it was made, on Dutch clocks."""
        return datetime.fromtimestamp(self.made_at, UTC).astimezone(CALENDAR)

    @property
    def made_text(self) -> str:
        """The same in RFC 3339."""
        return datetime.fromtimestamp(self.made_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
