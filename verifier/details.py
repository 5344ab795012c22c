"""The parts of the JSON that stand around the debts; amounts in cents."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from verifier import sentences
from verifier.aside import Added, Told
from verifier.attention import Urgent
from verifier.breakdown import CREDITOR, URGENCY, Breakdown, Part
from verifier.changes import BALANCE, BY_HAND, COMPLETE, SOURCE, STAGE, Change, Changes
from verifier.doubles import Row
from verifier.findings import CALENDAR
from verifier.overview import Member
from verifier.totals import Totals
from verifier.usual import UsualCreditor
from verifier.visible import visible
from verifier.wording import Speech

_AMOUNTS: Final = frozenset({"added", "gone", "unseen", BALANCE, BY_HAND})


def totals(seen: Totals) -> dict[str, Any]:
    """The sums. `by_hand` and `national` are not checked and in none of the others."""
    return {
        "outstanding": seen.outstanding,
        "credit": seen.credit,
        "due": seen.due,
        "arrears": seen.arrears,
        "disputed": seen.disputed,
        "prescribed": seen.prescribed,
        "joint": seen.joint,
        "on_documents": seen.on_documents,
        "minimal": seen.minimal,
        "by_hand": seen.by_hand,
        "national": seen.national,
    }


def members(household: Iterable[Member]) -> list[dict[str, Any]]:
    """The persons of a household by number, without a name; [] where it is about one person."""
    return [
        {"person": each.subject + 1, "complete": each.complete, "totals": totals(each.totals)}
        for each in household
    ]


def breakdowns(split: Iterable[Breakdown], speech: Speech) -> dict[str, Any]:
    """For each way to split: the parts, and the rest that was signed and not shown."""
    return {
        each.by: {"parts": [_part(each.by, part, speech) for part in each.parts], "rest": each.rest}
        for each in split
    }


def dates(ahead: Iterable[Urgent], speech: Speech) -> list[dict[str, Any]]:
    """What stands on which day, or cannot wait."""
    names = sentences.urgencies(speech.translate)
    return [
        {
            "on": each.on,
            "reason": each.reason,
            "text": names[each.reason],
            "debt": each.row.debt["vordering_kenmerk"],
            "creditor": each.row.debt["schuldeiser"]["naam"],
            "organisation": each.row.evidence.source.name,
            "outstanding": each.row.debt["saldo"],
        }
        for each in ahead
    ]


def by_hand(debts: Iterable[Added]) -> list[dict[str, Any]]:
    """What was added by hand: niet gecontroleerd."""
    return [
        {**each.debt.to_json(), "checked": False, "possibly": possibly(each.possibly)}
        for each in debts
    ]


def national(bodies: Iterable[Told]) -> list[dict[str, Any]]:
    """What national bodies tell: read, and not proven to be of this person."""
    return [
        {
            **each.statement.to_json(),
            "outstanding": each.statement.outstanding,
            "checked": False,
            "claims": [
                {**vars(claim.claim), "possibly": possibly(claim.possibly)} for claim in each.claims
            ],
        }
        for each in bodies
    ]


def usual(creditors: Iterable[UsualCreditor], speech: Speech) -> list[dict[str, Any]]:
    """Which of the usual creditors were asked after."""
    names = sentences.usual_creditors(speech.translate)
    return [
        {"code": each.code, "name": names[each.code], "state": each.state} for each in creditors
    ]


def possibly(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Debts that may be the same one (mogelijk dubbel); all of them count."""
    return [
        {
            "organisation": row.evidence.source.name,
            "debt": row.debt["vordering_kenmerk"],
            "saldo": row.debt["saldo"],
        }
        for row in rows
    ]


def changes(found: Changes | None, speech: Speech) -> dict[str, Any] | None:
    """What changed since the overview was last kept; None when it never was."""
    if found is None:
        return None
    return {
        "since": datetime.fromtimestamp(found.since, CALENDAR).isoformat(),
        "outstanding_before": found.outstanding_before,
        "outstanding_after": found.outstanding_after,
        "items": [{**vars(each), "text": change(each, speech)} for each in found.items],
    }


def change(found: Change, speech: Speech) -> str:
    """The sentence for one change."""
    known = sentences.changes(speech.translate)
    _ = speech.translate
    key = "incomplete" if found.what == COMPLETE and not found.after else found.what
    name = visible(speech.label("type", found.name))
    return known[key] % {
        "name": _("%(name)s (tweede persoon)", name=name) if found.subject else name,
        "creditor": visible(found.creditor),
        "before": _told(found.what, found.before, speech),
        "after": _told(found.what, found.after, speech),
    }


def _told(what: str, value: Any, speech: Speech) -> str:
    if what in _AMOUNTS:
        return speech.euro(value or 0)
    if what == SOURCE:
        states = sentences.states(speech.translate)
        return states.get(value, states["missing"])
    if what == STAGE:
        return speech.label("fase", value) if value else _unknown(speech)
    return ""


def _part(by: str, part: Part, speech: Speech) -> dict[str, Any]:
    return {**vars(part), "text": part_name(by, part, speech)}


def part_name(by: str, part: Part, speech: Speech) -> str:
    """What one part of a total is called."""
    if by == CREDITOR:
        return visible(part.name)
    if by == URGENCY:
        return sentences.urgency_parts(speech.translate)[part.key]
    if not part.key:
        return _unknown(speech)
    return str(speech.label(_VOCABULARY[by], part.key))


def _unknown(speech: Speech) -> str:
    _ = speech.translate
    return str(_("niet bekend"))


_VOCABULARY: Final = {"kind": "type", "stage": "fase", "rank": "rang"}
