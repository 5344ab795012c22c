"""The tables of a dialect's file, one class each: what can be declared, and nothing else."""

import re
from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from issuer.debts import codes
from vckit.adapters.settings import Section

Text = Annotated[str, Field(min_length=1, max_length=500)]
Oin = Annotated[str, Field(pattern=r"^[0-9]{20}$")]
_SeveralColumns = Annotated[tuple[Text, ...], Field(min_length=1, max_length=5)]
# One column, or several that are joined by `numbers.separator`.
Column = Text | _SeveralColumns
# The amounts that make up a balance; those in SETTLED lower it.
ADDED: Final = (
    "principal",
    "reminder_costs",
    "warrant_costs",
    "other_costs",
    "interest",
    "corrected",
)
SETTLED: Final = ("paid", "remitted")
PARTS: Final = (*ADDED, *SETTLED)
_PART: Final = rf"^-?({'|'.join(PARTS)})$"


class Columns(Section):
    """Which column tells what; the column's name as it stands in the header."""

    bsn: Text
    co_debtor: Column | None = None
    birth_date: Text | None = None
    case_number: Column
    debt_number: Column
    decision_number: Column | None = None
    original_number: Column | None = None
    currency: Text | None = None
    principal: Text | None = None
    reminder_costs: Text | None = None
    warrant_costs: Text | None = None
    other_costs: Text | None = None
    interest: Text | None = None
    paid: Text | None = None
    remitted: Text | None = None
    corrected: Text | None = None
    balance: Text | None = None
    incurred_on: Text | None = None
    imposed_on: Text | None = None
    due_on: Text | None = None
    interest_until: Text | None = None
    stage_since: Text | None = None
    next_step_on: Text | None = None
    prescribed_on: Text | None = None
    interrupted_on: Text | None = None
    tax_year: Text | None = None
    kind: Text | None = None
    stage: Text | None = None
    description: Column | None = None
    period: Column | None = None
    next_step: Text | None = None
    creditor_oin: Text | None = None
    creditor_name: Text | None = None
    collector_oin: Text | None = None
    collector_name: Text | None = None
    handler_name: Text | None = None
    handler_file_number: Text | None = None
    payment_method: Text | None = None
    iban: Text | None = None
    account_name: Text | None = None
    payment_reference: Text | None = None
    plan_instalment: Text | None = None
    plan_overdue: Text | None = None
    plan_starts_on: Text | None = None
    plan_ends_on: Text | None = None
    plan_broken_since: Text | None = None
    plan_remaining: Text | None = None
    attachment_monthly: Text | None = None
    attachment_since: Text | None = None
    attachment_attacher: Text | None = None


class Bsn(Section):
    """How the BSN is written."""

    restore_leading_zeros: bool = False


class Numbers(Section):
    """How numbers of several columns are joined."""

    separator: str = Field(default="-", pattern="^[ -~]{0,3}$")


class Amounts(Section):
    """How amounts are written."""

    unit: Literal["euro", "cent"] = "euro"
    decimal: Literal[",", "."] | None = None
    thousands: Literal[".", ",", " ", "'", "\u00a0", "\u202f"] | None = None
    currency_sign: Literal["€", "EUR"] | None = None
    negative: Literal["leading", "trailing", "parentheses"] = "leading"
    empty_is_zero: bool = False
    negated: tuple[Literal["paid", "remitted", "corrected"], ...] = ()
    maximum_euros: int = Field(default=10_000_000, ge=1, le=1_000_000_000)

    @model_validator(mode="after")
    def _signs_differ(self) -> Self:
        if self.thousands is not None and self.thousands == self.decimal:
            raise ValueError("decimal and thousands are the same sign")
        return self


class Balance(Section):
    """Where the balance comes from, and whether it may be below zero."""

    rule: Literal["checked", "computed", "stated"]
    allow_negative: bool = False


class Dates(Section):
    """How dates are written, and which are plausible."""

    notation: str | None = None
    earliest: date = date(1980, 1, 1)
    future_days: int = Field(default=0, ge=0, le=400)

    @field_validator("notation")
    @classmethod
    def _has_day_month_year(cls, notation: str) -> str:
        tokens = re.findall("yyyy|mm|dd|m|d|y", notation)
        if sorted(token[0] for token in tokens) != ["d", "m", "y"] or "yyyy" not in tokens:
            raise ValueError("must have yyyy, one of mm and m, and one of dd and d, each once")
        return notation


class Kind(Section):
    """What one word of the source means, with the legal basis of the debt and of its rank."""

    type: Literal[codes.TYPES]  # type: ignore[valid-type]  # one list of codes, not two
    category: Literal[codes.CATEGORIES] = "algemeen"  # type: ignore[valid-type]  # as above
    description: Text | None = None
    legal_basis: Text | None = None
    legal_source: Text | None = None
    rank: Literal[codes.RANKS]  # type: ignore[valid-type]  # as above
    rank_basis: Text
    allocation: Literal[codes.ALLOCATIONS] | None = None  # type: ignore[valid-type]  # as above


class Kinds(Section):
    """The words of the kind column; or one word that holds for the whole file."""

    fixed: Text | None = None
    words: dict[str, Kind] = Field(min_length=1)


class Stages(Section):
    """The words of the stage column; or one code that holds for the whole file."""

    fixed: Literal[codes.STAGES] | None = None  # type: ignore[valid-type]  # as above
    words: dict[str, Literal[codes.STAGES]] = Field(default_factory=dict)  # type: ignore[valid-type]  # as above


class YesNo(Section):
    """A column that says yes or no, and all the words that it may hold; "" is the empty cell."""

    column: Text
    yes: tuple[str, ...] = Field(min_length=1)
    no: tuple[str, ...] = Field(min_length=1)


class Flags(Section):
    """Which column raises which flag (markering)."""

    betwist: YesNo | None = None
    uitstel: YesNo | None = None
    kwijtschelding_aangevraagd: YesNo | None = None
    opgeschort_schuldhulp: YesNo | None = None
    beslag: YesNo | None = None
    verrekening: YesNo | None = None
    buiten_invordering: YesNo | None = None
    verjaard: YesNo | None = None


class Answers(Section):
    """Other columns that say yes or no."""

    business: YesNo | None = None
    disclosure_duty_breached: YesNo | None = None
    plan_kept: YesNo | None = None


class Handler(Section):
    """Who a handler is, for rows whose `handler_name` is filled."""

    role: Literal[codes.HANDLERS]  # type: ignore[valid-type]  # as above
    transfer: Literal[codes.TRANSFERS] = "incasso_opdracht"  # type: ignore[valid-type]  # as above


class Creditor(Section):
    """The creditor of every row, where it is not the organisation itself."""

    oin: Oin
    name: Text


class Plan(Section):
    """What holds for every payment plan of the file."""

    frequency: Text


class Movements(Section):
    """Amounts that stand in another table of the database, each added to a part of its debt."""

    query: str = Field(min_length=1)
    number: Text
    kind: Text
    amount: Text
    kinds: dict[str, Annotated[str, Field(pattern=_PART)]] = Field(min_length=1)


class Exclusion(Section):
    """Rows that must not be stated: `column` has one of `values`."""

    column: Text
    values: tuple[str, ...] = Field(min_length=1)


def in_columns(column: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """The names of one, several or no columns."""
    if column is None:
        return ()
    return (column,) if isinstance(column, str) else column


DATE_COLUMNS: Final = (
    "birth_date",
    "incurred_on",
    "imposed_on",
    "due_on",
    "interest_until",
    "stage_since",
    "next_step_on",
    "prescribed_on",
    "interrupted_on",
    "plan_starts_on",
    "plan_ends_on",
    "plan_broken_since",
    "attachment_since",
)
