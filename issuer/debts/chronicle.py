"""The events of one case in the order in which they count, whatever the order they came in.

Each event counts once, by its id. What was withdrawn stays known: an obligation ends at its
withdrawal, anything else that was withdrawn never counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from graphlib import CycleError, TopologicalSorter
from typing import Final
from zoneinfo import ZoneInfo

from issuer.debts.events import (
    AmountRefunded,
    DemandWithdrawn,
    Event,
    EventWithdrawn,
    ObligationCorrected,
    ObligationImposed,
    ObligationRemitted,
    PaymentDemanded,
    PaymentProcessed,
    SetOffProcessed,
)

_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")
_Withdrawal = EventWithdrawn | DemandWithdrawn
# What happens at the same moment (many sources know only days) happens in this order.
_ORDER: Final[tuple[type[Event], ...]] = (
    ObligationImposed,
    ObligationCorrected,
    EventWithdrawn,
    ObligationRemitted,
    PaymentProcessed,
    SetOffProcessed,
    AmountRefunded,
)


def day(moment: datetime) -> date:
    """The day of the Dutch calendar."""
    return moment.astimezone(_CALENDAR).date()


class EventsRefusedError(Exception):
    """The events of a case do not fit together: `code` is a key of REASONS, `event` an id."""

    def __init__(self, code: str, event: str) -> None:
        super().__init__(code)
        self.code = code
        self.event = event


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The events of one case by id, and which of them were withdrawn by which (the first).

    `first_imposed` is the moment of the first obligation by number of its debt; None: of all.
    """

    events: Mapping[str, Event]
    withdrawn: Mapping[str, Event]
    first_imposed: Mapping[str | None, datetime]

    def in_order(self) -> Iterator[Event]:
        """All events, in the order in which they count."""
        return iter(sorted(self.events.values(), key=self._place))

    def holding(self) -> Iterator[Event]:
        """Those in order that were not withdrawn."""
        return (event for event in self.in_order() if event.id not in self.withdrawn)

    def named(self, event: ObligationCorrected | _Withdrawal) -> Event:
        """The event that this one is about."""
        return self.events[_named(event)]

    def subject(self, event: Event) -> Event:
        """What an event is about in the end: itself, unless it corrects or withdraws another."""
        while isinstance(event, ObligationCorrected | EventWithdrawn | DemandWithdrawn):
            event = self.named(event)
        return event

    def _place(self, event: Event) -> tuple[datetime, int, str]:
        order = _ORDER.index(type(event)) if type(event) in _ORDER else len(_ORDER)
        return self.moment(event), order, event.id

    def moment(self, event: Event) -> datetime:
        """When an event counts: never before what it is about."""
        if isinstance(event, ObligationCorrected | EventWithdrawn | DemandWithdrawn):
            return max(event.at, self.named(event).at)
        if isinstance(event, _MONEY):
            # Money that came before the first bill is for that bill.
            return max(event.at, self.first_imposed.get(event.debt_number, event.at))
        return event.at


_MONEY: Final = (ObligationRemitted, PaymentProcessed, SetOffProcessed, AmountRefunded)


def chronicle(events: Iterable[Event]) -> Chronicle:
    """Order the events of one case. Pure; EventsRefusedError where they contradict each other."""
    known = _once_each(events)
    for event in known.values():
        if isinstance(event, ObligationCorrected):
            _check_named(event, known, ObligationImposed)
        elif isinstance(event, DemandWithdrawn):
            _check_named(event, known, PaymentDemanded)
        elif isinstance(event, EventWithdrawn):
            _check_named(event, known, Event)
    return Chronicle(known, _withdrawn(known), _first_imposed(known))


def _once_each(events: Iterable[Event]) -> dict[str, Event]:
    known: dict[str, Event] = {}
    for event in events:
        if known.setdefault(event.id, event) != event:
            raise EventsRefusedError("event_conflict", event.id)
    return known


def _check_named(
    event: ObligationCorrected | _Withdrawal, known: Mapping[str, Event], kind: type[Event]
) -> None:
    if not isinstance(known.get(_named(event)), kind):
        raise EventsRefusedError("event_reference", event.id)


def _named(event: ObligationCorrected | _Withdrawal) -> str:
    return event.corrects if isinstance(event, ObligationCorrected) else event.withdraws


def _withdrawn(known: Mapping[str, Event]) -> dict[str, Event]:
    """Every withdrawn event with the first withdrawal of it that holds.

    A withdrawal holds when none of it does. Rounds are refused: they mean nothing.
    """
    withdrawals: dict[str, list[Event]] = defaultdict(list)
    for event in known.values():
        if isinstance(event, EventWithdrawn | DemandWithdrawn):
            withdrawals[event.withdraws].append(event)
    sorter = TopologicalSorter({name: [each.id for each in by] for name, by in withdrawals.items()})
    found: dict[str, Event] = {}
    try:
        for name in sorter.static_order():
            holding = [each for each in withdrawals.get(name, ()) if each.id not in found]
            if holding:
                found[name] = min(holding, key=lambda each: (each.at, each.id))
    except CycleError as error:
        raise EventsRefusedError("event_reference", min(error.args[1])) from None
    return found


def _first_imposed(known: Mapping[str, Event]) -> dict[str | None, datetime]:
    """When the first obligation was imposed, by number of its debt; None: of the whole case."""
    first: dict[str | None, datetime] = {}
    for event in known.values():
        if isinstance(event, ObligationImposed):
            for number in {None, event.debt_number}:
                first[number] = min(event.at, first.get(number, event.at))
    return first
