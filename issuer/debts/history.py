"""The life of one debt, event after event: also what was corrected or withdrawn stays in it."""

from collections.abc import Sequence
from typing import Any, Final

from issuer.debts.books import Closed
from issuer.debts.chronicle import Chronicle, day
from issuer.debts.events import TYPES, Event, ObligationImposed
from issuer.debts.obligations import Obligations

_NAMES: Final = {kind: name for name, kind in TYPES.items()}


def histories(
    told: Chronicle, debts: Sequence[Obligations], closed: Sequence[Closed]
) -> list[list[dict[str, Any]]]:
    """The steps of every debt, as content of `issuer.debts.debt.Step`."""
    subjects = [(event, told.subject(event)) for event in told.in_order()]
    return [
        [_step(told, event, subject, books) for event, subject in subjects if _is_of(debt, subject)]
        for debt, books in zip(debts, closed, strict=True)
    ]


def _is_of(debt: Obligations, subject: Event) -> bool:
    """What withdraws or corrects belongs to the debts that it changes."""
    if isinstance(subject, ObligationImposed):
        return subject.id in debt.ids
    return debt.concerned_by(subject)


def _step(told: Chronicle, event: Event, subject: Event, closed: Closed) -> dict[str, Any]:
    """What an event was to this debt; what never counted keeps the amount that it told."""
    step: dict[str, Any] = {"on": day(event.at).isoformat(), "event": _NAMES[type(event)]}
    cents = closed.shares.get(event.id, getattr(event, "cents", None))
    if cents is not None:
        step["cents"] = cents
    if isinstance(subject, ObligationImposed):
        step["part"] = subject.part
    if event.id in told.withdrawn:
        step["withdrawn"] = True
    return step
