"""The overview: a pure function of what was found and what the case is about.

Nothing is repaired, netted or dropped. Only what is verified, current and of this person counts;
"complete" needs every chosen organisation (domain.md cases 1 to 12, 16).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from vckit.errors import PolicyLimitError
from verifier import doubles
from verifier.attention import Call, Urgent, calls, urgent
from verifier.doubles import Row
from verifier.findings import CALENDAR, Evidence, Finding, Rejected, Source
from verifier.grouping import (
    GROUPS,
    OUTDATED,
    UNCHECKED,
    VERIFIED,
    Entry,
    Grouping,
    group,
)
from verifier.person import Person

MISSING: Final = "missing"
_DAY: Final = 86_400


@dataclass(frozen=True)
class Facts:
    """What the counsellor entered: who it is about (or None), which organisations to hear."""

    person: Person | None
    organisations: tuple[Source, ...]


@dataclass(frozen=True)
class Ages:
    """Days after its reference date from which a statement is outdated, or gets a note."""

    stale_days: int = 30
    note_days: int = 7


@dataclass(frozen=True)
class Standing:
    """One source in the strip: its best statement and what keeps that from being complete.

    `state` is a group or "missing". `remarks` are codes: withheld, source_down, breach,
    newer_exists; and, without effect on completeness: old, on_document.
    """

    source: Source
    state: str
    entry: Entry | None = None
    remarks: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Verified, everything disclosed, every source answered, no breach, none newer."""
        return self.state == VERIFIED and not _INCOMPLETE.intersection(self.remarks)


@dataclass(frozen=True)
class Totals:
    """Cents of what counts, doubles once. `minimal`: due and arrears are at least this.

    Disputed debts are in `outstanding` and in `disputed`, not in `due` and `arrears`.
    `on_documents` is the part of `outstanding` without proof of whom it belongs to.
    """

    outstanding: int
    credit: int
    due: int
    arrears: int
    disputed: int
    on_documents: int
    minimal: bool


@dataclass(frozen=True)
class Overview:
    """Everything that the page and the JSON show. `oldest` is the oldest reference date."""

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

    @property
    def statements(self) -> tuple[Evidence, ...]:
        """The statements that count, one for each organisation."""
        return tuple(entry.evidence for entry in self.grouping.of(VERIFIED))


_INCOMPLETE: Final = frozenset({"withheld", "source_down", "breach", "newer_exists"})


def overview(facts: Facts, findings: Sequence[Finding], *, now: int, ages: Ages) -> Overview:
    """Judge all findings of a case together; `now` is epoch seconds."""
    grouping = group(findings, facts.person, now=now, stale_days=ages.stale_days)
    counted = [entry.evidence for entry in grouping.of(VERIFIED)]
    rows = doubles.rows(counted)
    standings = tuple(_standings(facts, grouping, now - ages.note_days * _DAY))
    return Overview(
        complete=_is_complete(facts, standings, grouping.refused),
        person=grouping.person,
        person_is_established=facts.person is not None,
        standings=standings,
        totals=_totals(counted, rows),
        grouping=grouping,
        rows=tuple(rows),
        urgent=tuple(urgent(rows, day(now))),
        calls=tuple(calls(counted, rows)),
        oldest=min((each.referenced_at for each in counted), default=None),
    )


def day(moment: int) -> date:
    """The day of the Dutch calendar of a moment in epoch seconds."""
    return datetime.fromtimestamp(moment, UTC).astimezone(CALENDAR).date()


def _is_complete(facts: Facts, standings: Iterable[Standing], refused: Iterable[Rejected]) -> bool:
    """Every chosen organisation, and nothing was left unread for being too much."""
    complete = {standing.source.oin for standing in standings if standing.complete}
    chosen = {source.oin for source in facts.organisations}
    unread = any(each.reason == PolicyLimitError.reason for each in refused)
    return bool(chosen) and chosen <= complete and not unread


def _standings(facts: Facts, grouping: Grouping, noted: int) -> Iterator[Standing]:
    """The chosen organisations in their order, then whoever stated something unasked."""
    unasked = dict.fromkeys(entry.evidence.source for entry in grouping.entries)
    chosen = {source.oin for source in facts.organisations}
    for source in facts.organisations:
        yield _standing(source, grouping.entries, noted)
    for source in unasked:
        if source.oin not in chosen:
            yield _standing(source, grouping.entries, noted)


def _standing(source: Source, entries: Iterable[Entry], noted: int) -> Standing:
    mine = [entry for entry in entries if _is_from(source, entry)]
    if not mine:
        return Standing(source, MISSING)
    best = min(mine, key=lambda entry: (GROUPS.index(entry.group), -entry.evidence.referenced_at))
    remarks = tuple(_remarks(best, mine, noted)) if best.group == VERIFIED else ()
    return Standing(source, best.group, best, remarks)


def _is_from(source: Source, entry: Entry) -> bool:
    stated = entry.evidence.source
    return stated == source if source.oin is None else stated.oin == source.oin


def _remarks(best: Entry, mine: Iterable[Entry], noted: int) -> Iterator[str]:
    evidence = best.evidence
    if evidence.withheld:
        yield "withheld"
    if evidence.terms["volledigheid"] == "gedeeltelijk":
        yield "source_down"
    if any(breach is not evidence.withheld for breach in evidence.breaches):
        yield "breach"
    if any(_is_newer(entry, evidence) for entry in mine):
        yield "newer_exists"
    if evidence.referenced_at < noted:
        yield "old"
    if evidence.basis == "document":
        yield "on_document"


def _is_newer(entry: Entry, counted: Evidence) -> bool:
    """A newer statement that could not be used tells that the one that counts is not the last."""
    newer = entry.evidence.referenced_at > counted.referenced_at
    return newer and entry.group in {OUTDATED, UNCHECKED}


def _totals(counted: Sequence[Evidence], rows: Sequence[Row]) -> Totals:
    """The signed sums, less what another organisation states too and leads (case 2)."""
    led_elsewhere = [row for row in rows if not row.counts]
    disputed = [row for row in rows if row.counts and is_disputed(row)]
    not_due = [*led_elsewhere, *disputed]
    return Totals(
        outstanding=_stated(counted, "totaal_openstaand") - _balances(led_elsewhere),
        credit=_stated(counted, "totaal_tegoed") - _credits(led_elsewhere),
        due=_stated(counted, "totaal_opeisbaar") - _amounts(not_due, "opeisbaar_bedrag"),
        arrears=_stated(counted, "totaal_achterstand") - _amounts(not_due, "achterstand_bedrag"),
        disputed=_balances(disputed),
        on_documents=_on_documents(counted, led_elsewhere),
        minimal=any(each.terms.get("totalen_minimaal") for each in counted),
    )


def is_disputed(row: Row) -> bool:
    """Tell whether the person does not agree with this debt (case 6)."""
    return "betwist" in row.debt.get("markeringen", ())


def _on_documents(counted: Iterable[Evidence], led_elsewhere: Iterable[Row]) -> int:
    documents = [each for each in counted if each.basis == "document"]
    rows = [row for row in led_elsewhere if row.evidence.basis == "document"]
    return _stated(documents, "totaal_openstaand") - _balances(rows)


def _stated(counted: Iterable[Evidence], term: str) -> int:
    return sum(each.terms[term] for each in counted)


def _balances(rows: Iterable[Row]) -> int:
    return sum(max(row.debt["saldo"], 0) for row in rows)


def _credits(rows: Iterable[Row]) -> int:
    return sum(max(-row.debt["saldo"], 0) for row in rows)


def _amounts(rows: Iterable[Row], term: str) -> int:
    return sum(_known(row.debt.get(term)) for row in rows)


def _known(amount: Any) -> int:
    return amount if isinstance(amount, int) else 0
