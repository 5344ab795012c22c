"""What a counsellor asks a wallet, in the full DCQL dialect of wire.md, and what of it is kept.

Only what the overview shows is asked; what comes beyond it is dropped before anything is kept.
"""

from collections.abc import Mapping
from typing import Any, Final

from vckit.formats import dc_sd_jwt
from vckit.trust import Scheme

KIND: Final = "schuldenopgave"
QUERY_ID: Final = "schuldenopgave_sd_jwt"

PERSON_TERMS: Final = ("geslachtsnaam", "voornamen", "geboortedatum")
# All of these stand in every statement.
STATEMENT_TERMS: Final = (
    "opgave_kenmerk",
    "aangeleverd_door",
    "peildatum",
    "volledigheid",
    "bronnen",
    "aantal_vorderingen",
    "totaal_financieel_verplicht",
    "totaal_financieel_vereffend",
    "totaal_openstaand",
    "totaal_opeisbaar",
    "totaal_achterstand",
    "totaal_tegoed",
    "vordering_digests",
    "contact_schuldhulp",
)
# In the clear where they apply, so they are never asked.
UNASKED_TERMS: Final = ("gemeentecode", "totalen_minimaal", "document")
DEBTS: Final = "vorderingen"
DEBT_TERMS: Final = frozenset(
    {
        "zaakkenmerk",
        "vordering_kenmerk",
        "oorspronkelijk_kenmerk",
        "type",
        "categorie",
        "omschrijving",
        "schuldeiser",
        "invorderaar",
        "in_behandeling_bij",
        "overdracht",
        "datum_opgelegd",
        "vervaldatum",
        "hoofdsom",
        "kosten_aanmaning",
        "kosten_dwangbevel",
        "kosten_overig",
        "rente",
        "betaald",
        "kwijtgescholden",
        "gecorrigeerd",
        "saldo",
        "opeisbaar_bedrag",
        "achterstand_bedrag",
        "achterstand_sinds",
        "fase",
        "fase_sinds",
        "volgende_stap",
        "volgende_stap_datum",
        "markeringen",
        "rang",
        "rang_grondslag",
        "aansprakelijkheid",
        "aantal_medeschuldenaren",
        "betalingsregeling",
        "beslag",
        "rechtsmiddel",
        "niet_bekend",
    }
)


def dcql_query(scheme: Scheme) -> dict[str, Any]:
    """The query as JSON: one credential query per format, any number of statements.

    The claim sets ask the debts first; a nil statement, whose array is empty, answers the second.
    """
    terms = [*PERSON_TERMS, *STATEMENT_TERMS]
    claims = [{"id": term, "path": [term]} for term in terms]
    return {
        "credentials": [
            {
                "id": QUERY_ID,
                "format": dc_sd_jwt.FORMAT,
                "multiple": True,
                "meta": {"vct_values": [scheme.vct(KIND)]},
                "claims": [*claims, {"id": DEBTS, "path": [DEBTS, None]}],
                "claim_sets": [[*terms, DEBTS], terms],
            }
        ],
        "credential_sets": [
            {"options": [[QUERY_ID]], "required": True},
            {"options": [[QUERY_ID]], "required": False},
        ],
    }


def kept(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Of verified terms what was asked, or stands in the clear and is shown (row V11)."""
    names = (*PERSON_TERMS, *STATEMENT_TERMS, *UNASKED_TERMS)
    statement = {name: terms[name] for name in names if name in terms}
    debts = [_kept_debt(debt) for debt in terms.get(DEBTS, ())]
    return {**statement, DEBTS: debts}


def _kept_debt(debt: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in debt.items() if name in DEBT_TERMS}
