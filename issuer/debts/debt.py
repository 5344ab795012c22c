"""One debt as the municipality's own administration states it: amounts in cents, dates as dates.

Names are English here; `issuer.claims` turns a debt into the terms of a vordering. Nothing of the
debtor's identity is in it: a debt belongs to a pseudonym (`issuer.debts.register`).
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self


class Content:
    """Storing and restoring: a field that has its default is not in the content."""

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Self:
        """Restore from JSON; `content` is what `content()` gave."""
        restore = _RESTORE[cls]
        return cls(**{name: restore[name](value) for name, value in content.items()})

    def content(self) -> dict[str, Any]:
        """Everything that is known, as JSON values in the order of the fields."""
        known: dict[str, Any] = {}
        for field in fields(typing.cast("Any", self)):
            value = getattr(self, field.name)
            if value != field.default:
                known[field.name] = _as_json(value)
        return known


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan(Content):
    """A payment plan. `overdue_cents` is what of the instalments should have been paid by now."""

    instalment_cents: int | None = None
    frequency: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    remaining: int | None = None
    kept: bool | None = None
    broken_since: date | None = None
    overdue_cents: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment(Content):
    """An attachment (beslag) of wages, benefit or goods."""

    kind: str | None = None
    since: date | None = None
    monthly_cents: int | None = None
    attacher: str | None = None
    order: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Remedy(Content):
    """An objection or appeal that runs, or until when it can be made."""

    kind: str | None = None
    status: str | None = None
    ends_on: date | None = None
    intake: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step(Content):
    """One event in the life of a debt, by its name in FCID; it stays when it was withdrawn.

    `cents` is what it was to this debt, signed for a correction; `part` which amount it was about.
    """

    on: date
    event: str
    cents: int | None = None
    part: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Debt(Content):
    """One debt. The creditor is the issuing organisation unless `creditor_oin` names another.

    Codes (`type`, `stage`, `flags`, `rank`, …) are those of `issuer.debts.codes`. `None` means
    that the source does not tell it. The balance is signed: below zero is a credit.
    `unknown_parts` names amounts (without `_cents`) that are in the balance but not told apart.
    `history` is what a source that keeps events tells: also what was corrected or withdrawn.
    """

    source: str
    case_number: str
    debt_number: str
    type: str
    balance_cents: int
    category: str = "algemeen"
    decision_number: str | None = None
    original_number: str | None = None
    tax_year: int | None = None
    description: str | None = None
    legal_basis: str | None = None
    legal_source: str | None = None
    creditor_oin: str | None = None
    creditor_name: str | None = None
    collector_oin: str | None = None
    collector_name: str | None = None
    handler_role: str | None = None
    handler_name: str | None = None
    handler_file_number: str | None = None
    transfer: str | None = None
    incurred_on: date | None = None
    period: str | None = None
    imposed_on: date | None = None
    due_on: date | None = None
    principal_cents: int | None = None
    reminder_costs_cents: int | None = None
    warrant_costs_cents: int | None = None
    other_costs_cents: int | None = None
    interest_cents: int | None = None
    interest_until: date | None = None
    paid_cents: int | None = None
    remitted_cents: int | None = None
    corrected_cents: int | None = None
    stage: str | None = None
    stage_since: date | None = None
    next_step: str | None = None
    next_step_on: date | None = None
    flags: tuple[str, ...] = ()
    rank: str | None = None
    rank_basis: str | None = None
    liability: str | None = None
    co_debtors: int | None = None
    business: bool | None = None
    disclosure_duty_breached: bool | None = None
    prescribed_on: date | None = None
    interrupted_on: date | None = None
    payment_method: str | None = None
    iban: str | None = None
    account_name: str | None = None
    payment_reference: str | None = None
    plan: Plan | None = None
    attachment: Attachment | None = None
    remedy: Remedy | None = None
    unknown_parts: tuple[str, ...] = ()
    history: tuple[Step, ...] = ()


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Content):
        return value.content()
    return list(map(_as_json, value)) if isinstance(value, tuple) else value


def _unchanged(value: Any) -> Any:
    return value


_BY_TYPE: dict[Any, Any] = {
    date: date.fromisoformat,
    Plan: Plan.from_content,
    Attachment: Attachment.from_content,
    Remedy: Remedy.from_content,
    tuple[str, ...]: tuple,
    tuple[Step, ...]: lambda steps: tuple(map(Step.from_content, steps)),
}


def _restorers(record: type) -> dict[str, Any]:
    restorers = {}
    for name, hint in typing.get_type_hints(record).items():
        optional = isinstance(hint, types.UnionType)
        inner = typing.get_args(hint)[0] if optional else hint
        restorers[name] = _BY_TYPE.get(inner, _unchanged)
    return restorers


_RESTORE: dict[type, dict[str, Any]] = {
    record: _restorers(record) for record in (Plan, Attachment, Remedy, Step, Debt)
}
