"""What of a folded debt is no money: stage, dispute, plan, who handles it, how and when to pay.

Of events that replace each other the newest that holds counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final, TypeVar

from issuer.debts import codes
from issuer.debts.allocation import shares
from issuer.debts.books import Closed
from issuer.debts.chronicle import Chronicle, day
from issuer.debts.events import (
    Event,
    ObligationDisputed,
    ObligationTransferred,
    PaymentDemanded,
    PlanAgreed,
)
from issuer.debts.obligations import Obligations

_Kind = TypeVar("_Kind", bound=Event)
_EVENT: Final = frozenset(field.name for field in fields(Event))
_STAGES: Final[Mapping[str, str]] = {
    "aanschrijving": "betaaltermijn_loopt",
    "herinnering": "herinnerd",
    "aanmaning": "aangemaand",
    "dwangbevel": "dwangbevel",
}
_PAYING: Final = ("payment_method", "iban", "account_name", "payment_reference")
_PLAN: Final = tuple(field.name for field in fields(PlanAgreed) if field.name not in _EVENT)
_HANDLING: Final = ("handler_role", "handler_name", "handler_file_number")


class Circumstances:
    """The circumstances of the debts of one case."""

    def __init__(
        self, told: Chronicle, debts: Sequence[Obligations], closed: Sequence[Closed]
    ) -> None:
        self._told = told
        self._holding = list(told.holding())
        self._debts = debts
        self._closed = closed
        self._plans = [self._newest(PlanAgreed, debt) for debt in debts]

    def of(self, place: int) -> dict[str, Any]:
        """Content of `Debt` for the debt at this place."""
        debt = self._debts[place]
        content = {
            **self._paying(debt),
            **self._handling(debt),
            **self._dispute(debt),
            **self._stage(place),
        }
        plan = self._plan(place)
        return {**content, "plan": plan} if plan else content

    def _all(self, kind: type[_Kind], debt: Obligations) -> Iterator[_Kind]:
        return (e for e in self._holding if isinstance(e, kind) and debt.concerned_by(e))

    def _newest(self, kind: type[_Kind], debt: Obligations) -> _Kind | None:
        return next(reversed([*self._all(kind, debt)]), None)

    def _paying(self, debt: Obligations) -> dict[str, Any]:
        """Bills in several terms have no one due date: then it is not known what is due."""
        demands = list(self._all(PaymentDemanded, debt))
        terms = {d.due_on for d in demands if d.stage == "aanschrijving" and d.due_on}
        due = min((d.due_on for d in demands if d.due_on), default=None)
        told = {name: getattr(d, name) for d in demands for name in _PAYING if getattr(d, name)}
        return told | ({"due_on": due.isoformat()} if due and len(terms) <= 1 else {})

    def _handling(self, debt: Obligations) -> dict[str, Any]:
        newest = self._newest(ObligationTransferred, debt)
        if newest is None:
            return {}
        if newest.transfer == "geen":
            return {"transfer": "geen"}
        told = {name: getattr(newest, name) for name in _HANDLING if getattr(newest, name)}
        return told | {"transfer": newest.transfer}

    def _dispute(self, debt: Obligations) -> dict[str, Any]:
        newest = self._newest(ObligationDisputed, debt)
        if newest is None:
            return {}
        told = {"kind": newest.kind, "status": newest.status, "ends_on": _iso(newest.ends_on)}
        remedy = {name: value for name, value in told.items() if value}
        flags = {"flags": ["betwist"]} if newest.open else {}
        return flags | ({"remedy": remedy} if remedy else {})

    def _stage(self, place: int) -> dict[str, Any]:
        stage, since = self._stage_since(place)
        return {"stage": stage, "stage_since": day(since).isoformat()}

    def _stage_since(self, place: int) -> tuple[str, datetime]:
        debt, closed, plan = self._debts[place], self._closed[place], self._plans[place]
        if closed.ended:
            return codes.WITHDRAWN, self._last_moved(closed)
        if closed.account.balance <= 0:
            remitted = closed.account.remitted > 0 and not closed.account.paid
            return codes.REMITTED if remitted else codes.PAID, self._last_moved(closed)
        sold = self._newest(ObligationTransferred, debt)
        if sold is not None and sold.transfer == codes.SOLD:
            return codes.TRANSFERRED_STAGE, sold.at
        if plan is not None and _runs(plan):
            return codes.PLAN_STAGE, plan.at
        demand = self._newest(PaymentDemanded, debt)
        return ("opgelegd", debt.lead.at) if demand is None else (_STAGES[demand.stage], demand.at)

    def _last_moved(self, closed: Closed) -> datetime:
        return max(e.at for e in self._told.in_order() if closed.shares.get(e.id))

    def _plan(self, place: int) -> dict[str, Any]:
        """The share of this debt in its plan: in proportion to what is open of those in it."""
        plan = self._plans[place]
        if plan is None or self._closed[place].account.balance <= 0:
            return {}
        told = {name: _iso(getattr(plan, name)) for name in _PLAN}
        for name in ("instalment_cents", "overdue_cents"):
            if told[name] is not None:
                told[name] = self._share(place, plan, told[name])
        return {name: value for name, value in told.items() if value is not None}

    def _share(self, place: int, plan: PlanAgreed, cents: int) -> int:
        weights = [
            max(closed.account.balance, 0) if own is plan else 0
            for closed, own in zip(self._closed, self._plans, strict=True)
        ]
        return shares(weights, cents)[place]


def _runs(plan: PlanAgreed) -> bool:
    return plan.broken_since is None and plan.kept is not False


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
