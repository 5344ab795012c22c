"""The truth as the verifier gets it: terms of a statement, and findings in its own value types."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.properties.truth import (
    BAILIFF,
    BOXTEL,
    GESTEL,
    STRANGER,
    TAX_OFFICE,
    UNKNOWN_ISSUER,
    WATER_BOARD,
)
from tests.vckit import statements
from vckit import statement
from verifier.findings import Accepted, Evidence, Rejected, Source
from verifier.overview import Facts
from verifier.person import Person
from verifier.question import kept

NOW = statements.ISSUED + 3_600
_TODAY = datetime(2026, 11, 24, tzinfo=ZoneInfo("Europe/Amsterdam"))
NAMES = {
    BOXTEL: "Gemeente Boxtel",
    GESTEL: "Gemeente Sint-Michielsgestel",
    TAX_OFFICE: "Belastingsamenwerking",
    BAILIFF: "Deurwaarder De Wit",
    WATER_BOARD: "Waterschap",
}
PEOPLE = {
    0: ("d'Hondt", "José", "1974-08-21"),
    1: ("Nowak", "Anouk", "1984-01-23"),
    STRANGER: ("d'Hondt", "José", "1974-08-22"),
}
REASONS = {
    "unknown": ("STATUS_RETRIEVAL_ERROR", "STATUS_VERIFICATION_ERROR", "MALFORMED_VALUE_ERROR"),
    "untrusted": ("untrusted_issuer",),
}


def facts(journey):
    """What the counsellor entered."""
    people = [Person(*PEOPLE[place]) for place in range(journey.persons)]
    return Facts(
        person=people[0] if journey.named else None,
        organisations=tuple(source(oin) for oin in journey.chosen),
        partner=people[1] if journey.persons > 1 else None,
    )


def findings(journey):
    """Everything that was found, in the order of arrival."""
    found = [_finding(showing) for showing in journey.showings]
    return [*found, Rejected("policy_limit", Source("", None))] if journey.too_many else found


def source(oin):
    return Source(oin, None) if oin == UNKNOWN_ISSUER else Source(NAMES[oin], oin)


def moment(days):
    """The midnight in the Netherlands of so many days back."""
    return _TODAY - timedelta(days=days)


def terms(one):
    """The terms of a credential, whole."""
    debts = [debt_terms(debt, one) for debt in one.debts]
    # An unknown issuer names whom it likes.
    named = BOXTEL if one.organisation == UNKNOWN_ISSUER else one.organisation
    stated = statements.terms(
        *debts,
        opgave_kenmerk=f"urn:uuid:8a3e0b4e-1111-4222-8333-{one.content:012d}",
        aangeleverd_door={"naam": NAMES[named], "oin": named},
        peildatum=utc(moment(one.day)),
        bronnen=[_source_state(one)],
        volledigheid=_completeness(one),
        **person_terms(one),
    )
    stated["totaal_openstaand"] += one.off
    return stated


def utc(time):
    return time.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")


def person_terms(one):
    """Names as a register may write them: in capitals, or with the accent as a sign of its own."""
    family, given, born = PEOPLE[one.person]
    family, given = (
        (family, given),
        (family.upper(), given.upper()),
        (family, given.replace("é", "e\u0301")),
    )[one.spelling]
    return {"geslachtsnaam": family, "voornamen": given, "geboortedatum": born}


def _source_state(one):
    status = "niet_bereikbaar" if one.down else "ok"
    return {"code": "belastingen", "peildatum": utc(moment(one.day)), "status": status}


def _completeness(one):
    if one.wrong == "completeness":
        return "volledig" if one.down or not one.debts else "geen_vorderingen"
    if one.down:
        return "gedeeltelijk"
    return "volledig" if one.debts else "geen_vorderingen"


def debt_terms(debt, one):
    """A debt as it stands in this credential: every credential has salts of its own."""
    paid = 1_500 + max(-debt.balance, 0)
    wrong = 1 if one.wrong == "balance" else 0
    stated = {
        "zout": f"{one.number:011d}{debt.identity:011d}",
        "zaakkenmerk": debt.case,
        "vordering_kenmerk": debt.reference,
        "oorspronkelijk_kenmerk": debt.original,
        "categorie": debt.category,
        "omschrijving": f"Schuld {debt.identity}",
        "schuldeiser": {"oin": debt.creditor, "naam": NAMES[debt.creditor]},
        "invorderaar": debt.collector and {"oin": debt.collector, "naam": NAMES[debt.collector]},
        "hoofdsom": max(debt.balance, 0) + 1_500 + wrong,
        "kosten_aanmaning": None,
        "kosten_dwangbevel": None,
        "betaald": paid,
        "saldo": debt.balance,
        "opeisbaar_bedrag": debt.due,
        "achterstand_bedrag": debt.arrears,
        "niet_bekend": ["opeisbaar_bedrag", "achterstand_bedrag"] if debt.due is None else None,
        "fase": "aangemaand",
        **_standing(debt),
    }
    return statements.debt(**stated)


def _standing(debt):
    flags = [*(["betwist"] if debt.disputed else []), *(["verjaard"] if debt.prescribed else [])]
    plans = {
        "kept": {"bedrag_per_termijn": 5_000, "nagekomen": True},
        "broken": {"bedrag_per_termijn": 5_000, "vervallen_sinds": "2026-10-01"},
    }
    return {
        "markeringen": flags or None,
        "betalingsregeling": plans.get(debt.plan),
        "aansprakelijkheid": "naar_deel" if debt.shared_out else None,
    }


def _finding(showing):
    one = showing.credential
    proven = _evidence(showing)
    if showing.condition == "good" and not _is_strange(showing):
        return Accepted(proven)
    if showing.condition == "good":
        return Rejected("subject_mismatch", proven.source, proven.basis, proven)
    known = REASONS.get(showing.condition, (showing.condition,))
    return Rejected(known[one.number % len(known)], proven.source, proven.basis, proven)


def _is_strange(showing):
    """Of another than who was entered when it was checked; perhaps nobody was entered yet."""
    one = showing.credential
    return showing.strange or (one.person == STRANGER and one.number % 2 == 0)


def _evidence(showing):
    one = showing.credential
    whole = terms(one)
    disclosed = [debt for place, debt in enumerate(whole["vorderingen"]) if place in showing.shown]
    stated = {**whole, "vorderingen": disclosed}
    issued = int(moment(one.issued).timestamp())
    judged = showing.condition == "good"
    breaches = statement.breaches(stated, issued_at=issued, now=NOW) if judged else ()
    return Evidence(
        source=source(one.organisation),
        basis="document" if one.on_paper else "wallet",
        digest=f"credential-{one.number}",
        terms=kept(stated),
        issued_at=issued,
        expires_at=NOW + 86_400,
        checked_at=NOW - 100 + showing.at,
        status_at=NOW if judged else None,
        breaches=tuple(breaches),
    )
