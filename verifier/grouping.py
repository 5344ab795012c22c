"""Sorting findings into the groups of the overview, so that nothing counts twice or disappears."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from vckit.errors import (
    ExpiredError,
    MalformedValueError,
    StatusListLengthError,
    StatusRetrievalError,
    StatusVerificationError,
    UntrustedIssuerError,
)
from vckit.statement import total_breaches
from verifier.findings import (
    PRESENTER_MISMATCH,
    REVOKED,
    SUBJECT_MISMATCH,
    SUPERSEDED,
    SUSPENDED,
    Accepted,
    Evidence,
    Finding,
    Rejected,
)
from verifier.person import Person

VERIFIED: Final = "verified"
OUTDATED: Final = "outdated"
UNCHECKED: Final = "unchecked"
WITHDRAWN: Final = "withdrawn"
OTHER_PERSON: Final = "other_person"
UNTRUSTED: Final = "untrusted"
# From best to worst: the best that an organisation has is its state in the strip.
GROUPS: Final = (VERIFIED, OUTDATED, UNCHECKED, WITHDRAWN, OTHER_PERSON, UNTRUSTED)

STALE: Final = "stale"
REPEATED: Final = "repeated"

_GROUP_OF: Final = {
    REVOKED: WITHDRAWN,
    SUSPENDED: WITHDRAWN,
    SUPERSEDED: OUTDATED,
    ExpiredError.reason: OUTDATED,
    StatusRetrievalError.reason: UNCHECKED,
    StatusVerificationError.reason: UNCHECKED,
    StatusListLengthError.reason: UNCHECKED,
    # With evidence: what says whether it was withdrawn is malformed (rows L11, L14).
    MalformedValueError.reason: UNCHECKED,
    SUBJECT_MISMATCH: OTHER_PERSON,
    PRESENTER_MISMATCH: OTHER_PERSON,
    UntrustedIssuerError.reason: UNTRUSTED,
}
_OF_ANOTHER: Final = frozenset({SUBJECT_MISMATCH, PRESENTER_MISMATCH})
_DAY: Final = 86_400


@dataclass(frozen=True)
class Entry:
    """One statement in its group, with the reason that keeps it out of the verified total.

    `subject` is the place in the household of whom it is about.
    """

    group: str
    evidence: Evidence
    reason: str | None = None
    subject: int = 0


@dataclass(frozen=True)
class Grouping:
    """Every statement once. `repeated` came more than once; `refused` says nothing that holds.

    `is_identified`: an identity credential was shown of `person`.
    """

    person: Person | None
    entries: tuple[Entry, ...]
    repeated: tuple[Evidence, ...]
    refused: tuple[Rejected, ...]
    is_identified: bool = False

    def of(self, group: str) -> tuple[Entry, ...]:
        """The entries of one group."""
        return tuple(entry for entry in self.entries if entry.group == group)


def group(
    findings: Sequence[Finding],
    persons: Sequence[Person],
    *,
    now: int,
    stale_days: int,
    elsewhere: Sequence[Person] = (),
) -> Grouping:
    """Sort `findings` for a case about `persons`; about nobody: the statements are only compared.

    Of one organisation and person the newest statement counts (reference date, then issue); the
    others are superseded. What is about a person of `elsewhere` is left to the overview of that
    one. `now` is epoch seconds.
    """
    shown, refused = _placed(findings, now - stale_days * _DAY)
    latest, repeated = _each_credential_once(shown)
    household = tuple(persons) or _first_person(latest)
    sorted_out = [
        _by_person(each, household) for each in latest if not _is_about(elsewhere, each.evidence)
    ]
    entries, doubles = _newest_counts(sorted_out)
    again = [each for each in repeated if not _is_about(elsewhere, each)]
    reference = household[0] if household else None
    identified = reference is not None and _is_identified(reference, latest)
    return Grouping(reference, tuple(entries), (*again, *doubles), tuple(refused), identified)


def _placed(findings: Iterable[Finding], oldest: int) -> tuple[list[Entry], list[Rejected]]:
    shown: list[Entry] = []
    refused: list[Rejected] = []
    for finding in findings:
        if isinstance(finding, Accepted):
            shown.append(_by_age(finding.evidence, oldest))
        elif current := _current(finding):
            shown.append(_by_age(current, oldest))
        elif finding.evidence and finding.reason in _GROUP_OF:
            shown.append(Entry(_GROUP_OF[finding.reason], finding.evidence, finding.reason))
        else:
            refused.append(finding)
    return shown, refused


def _current(finding: Rejected) -> Evidence | None:
    """What holds and is current but was of a stranger when it was checked.

    A person may have been entered since; whom a statement is about is told here.
    """
    checked = finding.evidence if finding.reason in _OF_ANOTHER else None
    return checked if checked and checked.status_at else None


def _by_age(evidence: Evidence, oldest: int) -> Entry:
    if evidence.referenced_at < oldest:
        return Entry(OUTDATED, evidence, STALE)
    return Entry(VERIFIED, evidence)


def _each_credential_once(shown: Iterable[Entry]) -> tuple[list[Entry], list[Evidence]]:
    by_digest: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in shown:
        by_digest[entry.evidence.digest].append(entry)
    repeated = [same[0].evidence for same in by_digest.values() if len(same) > 1]
    return [_once(same) for same in by_digest.values()], repeated


def _once(same: Sequence[Entry]) -> Entry:
    """One credential, presented again: a withdrawal stands, else its latest check does.

    What was disclosed at any time stays known, since one signature covers all of it; but only
    what was held against the statement then, which a check that broke off did not do.
    """
    judged = max(same, key=lambda entry: (entry.group == WITHDRAWN, entry.evidence.checked_at))
    checked = [entry.evidence for entry in same if entry.evidence.status_at is not None]
    known = _disclosed(checked or [entry.evidence for entry in same])
    evidence = replace(
        judged.evidence,
        terms=known.terms,
        breaches=known.breaches,
        is_presenters=_is_presenters([entry.evidence for entry in same]),
    )
    return replace(judged, evidence=evidence)


def _is_presenters(same: Sequence[Evidence]) -> bool | None:
    """What the latest identity credential beside it told; without one nothing changes."""
    told = [evidence for evidence in same if evidence.is_presenters is not None]
    return max(told, key=lambda evidence: evidence.checked_at).is_presenters if told else None


def _disclosed(same: Sequence[Evidence]) -> Evidence:
    """One credential with everything that is disclosed of it in any of these."""
    fullest = max(same, key=lambda evidence: len(evidence.debts))
    debts = fullest.debts
    for debt in (debt for evidence in same for debt in evidence.debts):
        if debt not in debts:
            debts.append(debt)
    if len(debts) == len(fullest.debts):
        return fullest
    others = [
        breach
        for evidence in same
        for breach in evidence.breaches
        if breach is not evidence.withheld
    ]
    breaches = dict.fromkeys([*total_breaches(fullest.terms, debts), *others])
    terms = {**fullest.terms, "vorderingen": debts}
    return replace(fullest, terms=terms, breaches=tuple(breaches))


def _first_person(entries: Sequence[Entry]) -> tuple[Person, ...]:
    """Whom to compare with when the case names nobody: the best proven statement's person.

    Of whom an identity credential was shown comes before others, the first of them first.
    """
    candidates = [
        entry
        for entry in entries
        if entry.group != UNTRUSTED and entry.evidence.is_presenters is not False
    ]
    if not candidates:
        return ()
    return (min(candidates, key=_provenness).evidence.person,)


def _provenness(entry: Entry) -> tuple[object, ...]:
    evidence = entry.evidence
    if evidence.is_presenters:
        return False, evidence.checked_at
    return True, _order(entry), evidence.basis != "wallet"


def _is_identified(person: Person, entries: Iterable[Entry]) -> bool:
    return any(
        entry.evidence.is_presenters and person.is_same(entry.evidence.person)
        for entry in entries
        if entry.group != UNTRUSTED
    )


def _order(entry: Entry) -> int:
    return GROUPS.index(entry.group)


def _by_person(entry: Entry, household: Sequence[Person]) -> Entry:
    """The entry with whom it is about; aside when that is nobody of the household.

    Aside too what came with the identity credential of another, whoever it is about.
    """
    if entry.evidence.is_presenters is False and entry.group != UNTRUSTED:
        return replace(entry, group=OTHER_PERSON, reason=PRESENTER_MISMATCH)
    for subject, person in enumerate(household):
        if person.is_same(entry.evidence.person):
            return replace(entry, subject=subject)
    if entry.group == UNTRUSTED or not household:
        return entry
    return replace(entry, group=OTHER_PERSON, reason=SUBJECT_MISMATCH)


def _is_about(persons: Sequence[Person], evidence: Evidence) -> bool:
    return any(person.is_same(evidence.person) for person in persons)


def _newest_counts(entries: Sequence[Entry]) -> tuple[list[Entry], list[Evidence]]:
    """domain.md case 1, for each organisation and person among what is verified."""
    by_organisation: defaultdict[tuple[str | None, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.group == VERIFIED:
            by_organisation[entry.evidence.source.oin, entry.subject].append(entry)
    kept = [entry for entry in entries if entry.group != VERIFIED]
    doubles: list[Evidence] = []
    for mine in by_organisation.values():
        latest = max(reversed(mine), key=_newness)
        said = latest.evidence.said
        same = [entry for entry in mine if entry.evidence.said == said]
        counts = max(same, key=_openness)
        doubles += [entry.evidence for entry in same if entry is not counts]
        older = [entry for entry in mine if entry not in same]
        kept += [counts, *(replace(one, group=OUTDATED, reason=SUPERSEDED) for one in older)]
    return sorted(kept, key=_order), doubles


def _newness(entry: Entry) -> tuple[tuple[int, int], int]:
    """Newest reference date, then newest issue, then latest found not to be superseded.

    Both dates are days, and debts can change within one: while the case was open, say.
    """
    return entry.evidence.moment, entry.evidence.checked_at


def _openness(entry: Entry) -> tuple[object, ...]:
    """Of equal statements the one that hides least counts, else the proven one, else the newest."""
    evidence = entry.evidence
    proven = evidence.basis == "wallet"
    return evidence.withheld is None, len(evidence.debts), proven, _newness(entry)
