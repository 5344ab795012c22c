"""A debt as the terms of a vordering: the Dutch names that statements carry (wire.md)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from issuer.config import Organisation
from issuer.debts.debt import Attachment, Debt, Plan, Remedy
from issuer.debts.due import due_amounts

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
