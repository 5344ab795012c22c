"""Folding the events of one case into its debts.

Pure: the order of the events and how often each comes make no difference, and no cent is lost. What
was corrected or withdrawn stays in the history (domain.md case 15).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from issuer.debts.books import Closed, close
from issuer.debts.chronicle import Chronicle, EventsRefusedError, chronicle, day
from issuer.debts.circumstances import Circumstances
from issuer.debts.events import Event, ObligationCorrected
from issuer.debts.history import histories
from issuer.debts.obligations import Obligations, debts_of

__all__ = ["EventsRefusedError", "Folded", "by_case", "fold"]


@dataclass(frozen=True, slots=True)
class Folded:
    """One debt: the source's word for its kind, and its content as `Debt` has it.

    What the kind tells is not in the content. `open_cents` is what is open of each part.
    """

    kind: str
    content: dict[str, Any]
    open_cents: dict[str, int]

    @property
    def balance_cents(self) -> int:
        """What is open; below zero what was paid too much."""
        return int(self.content["balance_cents"])


def by_case(events: Iterable[Event]) -> dict[str, list[Event]]:
    """The events of each case, to fold one after another."""
    cases: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        cases[event.case_number].append(event)
    return dict(cases)


def fold(
    events: Iterable[Event], rules: Mapping[str, str | None], *, until: date | None = None
) -> list[Folded]:
    """The debts of one case (all `events` are of it), the oldest first.

    `rules` names the allocation rule of each kind (`issuer.debts.allocation.RULES`). Raises
    EventsRefusedError where events contradict each other, refer to what is not there, take more
    than there is, lie after the day `until`, or where a payment is for several debts without one
    declared rule.
    """
    told = chronicle(events)
    _check(told, until)
    debts = debts_of(told)
    closed = close(told, debts, rules)
    circumstances = Circumstances(told, debts, closed)
    happened = histories(told, debts, closed)
    return [
        Folded(
            kind=debt.lead.kind,
            content={
                **_identity(debt),
                **_amounts(books),
                **circumstances.of(place),
                "history": happened[place],
            },
            open_cents={part: cents for part, cents in books.account.open.items() if cents},
        )
        for place, (debt, books) in enumerate(zip(debts, closed, strict=True))
    ]


def _check(told: Chronicle, until: date | None) -> None:
    for event in told.events.values():
        if until is not None and day(event.at) > until:
            raise EventsRefusedError("date_future", event.id)
        cents = getattr(event, "cents", None)
        if cents is None:
            continue
        lowest = None if isinstance(event, ObligationCorrected) else 0
        if type(cents) is not int or not cents or (lowest is not None and cents < lowest):
            raise EventsRefusedError("event_amount", event.id)


def _identity(debt: Obligations) -> dict[str, Any]:
    """What belongs to the bill is numbered as the case, in a category of its own."""
    lead = debt.lead
    told = {
        "case_number": lead.case_number,
        "debt_number": debt.number or lead.case_number,
        "imposed_on": day(lead.at).isoformat(),
        **debt.about(),
    }
    if debt.number is None:
        only_interest = all(each.part == "interest" for each in debt.imposed)
        told["category"] = "rente" if only_interest else "administratiekosten"
    if lead.creditor_oin is not None:
        told |= {"creditor_oin": lead.creditor_oin, "creditor_name": lead.creditor_name}
    return told


def _amounts(books: Closed) -> dict[str, int]:
    """Principal and payments are always told; the rest where there is some."""
    account = books.account
    settled = {"corrected": account.corrected, "remitted": account.remitted}
    told = {name: cents for name, cents in (account.imposed | settled).items() if cents}
    told |= {"principal": account.imposed["principal"], "paid": account.paid}
    return {f"{name}_cents": cents for name, cents in told.items()} | {
        "balance_cents": account.balance
    }
