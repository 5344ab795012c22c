"""The overview as JSON, for scripts and case software: the same as the page, amounts in cents."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from vckit.statement import Breach
from verifier import build_up, details, notes, wording
from verifier.doubles import Row
from verifier.findings import Evidence
from verifier.grouping import GROUPS, OTHER_PERSON, REPEATED, Entry
from verifier.overview import Overview
from verifier.standings import Standing
from verifier.visible import visible
from verifier.wording import Speech


def report(seen: Overview, state: str | None, speech: Speech) -> dict[str, Any]:
    """`state` is that of the newest request of the case, None when nothing was asked."""
    return {
        "state": state,
        "complete": seen.complete,
        "person": _person(seen),
        "organisations": [_organisation(each, speech) for each in seen.standings],
        "totals": details.totals(seen.totals),
        "household": details.members(seen.members),
        "breakdowns": details.breakdowns(seen.breakdowns, speech),
        "urgent": details.dates(seen.urgent, speech),
        "timeline": details.dates(seen.timeline, speech),
        "calls": [asdict(each) for each in seen.calls],
        "groups": {group: [_entry(entry) for entry in seen.grouping.of(group)] for group in GROUPS},
        "findings": list(findings(seen, speech)),
        "debts": [_debt(row, speech) for row in seen.rows],
        "by_hand": details.by_hand(seen.by_hand),
        "national": details.national(seen.national),
        "usual_creditors": details.usual(seen.usual, speech),
        "changes": details.changes(seen.changes, speech),
    }


def findings(seen: Overview, speech: Speech) -> Iterator[dict[str, Any]]:
    """Everything that needs a word: what does not count, what came twice, what does not add up."""
    for entry in seen.grouping.entries:
        if entry.reason:
            yield _finding(entry.evidence, entry.reason, speech)
        for breach in entry.evidence.breaches:
            yield _breach(entry.evidence, breach, speech)
    for evidence in seen.grouping.repeated:
        yield _finding(evidence, REPEATED, speech)
    for refused in seen.grouping.refused:
        yield {
            "organisation": refused.source.name or None,
            "oin": refused.source.oin,
            "basis": refused.basis,
            "reason": refused.reason,
            "text": wording.rejection(refused, speech),
        }


def _person(seen: Overview) -> dict[str, Any] | None:
    if seen.person is None:
        return None
    return {**seen.person.to_json(), "established": seen.person_is_established}


def _organisation(standing: Standing, speech: Speech) -> dict[str, Any]:
    sentence, next_step = wording.standing(standing, speech)
    entry = standing.entry
    stated = _amounts(entry.evidence) if entry and entry.group != OTHER_PERSON else _NOTHING
    return {
        "name": standing.source.name,
        "oin": standing.source.oin,
        "person": standing.subject + 1,
        "state": standing.state,
        **stated,
        "complete": standing.complete,
        "remarks": list(standing.remarks),
        "basis": entry.evidence.basis if entry else None,
        "status_at": _time(entry.evidence.status_at) if entry else None,
        "text": sentence,
        "next_step": next_step,
    }


def _amounts(evidence: Evidence) -> dict[str, Any]:
    return {
        "claims": evidence.terms["aantal_vorderingen"],
        "outstanding": evidence.terms["totaal_openstaand"],
        "credit": evidence.terms["totaal_tegoed"],
        "completeness": evidence.terms["volledigheid"],
        "reference_date": evidence.terms["peildatum"],
    }


_NOTHING = dict.fromkeys(("claims", "outstanding", "credit", "completeness", "reference_date"))


def _entry(entry: Entry) -> dict[str, Any]:
    evidence = entry.evidence
    return {
        "organisation": evidence.source.name,
        "oin": evidence.source.oin,
        "person": entry.subject + 1,
        "reason": entry.reason,
        **_amounts(evidence),
        "basis": evidence.basis,
        "issued_at": _time(evidence.issued_at),
        "checked_at": _time(evidence.checked_at),
        "credential": evidence.digest,
    }


def _debt(row: Row, speech: Speech) -> dict[str, Any]:
    return {
        **row.debt,
        "organisation": row.evidence.source.name,
        "oin": row.oin,
        "basis": row.evidence.basis,
        "reference_date": row.evidence.terms["peildatum"],
        "person": row.subject + 1,
        "counted": row.counts,
        "joint": row.joint,
        "left": _left(row),
        "also_stated_by": [
            {"organisation": other.evidence.source.name, "saldo": other.debt["saldo"]}
            for other in row.doubled
        ],
        "possibly": details.possibly(row.possibly),
        "notes": list(notes.notes(row, speech)),
    }


def _left(row: Row) -> dict[str, int] | None:
    """What of the balance is costs, interest and principal, where that is known."""
    left = build_up.left(row.debt)
    return asdict(left) if left else None


def _finding(evidence: Evidence, reason: str, speech: Speech) -> dict[str, Any]:
    return {
        "organisation": evidence.source.name,
        "oin": evidence.source.oin,
        "basis": evidence.basis,
        "reason": reason,
        "text": wording.finding(reason, evidence.source.name, evidence, speech),
    }


def _breach(evidence: Evidence, breach: Breach, speech: Speech) -> dict[str, Any]:
    numbers = {"missing": breach.missing, "amount": breach.amount}
    values = {**numbers, "reference": visible(breach.debt[2]) if breach.debt else None}
    return {
        "organisation": evidence.source.name,
        "oin": evidence.source.oin,
        "basis": evidence.basis,
        "reason": breach.reason,
        "text": wording.breach(breach.reason, evidence.source.name, values, speech),
        "debt": breach.debt[2] if breach.debt else None,
        **{name: number for name, number in numbers.items() if number is not None},
    }


def _time(moment: int | None) -> str | None:
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
