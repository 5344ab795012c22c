"""Which debts a case has: its obligations, put together by the debt that they make.

Costs and interest that name no debt belong to the bill: with one debt on it they join that debt,
else they are a debt of their own and so count once (domain.md case 14).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from issuer.debts.chronicle import Chronicle, EventsRefusedError
from issuer.debts.events import Event, ObligationImposed

# The number of a debt, or None and who is owed what stands on the bill itself.
_Key = tuple[str | None, str | None]


@dataclass(frozen=True)
class Obligations:
    """The obligations of one debt, in order, also those that were withdrawn.

    `number` is None for what is of the bill; `lead` tells the kind and whom it is owed to.
    """

    number: str | None
    imposed: Sequence[ObligationImposed]
    lead: ObligationImposed

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all of them."""
        return frozenset(event.id for event in self.imposed)

    def concerned_by(self, event: Event) -> bool:
        """Whether the event is about this debt, or about the whole case."""
        return event.debt_number in {None, self.number}

    def about(self) -> dict[str, Any]:
        """What the obligations like the lead tell of the debt; the newest holds."""
        told: dict[str, Any] = {}
        for each in self.imposed:
            if each.part == self.lead.part:
                told |= each.about
        return told


def debts_of(told: Chronicle) -> list[Obligations]:
    """Every debt of a case, the oldest first. EventsRefusedError where they contradict."""
    imposed = [event for event in told.in_order() if isinstance(event, ObligationImposed)]
    for event in imposed:
        if event.debt_number is None and event.part == "principal":
            raise EventsRefusedError("event_reference", event.id)
    leads = _leads(told, imposed)
    debts: dict[_Key, list[ObligationImposed]] = defaultdict(list)
    for event in imposed:
        debts[_key(event, leads)].append(event)
    return [Obligations(key[0], each, _lead(told, each)) for key, each in debts.items()]


def _leads(told: Chronicle, imposed: Sequence[ObligationImposed]) -> dict[str, ObligationImposed]:
    numbered: dict[str, list[ObligationImposed]] = defaultdict(list)
    for event in imposed:
        if event.debt_number is not None:
            numbered[event.debt_number].append(event)
    return {number: _lead(told, each) for number, each in numbered.items()}


def _key(event: ObligationImposed, leads: Mapping[str, ObligationImposed]) -> _Key:
    if event.debt_number is not None:
        return event.debt_number, None
    if len(leads) == 1:
        [(number, lead)] = leads.items()
        if lead.creditor_oin == event.creditor_oin:
            return number, None
    return None, event.creditor_oin


def _lead(told: Chronicle, imposed: Sequence[ObligationImposed]) -> ObligationImposed:
    """The first principal that holds; all principal of a debt is of one kind and one creditor."""
    principal = [event for event in imposed if event.part == "principal"] or list(imposed)
    holding = [event for event in principal if event.id not in told.withdrawn] or principal
    lead = holding[0]
    for event in principal:
        if lead.part == "principal" and _whose(event) != _whose(lead):
            raise EventsRefusedError("event_conflict", event.id)
    return lead


def _whose(event: ObligationImposed) -> tuple[str, str | None, str | None]:
    return event.kind, event.creditor_oin, event.creditor_name
