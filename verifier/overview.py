"""The overview: a pure function of what was found and what the case is about.

Nothing is repaired, netted or dropped. Only what is verified, current and of this person counts;
"complete" needs every chosen organisation for every person (domain.md cases 1 to 16).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final, Self

from vckit.errors import PolicyLimitError
from vckit.statement import debt_key
from verifier import doubles
from verifier.aside import Added, Told, added, told
from verifier.attention import Call, Urgent, calls, timeline, urgent
from verifier.beside import NOTHING, Beside
from verifier.breakdown import Breakdown, breakdowns
from verifier.changes import Changes, DebtThen, Snapshot, SourceThen, compare
from verifier.doubles import Row
from verifier.findings import CALENDAR, Evidence, Finding, Rejected, Source
from verifier.grouping import VERIFIED, Entry, Grouping, group
from verifier.person import Person
from verifier.standings import Standing, standings
from verifier.totals import Totals, totals
from verifier.usual import UsualCreditor, usual_creditors

_DAY: Final = 86_400


@dataclass(frozen=True)
class Facts:
    """What the counsellor entered: who it is about (or None), which organisations to hear.

    `partner` is a second person of the case. `elsewhere` are persons of the household who have
    an overview of their own. With `earlier` the overview tells what changed since. `declined` are
    the OINs of which the holder said no.
    """

    person: Person | None
    organisations: tuple[Source, ...]
    partner: Person | None = None
    elsewhere: tuple[Person, ...] = ()
    beside: Beside = NOTHING
    earlier: Snapshot | None = None
    declined: frozenset[str] = frozenset()

    @property
    def persons(self) -> tuple[Person, ...]:
        """Whom it is about: nobody who is known, one, or two."""
        return tuple(each for each in (self.person, self.partner) if each)

    def of(self, subject: int) -> Self:
        """The same for one of two persons: each sees the whole of a joint debt (case 4)."""
        return replace(
            self,
            person=self.persons[subject],
            partner=None,
            elsewhere=(self.persons[1 - subject],),
            beside=self.beside.of(subject),
            earlier=None,
        )


@dataclass(frozen=True)
class Ages:
    """Days after its reference date from which a statement is outdated, or gets a note."""

    stale_days: int = 30
    note_days: int = 7


@dataclass(frozen=True)
class Member:
    """One person of a household: the place in it, and that one's own sums and completeness."""

    subject: int
    complete: bool
    totals: Totals


@dataclass(frozen=True)
class Overview:
    """Everything that the page and the JSON show. `oldest` is the oldest reference date.

    `members` are there where it is about two persons; then the totals count a joint debt once.
    """

    complete: bool
    person: Person | None
    person_is_established: bool
    standings: tuple[Standing, ...]
    totals: Totals
    grouping: Grouping
    rows: tuple[Row, ...]
    urgent: tuple[Urgent, ...]
    calls: tuple[Call, ...]
    oldest: int | None
    members: tuple[Member, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    timeline: tuple[Urgent, ...] = ()
    by_hand: tuple[Added, ...] = ()
    national: tuple[Told, ...] = ()
    usual: tuple[UsualCreditor, ...] = ()
    changes: Changes | None = None

    @property
    def statements(self) -> tuple[Evidence, ...]:
        """The statements that count, one for each organisation and person."""
        return tuple(entry.evidence for entry in self.grouping.of(VERIFIED))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The organisations whose statements count, each once."""
        return tuple(dict.fromkeys(each.source for each in self.statements))

    @property
    def is_of_household(self) -> bool:
        """Whether it is about two persons together."""
        return bool(self.members)


def overview(facts: Facts, findings: Sequence[Finding], *, now: int, ages: Ages) -> Overview:
    """Judge all findings of a case together; `now` is epoch seconds."""
    seen = _without_changes(facts, findings, now, ages)
    if facts.earlier is None:
        return seen
    return replace(seen, changes=compare(facts.earlier, snapshot(seen, now)))


def _without_changes(facts: Facts, findings: Sequence[Finding], now: int, ages: Ages) -> Overview:
    grouping = group(
        findings,
        facts.persons,
        now=now,
        stale_days=ages.stale_days,
        elsewhere=facts.elsewhere,
    )
    entries = grouping.of(VERIFIED)
    counted = [entry.evidence for entry in entries]
    rows = doubles.rows(counted, [entry.subject for entry in entries])
    strip = tuple(_strip(facts, grouping, now - ages.note_days * _DAY))
    sums = totals(counted, rows, facts.beside)
    return Overview(
        complete=_is_complete(strip, facts.organisations, grouping.refused),
        person=grouping.person,
        person_is_established=facts.person is not None or grouping.is_identified,
        standings=strip,
        totals=sums,
        grouping=grouping,
        rows=tuple(rows),
        urgent=tuple(urgent(rows, day(now))),
        calls=tuple(calls(counted, rows)),
        oldest=min((each.referenced_at for each in counted), default=None),
        members=tuple(_members(facts, strip, entries, grouping.refused)),
        breakdowns=breakdowns(rows, day(now), sums.outstanding),
        timeline=tuple(timeline(rows, day(now))),
        by_hand=added(facts.beside.by_hand, rows),
        national=told(facts.beside.national, rows),
        usual=usual_creditors(facts.beside.ticked, facts.beside.by_hand),
    )


def day(moment: int) -> date:
    """The day of the Dutch calendar of a moment in epoch seconds."""
    return datetime.fromtimestamp(moment, UTC).astimezone(CALENDAR).date()


def snapshot(seen: Overview, now: int) -> Snapshot:
    """How an overview stands at `now`, for a later comparison."""
    return Snapshot(
        taken_at=now,
        complete=seen.complete,
        outstanding=seen.totals.outstanding,
        by_hand=seen.totals.by_hand,
        sources=tuple(_source_then(standing) for standing in seen.standings),
        debts=tuple(_debt_then(row) for row in seen.rows if row.counts),
    )


def _strip(facts: Facts, grouping: Grouping, noted: int) -> Iterable[Standing]:
    persons = max(len(facts.persons), 1)
    return standings(
        facts.organisations,
        grouping.entries,
        persons=persons,
        noted=noted,
        declined=facts.declined,
    )


def _is_complete(
    strip: Sequence[Standing], chosen: Iterable[Source], refused: Iterable[Rejected]
) -> bool:
    """Every chosen organisation of everybody, and nothing was left unread for being too much.

    What was stated unasked and counts in the totals must be whole too, or they are too low.
    """
    wanted = {source.oin for source in chosen}
    asked = [standing for standing in strip if standing.source.oin in wanted]
    adding = [standing for standing in strip if standing.state == VERIFIED]
    unread = any(each.reason == PolicyLimitError.reason for each in refused)
    whole = all(standing.complete for standing in (*asked, *adding))
    return bool(asked) and whole and not unread


def _members(
    facts: Facts,
    strip: Sequence[Standing],
    entries: Sequence[Entry],
    refused: Sequence[Rejected],
) -> Iterable[Member]:
    for subject in range(len(facts.persons)) if facts.partner else ():
        own = [entry.evidence for entry in entries if entry.subject == subject]
        mine = [standing for standing in strip if standing.subject == subject]
        yield Member(
            subject=subject,
            complete=_is_complete(mine, facts.organisations, refused),
            totals=totals(own, doubles.rows(own), facts.beside.of(subject)),
        )


def _source_then(standing: Standing) -> SourceThen:
    terms: dict[str, Any] = dict(standing.entry.evidence.terms) if standing.entry else {}
    return SourceThen(
        name=standing.source.name,
        oin=standing.source.oin,
        subject=standing.subject,
        state=standing.state,
        outstanding=terms.get("totaal_openstaand"),
    )


def _debt_then(row: Row) -> DebtThen:
    debt = row.debt
    return DebtThen(
        key=debt_key(debt),
        subject=row.subject,
        what=debt.get("omschrijving", debt["type"]),
        creditor=debt["schuldeiser"]["naam"],
        oin=row.oin,
        saldo=debt["saldo"],
        stage=debt.get("fase", ""),
    )
