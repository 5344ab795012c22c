"""How far a resident is with collecting, and what of it the counsellor may know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from verifier import collecting
from verifier.collecting import Visit
from verifier.collecting_book import Collected
from verifier.findings import SUBJECT_MISMATCH, Accepted, Evidence, Finding, Source
from verifier.office import Office
from verifier.store import Case

# States of an organisation, for a resident.
MISSING: Final = "missing"
FETCHED: Final = "fetched"
NOTHING_OWED: Final = "nothing_owed"
SOURCE_DOWN: Final = "source_down"
OTHER_PERSON: Final = "other_person"
UNUSABLE: Final = "unusable"
ELSEWHERE: Final = "elsewhere"
_COUNTING: Final = frozenset({FETCHED, NOTHING_OWED, SOURCE_DOWN})
_ORDER: Final = (FETCHED, NOTHING_OWED, SOURCE_DOWN, UNUSABLE, OTHER_PERSON)
# States of an organisation, for the counsellor.
COLLECTED: Final = "collected"
SHARED: Final = "shared"
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True)
class Stop:
    """One organisation on the way: how far the resident is there.

    `evidence` is what this device collected or shared. `start_url` is where to go.
    """

    source: Source
    state: str
    start_url: str | None
    evidence: Evidence | None = None
    collected_at: int | None = None
    is_shared: bool = False

    @property
    def counts(self) -> bool:
        """Whether there is something of it that adds to an overview."""
        return self.state in _COUNTING


def stops(office: Office, here: Visit, now: int) -> list[Stop]:
    """The organisations of the case, then whoever stated something unasked."""
    kept = office.collecting.collected(here.link.id)
    mine = collecting.to_share(office, here)
    given = [
        finding
        for share in collecting.shares(office, here)
        for finding in office.sharing.shared(share)
    ]
    found = [*_stops_of(mine, here.case), *(_stop(each, here.case, shared=True) for each in given)]
    asked = {source.oin for source in here.case.organisations}
    unasked = dict.fromkeys(stop.source for stop in found if stop.source.oin not in asked)
    away = collecting.sources_of(each.finding for each in kept if each.device != here.device)
    starts = {each.oin: each.start_url for each in office.scheme.issuers(now)}
    return [
        _best(source, found, away, starts.get(source.oin or ""))
        for source in (*here.case.organisations, *unasked)
    ]


def ready(office: Office, here: Visit) -> list[Stop]:
    """What this device collected and can share now, each statement by itself."""
    return list(_stops_of(collecting.to_share(office, here), here.case))


def counsellors_view(office: Office, case: Case) -> list[tuple[Source, str]]:
    """How far each organisation is, as the counsellor may know it: not what was collected.

    A state is missing, collected, shared or withdrawn.
    """
    link = office.collecting.link_of(case.id)
    kept = office.collecting.collected(link.id) if link else []
    made = [each for each in office.sharing.shares(case.id) if each.shared_at is not None]
    current = [each for each in made if each.withdrawn_at is None]
    given = {
        source for each in current for source in collecting.sources_of(office.sharing.shared(each))
    }
    withdrawn = {name for each in made if each.withdrawn_at for name in each.sources}
    collected = set(collecting.sources_of(each.finding for each in kept))
    return [
        (source, _counsellors_state(source, given, collected, withdrawn))
        for source in case.organisations
    ]


def _counsellors_state(
    source: Source, given: set[Source], collected: set[Source], withdrawn: set[str]
) -> str:
    if source in given:
        return SHARED
    if source in collected:
        return COLLECTED
    return WITHDRAWN if source.name in withdrawn else MISSING


def _stops_of(kept: Iterable[Collected], case: Case) -> Iterable[Stop]:
    for each in kept:
        stop = _stop(each.finding, case, shared=False)
        yield replace(stop, collected_at=each.collected_at)


def _stop(finding: Finding, case: Case, *, shared: bool) -> Stop:
    evidence = finding.evidence
    [source] = collecting.sources_of([finding])
    return Stop(source, _state(finding, case), None, evidence, is_shared=shared)


def _state(finding: Finding, case: Case) -> str:
    evidence = finding.evidence
    if evidence is not None and evidence.is_presenters is False:
        return OTHER_PERSON
    if evidence is None or not _is_current(finding):
        return UNUSABLE
    persons = [each for each in (case.person, case.partner) if each]
    if persons and not any(each.is_same(evidence.person) for each in persons):
        return OTHER_PERSON
    if evidence.terms["volledigheid"] == "gedeeltelijk":
        return SOURCE_DOWN
    return FETCHED if evidence.terms["aantal_vorderingen"] else NOTHING_OWED


def _is_current(finding: Finding) -> bool:
    """Everything holds, save that it may be about the second person (`grouping`)."""
    if isinstance(finding, Accepted):
        return True
    checked = finding.evidence is not None and finding.evidence.status_at is not None
    return finding.reason == SUBJECT_MISMATCH and checked


def _best(
    source: Source, found: Sequence[Stop], away: Sequence[Source], start_url: str | None
) -> Stop:
    mine = [each for each in found if each.source.oin == source.oin]
    if not mine:
        return Stop(source, ELSEWHERE if source in away else MISSING, start_url)
    best = min(mine, key=lambda stop: (_ORDER.index(stop.state), stop.is_shared))
    return replace(best, source=source, start_url=start_url)
