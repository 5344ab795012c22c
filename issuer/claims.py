"""The terms of a statement (schuldenopgave) from what the register holds. Pure: no clock, no store.

Shapes: wire.md "The statement"; the names of the person come from the log-in only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from issuer.debts import codes
from issuer.debts.debt import Attachment, Debt, Plan, Remedy
from issuer.debts.source import OK, Account, SourceState
from vckit import statement
from vckit.errors import KitError
from vckit.status import StatusReference

_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")
# An SD-JWT carries at most 2,000 disclosures and a debt needs up to eight.
MAXIMUM_DEBTS: Final = 240
# Stated in documents where the kind itself would tell about the duty to inform (wire.md).
_GENERAL: Final = {
    "type": codes.GENERAL_TYPE,
    "omschrijving": "Vordering van de gemeente",
    "juridische_grondslag_omschrijving": "Algemene wet bestuursrecht, titel 4.4",
    "rang_grondslag": "Burgerlijk Wetboek Boek 3, titel 10",
}
_TERMS: Final = {
    "zaakkenmerk": "case_number",
    "vordering_kenmerk": "debt_number",
    "beschikkingsnummer": "decision_number",
    "oorspronkelijk_kenmerk": "original_number",
    "belastingjaar": "tax_year",
    "type": "type",
    "categorie": "category",
    "omschrijving": "description",
    "juridische_grondslag_omschrijving": "legal_basis",
    "juridische_grondslag_bron": "legal_source",
    "overdracht": "transfer",
    "ontstaansdatum": "incurred_on",
    "periode": "period",
    "datum_opgelegd": "imposed_on",
    "vervaldatum": "due_on",
    "hoofdsom": "principal_cents",
    "kosten_aanmaning": "reminder_costs_cents",
    "kosten_dwangbevel": "warrant_costs_cents",
    "kosten_overig": "other_costs_cents",
    "rente": "interest_cents",
    "rente_tot": "interest_until",
    "betaald": "paid_cents",
    "kwijtgescholden": "remitted_cents",
    "gecorrigeerd": "corrected_cents",
    "saldo": "balance_cents",
    "fase": "stage",
    "fase_sinds": "stage_since",
    "volgende_stap": "next_step",
    "volgende_stap_datum": "next_step_on",
    "rang": "rank",
    "rang_grondslag": "rank_basis",
    "aansprakelijkheid": "liability",
    "aantal_medeschuldenaren": "co_debtors",
    "zakelijk": "business",
    "inlichtingenplicht": "disclosure_duty_breached",
    "verjaringsdatum": "prescribed_on",
    "laatste_stuiting": "interrupted_on",
    "betaalwijze": "payment_method",
    "iban": "iban",
    "tenaamstelling": "account_name",
    "betalingskenmerk": "payment_reference",
}
_PLAN_TERMS: Final = {
    "bedrag_per_termijn": "instalment_cents",
    "frequentie": "frequency",
    "start": "starts_on",
    "eind": "ends_on",
    "resterend": "remaining",
    "nagekomen": "kept",
    "vervallen_sinds": "broken_since",
}
_ATTACHMENT_TERMS: Final = {
    "soort": "kind",
    "sinds": "since",
    "bedrag_per_maand": "monthly_cents",
    "beslaglegger": "attacher",
    "rangorde": "order",
}
_REMEDY_TERMS: Final = {
    "soort": "kind",
    "status": "status",
    "termijn_einddatum": "ends_on",
    "intake": "intake",
}
_HANDLER_TERMS: Final = {
    "soort": "handler_role",
    "naam": "handler_name",
    "dossiernummer": "handler_file_number",
}
_COLLECTOR_TERMS: Final = {"oin": "collector_oin", "naam": "collector_name"}
_UNKNOWN_DUE: Final = ("opeisbaar_bedrag", "achterstand_bedrag")


class TooManyDebtsError(KitError):
    """One statement cannot carry so many debts; the person needs a statement on paper."""


class Organisation(Protocol):
    """Who states the debts."""

    @property
    def name(self) -> str:
        """As in the scheme."""
        ...

    @property
    def oin(self) -> str:
        """Twenty digits."""
        ...

    @property
    def municipality_code(self) -> str:
        """GM and four digits."""
        ...


class Contact(Protocol):
    """Whom a resident with money problems can call."""

    @property
    def name(self) -> str:
        """The desk."""
        ...

    @property
    def phone(self) -> str:
        """As people dial it."""
        ...

    @property
    def email(self) -> str:
        """Address of the desk."""
        ...

    @property
    def url(self) -> str:
        """Page of the desk."""
        ...


class Person(Protocol):
    """The resident as the log-in tells it: the only source of names and birth date."""

    @property
    def bsn(self) -> str:
        """Nine digits."""
        ...

    @property
    def family_name(self) -> str:
        """May be empty."""
        ...

    @property
    def given_name(self) -> str:
        """May be empty."""
        ...

    @property
    def birthdate(self) -> str:
        """YYYY-MM-DD, or empty."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class DueAmounts:
    """What is due and what is in arrears, in cents, and since when."""

    due_cents: int
    arrears_cents: int
    since: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Issuer:
    """What one organisation says of itself. `with_bsn` needs a legal basis in its configuration."""

    organisation: Organisation
    contact: Contact
    with_bsn: bool = False


def build_statement(
    person: Person,
    account: Account,
    issuer: Issuer,
    *,
    reference: str,
    new_salt: Callable[[], str],
    now: int,
    refresh: StatusReference | None,
    document: bool = False,
) -> dict[str, Any]:
    """The terms of one statement in the rich form of wire.md.

    `reference` is its urn:uuid, `new_salt` gives 128 fresh random bits in base64url for every
    debt, `now` epoch seconds, `refresh` the entry that will tell that a newer one exists. The
    reference date is that of the oldest delivery in it, since the whole holds only as far as its
    oldest part; every source carries its own. `document` states nothing that a holder could not
    withhold on paper: no BSN, no `inlichtingenplicht`, a general kind for fines. Raises
    TooManyDebtsError above MAXIMUM_DEBTS.
    """
    if len(account.debts) > MAXIMUM_DEBTS:
        raise TooManyDebtsError("there are more debts than one statement can carry")
    organisation, dates = issuer.organisation, account.reference_dates()
    today = datetime.fromtimestamp(now, _CALENDAR).date()
    debts = [
        {"zout": new_salt(), **debt_terms(debt, organisation, dates[debt.source])}
        for debt in account.debts
    ]
    if document:
        debts = [_general(debt) for debt in debts]
    return {
        "opgave_kenmerk": reference,
        "aangeleverd_door": {"naam": organisation.name, "oin": organisation.oin},
        "gemeentecode": organisation.municipality_code,
        "peildatum": _moment(min(dates.values(), default=today)),
        "volledigheid": _completeness(account),
        "bronnen": [_source_terms(source) for source in account.sources],
        **statement.totals(debts),
        "vordering_digests": [statement.debt_digest(debt) for debt in debts],
        **({"document": True} if document else {}),
        **_refresh_terms(refresh),
        "contact_schuldhulp": _contact_terms(issuer.contact),
        **_person_terms(person, with_bsn=issuer.with_bsn and not document),
        "vorderingen": debts,
    }


def debt_terms(debt: Debt, organisation: Organisation, reference: date) -> dict[str, Any]:
    """The terms of one debt without its salt; `reference` is the reference date of its source."""
    terms = _named(debt, _TERMS)
    terms["schuldeiser"] = {
        "oin": debt.creditor_oin or organisation.oin,
        "naam": debt.creditor_name or organisation.name,
    }
    if debt.flags:
        terms["markeringen"] = list(debt.flags)
    parts = {
        "invorderaar": _named(debt, _COLLECTOR_TERMS),
        "in_behandeling_bij": _named(debt, _HANDLER_TERMS),
        "betalingsregeling": _named(debt.plan, _PLAN_TERMS),
        "beslag": _named(debt.attachment, _ATTACHMENT_TERMS),
        "rechtsmiddel": _named(debt.remedy, _REMEDY_TERMS),
    }
    terms |= {name: part for name, part in parts.items() if part}
    return terms | _due_terms(debt, reference)


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


def _due_terms(debt: Debt, reference: date) -> dict[str, Any]:
    amounts = due_amounts(debt, reference)
    unknown = [_TERM_OF[name] for name in debt.unknown_parts]
    terms: dict[str, Any] = {}
    if amounts is None:
        unknown += _UNKNOWN_DUE
    else:
        terms["opeisbaar_bedrag"] = amounts.due_cents
        terms["achterstand_bedrag"] = amounts.arrears_cents
        if amounts.since is not None:
            terms["achterstand_sinds"] = amounts.since.isoformat()
    return terms | ({"niet_bekend": unknown} if unknown else {})


def _named(
    record: Debt | Plan | Attachment | Remedy | None, names: Mapping[str, str]
) -> dict[str, Any]:
    """The known fields of `record` under their Dutch names."""
    values = {term: getattr(record, field, None) for term, field in names.items()}
    return {
        term: value.isoformat() if isinstance(value, date) else value
        for term, value in values.items()
        if value is not None
    }


_TERM_OF: Final = {field.removesuffix("_cents"): term for term, field in _TERMS.items()}


def _general(terms: Mapping[str, Any]) -> dict[str, Any]:
    open_terms = {name: value for name, value in terms.items() if name != "inlichtingenplicht"}
    if terms["type"] not in codes.TELLING_TYPES:
        return open_terms
    open_terms.pop("juridische_grondslag_bron", None)
    return open_terms | _GENERAL


def _completeness(account: Account) -> str:
    if any(source.status != OK for source in account.sources):
        return "gedeeltelijk"
    return "volledig" if account.debts else "geen_vorderingen"


def _source_terms(source: SourceState) -> dict[str, str]:
    terms = {"code": source.code, "status": source.status}
    if source.reference_date is not None:
        terms["peildatum"] = _moment(source.reference_date)
    return terms


def _moment(day: date) -> str:
    """A date as a time in UTC: a source that knows only a date means 00:00 in Amsterdam."""
    start = datetime.combine(day, time(), _CALENDAR).astimezone(ZoneInfo("UTC"))
    return start.strftime("%Y-%m-%dT%H:%M:%SZ")


def _refresh_terms(refresh: StatusReference | None) -> dict[str, Any]:
    if refresh is None:
        return {}
    return {"vernieuwing_uri": refresh.uri, "vernieuwing_index": refresh.index}


def _contact_terms(contact: Contact) -> dict[str, str]:
    return {
        "naam": contact.name,
        "telefoon": contact.phone,
        "email": contact.email,
        "url": contact.url,
    }


def _person_terms(person: Person, *, with_bsn: bool) -> dict[str, str]:
    terms = {
        "geslachtsnaam": person.family_name,
        "voornamen": person.given_name,
        "geboortedatum": person.birthdate,
        "bsn": person.bsn if with_bsn else "",
    }
    return {term: value for term, value in terms.items() if value}
