"""Reading a case: its overview and its report, for pages and commands alike."""

from typing import Any

from verifier.office import Office
from verifier.overview import Facts, Overview, overview
from verifier.report import report
from verifier.store import Case
from verifier.wording import Speech


def case_overview(office: Office, case: Case, now: int) -> Overview:
    """Everything found for a case, judged at `now`."""
    facts = Facts(case.person, case.organisations)
    return overview(facts, office.store.findings_of(case.id), now=now, ages=office.ages)


def case_report(office: Office, case: Case, now: int, speech: Speech) -> dict[str, Any]:
    """The overview as JSON, with the state of the newest request."""
    requests = office.store.requests_of(case.id, now)
    state = requests[0].state if requests else None
    return {"id": case.id, **report(case_overview(office, case, now), state, speech)}
