"""What happened to the debts of one case, as a source that keeps events tells it.

The types are those of FCID (Financial Claims Information Document), by its names, and ours for a
transfer, a dispute, a plan and the withdrawal of an event. Events never change: `id` names one for
ever within its source, and what was wrong is corrected or withdrawn by another. Amounts are cents,
above zero unless it says otherwise. `issuer.debts.folding` folds them into debts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

# What a part of an obligation may be: the amounts that add to a balance, but for corrections.
ObligationPart = Literal["principal", "reminder_costs", "warrant_costs", "other_costs", "interest"]
# What an obligation may tell of its debt: fields of `Debt` that no other event tells.
ABOUT: Final = frozenset(
    {
        "decision_number",
        "original_number",
        "tax_year",
        "description",
        "legal_basis",
        "legal_source",
        "collector_oin",
        "collector_name",
        "incurred_on",
        "period",
        "imposed_on",
        "interest_until",
        "liability",
        "co_debtors",
        "business",
        "disclosure_duty_breached",
        "prescribed_on",
        "interrupted_on",
    }
)
DemandStage = Literal["aanschrijving", "herinnering", "aanmaning", "dwangbevel"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event: `at` is when it happened (an aware time), `case_number` the zaakkenmerk.

    `debt_number` (vordering_kenmerk) names one debt of the case; None is the case as a whole: the
    bill, with all that stands on it.
    """

    id: str
    at: datetime
    case_number: str
    debt_number: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ObligationImposed(Event):
    """FinancieleVerplichtingOpgelegd: a debt begins, or costs or interest come to it.

    `kind` is the source's word for the kind of debt, which the dialect explains. Principal always
    names its debt; costs and interest without one belong to the bill. `about` is what the event
    tells of its debt, as content of `Debt` by the names in ABOUT, dates as YYYY-MM-DD.
    """

    kind: str
    cents: int
    part: ObligationPart = "principal"
    creditor_oin: str | None = None
    creditor_name: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not ABOUT.issuperset(self.about):
            raise ValueError("an obligation tells what no debt has")


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentDemanded(Event):
    """BetalingsverplichtingOpgelegd: what was imposed must be paid, with how and until when."""

    stage: DemandStage
    cents: int
    due_on: date | None = None
    payment_method: str | None = None
    iban: str | None = None
    account_name: str | None = None
    payment_reference: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DemandWithdrawn(Event):
    """BetalingsverplichtingIngetrokken: the demand with id `withdraws` no longer holds."""

    withdraws: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentProcessed(Event):
    """BetalingVerwerkt: money came in; the rule of the kind allocates it."""

    cents: int
    payment_reference: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ObligationRemitted(Event):
    """FinancieleVerplichtingKwijtgescholden: this much need not be paid any more."""

    cents: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ObligationCorrected(Event):
    """FinancieleVerplichtingGecorrigeerd: the obligation with id `corrects` is `cents` more.

    `cents` is signed and not 0: below zero the obligation was too high.
    """

    corrects: str
    cents: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AmountRefunded(Event):
    """BedragUitbetaald: money that came in went back."""

    cents: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SetOffProcessed(Event):
    """VerrekeningVerwerkt: settled with what the creditor owed; counts as a payment."""

    cents: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ObligationTransferred(Event):
    """VerplichtingOvergedragen: who handles it from now on. The newest holds.

    `transfer` and `handler_role` are codes of `issuer.debts.codes`; "geen" takes it back.
    """

    transfer: str
    handler_role: str | None = None
    handler_name: str | None = None
    handler_file_number: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ObligationDisputed(Event):
    """VerplichtingBetwist: somebody does not agree, until `open` is False. The newest holds."""

    open: bool = True
    kind: str | None = None
    status: str | None = None
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanAgreed(Event):
    """BetalingsregelingGetroffen: a payment plan, or how it goes since. The newest holds.

    For a bill the amounts are those of all its debts together.
    """

    instalment_cents: int | None = None
    frequency: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    remaining: int | None = None
    kept: bool | None = None
    broken_since: date | None = None
    overdue_cents: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EventWithdrawn(Event):
    """GebeurtenisIngetrokken: the event with id `withdraws` should not have been.

    A withdrawal that is itself withdrawn withdraws nothing.
    """

    withdraws: str


TYPES: Final[Mapping[str, type[Event]]] = {
    "FinancieleVerplichtingOpgelegd": ObligationImposed,
    "BetalingsverplichtingOpgelegd": PaymentDemanded,
    "BetalingsverplichtingIngetrokken": DemandWithdrawn,
    "BetalingVerwerkt": PaymentProcessed,
    "FinancieleVerplichtingKwijtgescholden": ObligationRemitted,
    "FinancieleVerplichtingGecorrigeerd": ObligationCorrected,
    "BedragUitbetaald": AmountRefunded,
    "VerrekeningVerwerkt": SetOffProcessed,
    "VerplichtingOvergedragen": ObligationTransferred,
    "VerplichtingBetwist": ObligationDisputed,
    "BetalingsregelingGetroffen": PlanAgreed,
    "GebeurtenisIngetrokken": EventWithdrawn,
}
