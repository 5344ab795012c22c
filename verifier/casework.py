"""Reading a case: its overview and its report, for pages and commands alike."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from verifier.findings import Finding, Rejected, Source
from verifier.office import Office
from verifier.overview import Facts, Overview, day, overview, snapshot
from verifier.report import report
from verifier.requestbook import Request, declined
from verifier.store import Case
from verifier.wording import Speech


def case_facts(office: Office, case: Case, now: int) -> Facts:
    """Everything entered for a case; `earlier` is how its overview was last kept."""
    snapshots = office.casebook.snapshots(case.id)
    requests = office.store.requests_of(case.id, now)
    return Facts(
        person=case.person,
        organisations=case.organisations,
        partner=case.partner,
        beside=office.casebook.beside(case.id),
        earlier=snapshots[0] if snapshots else None,
        declined=declined(requests, [each.oin for each in case.organisations]),
    )


def left_to_ask(
    case: Case, requests: Sequence[Request], found: Sequence[Finding]
) -> tuple[Source, ...]:
    """The organisations of a case that said nothing yet, and of which nobody said no.

    A request for one that brought the statement of another leaves it to be asked again.
    """
    heard = {
        each.source.oin if isinstance(each, Rejected) else each.evidence.source.oin
        for each in found
    }
    settled = heard | declined(requests, [each.oin for each in case.organisations])
    return tuple(each for each in case.organisations if each.oin not in settled)


def case_overview(office: Office, case: Case, now: int, subject: int | None = None) -> Overview:
    """Everything found for a case, judged at `now`; of two persons together or of one."""
    facts = case_facts(office, case, now)
    if case.partner and subject is not None:
        facts = facts.of(subject)
    return overview(facts, office.store.findings_of(case.id), now=now, ages=office.ages)


def keep_overview(office: Office, case: Case, now: int) -> None:
    """Keep how the overview stands now, so that what changes after it can be told."""
    office.casebook.keep_snapshot(case.id, snapshot(case_overview(office, case, now), now))


def case_report(
    office: Office, case: Case, now: int, speech: Speech, subject: int | None = None
) -> dict[str, Any]:
    """The overview as JSON, with its age and the state of the newest request."""
    requests = office.store.requests_of(case.id, now)
    state = requests[0].state if requests else None
    seen = case_overview(office, case, now, subject)
    return {
        "id": case.id,
        "made_at": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "oldest_reference_date": day(seen.oldest).isoformat() if seen.oldest else None,
        **report(seen, state, speech),
    }
