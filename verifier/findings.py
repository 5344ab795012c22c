"""What came out of checking one credential: accepted, or rejected with a stable reason.

Both carry what the credential says, as far as that may be shown: a finding hides nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from vckit.errors import MalformedValueError
from vckit.statement import Breach
from verifier.person import Person
from verifier.question import PERSON_TERMS

# Of a rejected identity credential "identity": it states no debts.
Basis = Literal["wallet", "document", "identity"]
Debt = Mapping[str, Any]

CALENDAR: Final = ZoneInfo("Europe/Amsterdam")
# The year 3000: what lies behind it is no time that can be shown everywhere.
LATEST: Final = 32_503_680_000
# Where dates stand in a debt, and in which of its parts.
_DATES: Final = (
    "ontstaansdatum",
    "datum_opgelegd",
    "vervaldatum",
    "achterstand_sinds",
    "fase_sinds",
    "volgende_stap_datum",
    "sinds",
    "termijn_einddatum",
    "start",
    "eind",
    "vervallen_sinds",
    "verjaringsdatum",
    "laatste_stuiting",
)
_DATED_PARTS: Final = ("beslag", "rechtsmiddel", "betalingsregeling")

# What tells two statements of one moment apart; their digests are salted.
_STATED: Final = (
    "volledigheid",
    "aantal_vorderingen",
    "totaal_financieel_verplicht",
    "totaal_financieel_vereffend",
    "totaal_openstaand",
    "totaal_opeisbaar",
    "totaal_achterstand",
    "totaal_tegoed",
)

# Reasons that have no exception of the kit, named as in security.md.
REVOKED = "revoked"
SUSPENDED = "suspended"
SUPERSEDED = "superseded"
SUBJECT_MISMATCH = "subject_mismatch"
ATTACHMENTS_DIFFER = "attachments_differ"
PRESENTER_MISMATCH = "presenter_mismatch"


@dataclass(frozen=True)
class Source:
    """Who stated it. `oin` is None when the scheme does not know the issuer.

    `name` comes from the scheme, or is then the issuer URL as it stood in the credential.
    """

    name: str
    oin: str | None


@dataclass(frozen=True)
class Evidence:
    """A statement whose proof holds: the terms that were asked for and the times of its checks.

    `digest` names the credential; `status_at` is when the status list was issued that was
    used. `is_presenters` tells whether it is about the person of the identity credential that came
    with it, None without one. Times are epoch seconds.
    """

    source: Source
    basis: Basis
    digest: str
    terms: Mapping[str, Any]
    issued_at: int
    expires_at: int
    checked_at: int
    status_at: int | None = None
    breaches: tuple[Breach, ...] = ()
    is_presenters: bool | None = None

    @property
    def person(self) -> Person:
        """Whom the statement is about."""
        return Person.stated(self.terms)

    @property
    def debts(self) -> list[Debt]:
        """The debts that were disclosed."""
        return list(self.terms.get("vorderingen", ()))

    @property
    def referenced_at(self) -> int:
        """The reference date (peildatum) in epoch seconds."""
        return int(datetime.fromisoformat(self.terms["peildatum"]).timestamp())

    @property
    def reference_day(self) -> date:
        """The reference date as a day of the Dutch calendar."""
        return datetime.fromisoformat(self.terms["peildatum"]).astimezone(CALENDAR).date()

    @property
    def moment(self) -> tuple[int, int]:
        """How new it is: the reference date, then the issue, in epoch seconds."""
        return self.referenced_at, self.issued_at

    @property
    def said(self) -> tuple[object, ...]:
        """Equal for two statements of the same debts at the same reference date.

        In whatever format each is, on whatever day it was issued, and whatever it discloses.
        """
        stated = (self.terms[name] for name in _STATED)
        return self.referenced_at, self.terms["bronnen"], *stated

    @property
    def withheld(self) -> Breach | None:
        """How many debts the holder left out, and their amount."""
        return next((each for each in self.breaches if each.reason == "claims_withheld"), None)


@dataclass(frozen=True)
class Accepted:
    """Every check holds. Breaches of invariants are warnings that the evidence carries."""

    evidence: Evidence


@dataclass(frozen=True)
class Rejected:
    """A check does not hold. `evidence` is there when the proof held and the terms are readable."""

    reason: str
    source: Source
    basis: Basis = "wallet"
    evidence: Evidence | None = None


Finding = Accepted | Rejected


def is_of_somebody(finding: Finding) -> bool:
    """Whether anybody is said to have stated it: not so where nothing of it could be read."""
    return isinstance(finding, Accepted) or bool(finding.source.name)


def check_showable(terms: Mapping[str, Any], issued_at: int, expires_at: int) -> None:
    """Raise MalformedValueError where a statement that meets the schema can still not be shown.

    The schema knows how a date is written, not that there is no 31 February, and lets a holder
    withhold the person.
    """
    if not all(isinstance(terms.get(term), str) for term in PERSON_TERMS):
        raise MalformedValueError("a term of the person is missing")
    if not all(0 <= time <= LATEST for time in (issued_at, expires_at)):
        raise MalformedValueError("a time lies outside the calendar")
    try:
        for text in (terms["peildatum"], *_dates(terms["vorderingen"])):
            datetime.fromisoformat(text).astimezone(CALENDAR)
    except (ValueError, OverflowError) as error:
        raise MalformedValueError("a date is not in the calendar") from error


def _dates(debts: Iterable[Debt]) -> Iterator[str]:
    for debt in debts:
        for part in (debt, *(debt.get(term, {}) for term in _DATED_PARTS)):
            yield from (part[term] for term in _DATES if term in part)


def to_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The form that is kept in the database: one object for each finding."""
    return [
        {"verdict": "accepted" if isinstance(finding, Accepted) else "rejected", **asdict(finding)}
        for finding in findings
    ]


def from_json(kept: Iterable[dict[str, Any]]) -> tuple[Finding, ...]:
    """Read what `to_json` wrote."""
    return tuple(_finding(each) for each in kept)


def _finding(kept: dict[str, Any]) -> Finding:
    evidence = kept["evidence"] and _evidence(kept["evidence"])
    if kept["verdict"] == "accepted":
        return Accepted(evidence)
    return Rejected(kept["reason"], Source(**kept["source"]), kept["basis"], evidence)


def _evidence(kept: dict[str, Any]) -> Evidence:
    breaches = tuple(_breach(each) for each in kept["breaches"])
    return Evidence(**{**kept, "source": Source(**kept["source"]), "breaches": breaches})


def _breach(kept: dict[str, Any]) -> Breach:
    return Breach(**{**kept, "debt": kept["debt"] and tuple(kept["debt"])})
