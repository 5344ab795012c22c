"""What of a debt has to be paid now: known, or said not to be known; never guessed."""

from dataclasses import dataclass
from datetime import date, timedelta

from issuer.debts import codes
from issuer.debts.debt import Debt, Plan


@dataclass(frozen=True, kw_only=True, slots=True)
class DueAmounts:
    """What is due and what is in arrears, in cents, and since when."""

    due_cents: int
    arrears_cents: int
    since: date | None = None


def due_amounts(debt: Debt, reference: date) -> DueAmounts | None:
    """What of `debt` is due at `reference`; None where the source does not tell enough.

    An amount is due on its due date and in arrears from the day after.
    """
    if debt.balance_cents <= 0 or _is_not_collectable(debt):
        return DueAmounts(due_cents=0, arrears_cents=0)
    if debt.plan is not None or debt.stage == codes.PLAN_STAGE:
        return _due_in_plan(debt.plan or Plan(), debt.balance_cents)
    if debt.due_on is None or debt.stage is None:
        return None
    return _due_by_date(debt.due_on, debt.balance_cents, reference)


def _is_not_collectable(debt: Debt) -> bool:
    """Deferred, paused for debt help, prescribed or withdrawn: nothing has to be paid now."""
    halted = {codes.DEFERRED_STAGE, codes.PRESCRIBED, codes.WITHDRAWN, "opgeschort_schuldhulp"}
    return debt.stage in halted or not halted.isdisjoint(debt.flags)


def _due_in_plan(plan: Plan, balance: int) -> DueAmounts | None:
    """A broken plan makes the whole balance due; a running one only what was missed of it."""
    if plan.broken_since is not None or plan.kept is False:
        return DueAmounts(due_cents=balance, arrears_cents=balance, since=plan.broken_since)
    if plan.overdue_cents is not None:
        overdue = min(plan.overdue_cents, balance)
        return DueAmounts(due_cents=overdue, arrears_cents=overdue)
    return DueAmounts(due_cents=0, arrears_cents=0) if plan.kept else None


def _due_by_date(due_on: date, balance: int, reference: date) -> DueAmounts:
    if reference < due_on:
        return DueAmounts(due_cents=0, arrears_cents=0)
    if reference == due_on:
        return DueAmounts(due_cents=balance, arrears_cents=0)
    since = due_on + timedelta(days=1)
    return DueAmounts(due_cents=balance, arrears_cents=balance, since=since)
