"""The strip of an overview: every chosen organisation with its best statement of each person."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from verifier.findings import SUPERSEDED, Evidence, Source
from verifier.grouping import GROUPS, OTHER_PERSON, OUTDATED, UNCHECKED, VERIFIED, Entry

MISSING: Final = "missing"
DECLINED: Final = "declined"
_INCOMPLETE: Final = frozenset({"withheld", "source_down", "breach", "newer_exists"})


@dataclass(frozen=True)
class Standing:
    """One source in the strip: its best statement and what keeps that from being complete.

    `state` is a group, "missing" or "declined". `remarks` are codes: withheld, source_down, breach,
    newer_exists; and, without effect on completeness: old, on_document. `subject` is the place
    in the household of whom it is about.
    """

    source: Source
    state: str
    entry: Entry | None = None
    remarks: tuple[str, ...] = ()
    subject: int = 0

    @property
    def complete(self) -> bool:
        """Verified, everything disclosed, every source answered, no breach, none newer."""
        return self.state == VERIFIED and not _INCOMPLETE.intersection(self.remarks)


def standings(
    chosen: Sequence[Source],
    entries: Sequence[Entry],
    *,
    persons: int,
    noted: int,
    declined: Collection[str] = (),
) -> Iterator[Standing]:
    """For each person the chosen organisations, then whoever stated something unasked.

    `persons` is how many the case is about, `noted` the epoch second before which a reference
    date gets a note, `declined` the OINs of which the holder said no.
    """
    oins = {source.oin for source in chosen}
    for subject in range(persons):
        about = [entry for entry in entries if _may_be_about(subject, entry)]
        for source in chosen:
            standing = _standing(source, about, subject, noted)
            is_declined = standing.state == MISSING and source.oin in declined
            yield replace(standing, state=DECLINED) if is_declined else standing
        unasked = dict.fromkeys(
            entry.evidence.source
            for entry in about
            if entry.subject == subject and entry.evidence.source.oin not in oins
        )
        for source in unasked:
            yield _standing(source, about, subject, noted)


def _may_be_about(subject: int, entry: Entry) -> bool:
    """Of a stranger's statement is said so for both; whom it was asked of is not known."""
    return entry.subject == subject or entry.group == OTHER_PERSON


def _standing(source: Source, entries: Iterable[Entry], subject: int, noted: int) -> Standing:
    mine = [entry for entry in entries if _is_from(source, entry)]
    if not mine:
        return Standing(source, MISSING, subject=subject)
    best = min(mine, key=lambda entry: (GROUPS.index(entry.group), -entry.evidence.referenced_at))
    remarks = tuple(_remarks(best, mine, noted)) if best.group == VERIFIED else ()
    return Standing(source, best.group, best, remarks, subject)


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
    if any(_is_overtaken(evidence, entry) for entry in mine):
        yield "newer_exists"
    if evidence.referenced_at < noted:
        yield "old"
    if evidence.basis == "document":
        yield "on_document"


def _is_overtaken(counted: Evidence, entry: Entry) -> bool:
    """A newer statement that could not be used tells that the one that counts is not the last.

    So does another of the same moment, unless it is superseded itself, and the same statement in
    another form of which the issuer says that it has a newer one.
    """
    if entry.group not in {OUTDATED, UNCHECKED}:
        return False
    superseded = entry.reason == SUPERSEDED
    if entry.evidence.said == counted.said:
        return superseded
    if entry.evidence.moment == counted.moment:
        return not superseded
    return entry.evidence.moment > counted.moment
