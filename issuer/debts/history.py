"""The life of one debt, event after event: also what was corrected or withdrawn stays in it."""

from collections.abc import Iterator
from typing import Any, Final

from issuer.debts.books import Closed
from issuer.debts.chronicle import Chronicle, day
from issuer.debts.events import TYPES, Event, ObligationImposed
from issuer.debts.obligations import Obligations

_NAMES: Final = {kind: name for name, kind in TYPES.items()}


def history(told: Chronicle, debt: Obligations, closed: Closed) -> list[dict[str, Any]]:
    """The steps of a debt, as content of `issuer.debts.debt.Step`."""
    return [_step(told, event, closed) for event in _of(told, debt)]


def _of(told: Chronicle, debt: Obligations) -> Iterator[Event]:
    """What withdraws or corrects belongs to the debts that it changes."""
    own = {each.id for each in debt.imposed}
    for event in told.in_order():
        subject = told.subject(event)
        if isinstance(subject, ObligationImposed):
            if subject.id in own:
                yield event
        elif debt.concerned_by(subject):
            yield event


def _step(told: Chronicle, event: Event, closed: Closed) -> dict[str, Any]:
    """What an event was to this debt; what never counted keeps the amount that it told."""
    step: dict[str, Any] = {"on": day(event.at).isoformat(), "event": _NAMES[type(event)]}
    cents = closed.shares.get(event.id, getattr(event, "cents", None))
    if cents is not None:
        step["cents"] = cents
    subject = told.subject(event)
    if isinstance(subject, ObligationImposed):
        step["part"] = subject.part
    if event.id in told.withdrawn:
        step["withdrawn"] = True
    return step
