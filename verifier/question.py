"""What a counsellor asks a wallet, in the two DCQL dialects of wire.md, and what of it is kept.

Who has an identity credential may share it beside the statements; nothing hangs on it.

Only what the overview shows is asked; what comes beyond it is dropped before anything is kept.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from vckit.data_model import EXPANDED_TYPES, TYPES
from vckit.trust import Scheme

KIND: Final = "schuldenopgave"

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
        "ontstaansdatum",
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
        "verjaringsdatum",
        "laatste_stuiting",
        "niet_bekend",
    }
)


# By format: the id of its query, where the terms stand, and how its type is asked (OpenID4VP 1.0
# B.1.1 and B.3.5).
_Meta = Callable[[Scheme], dict[str, Any]]
_QUERIES: Final[Mapping[str, tuple[str, tuple[str, ...], _Meta]]] = {
    "dc+sd-jwt": (
        "schuldenopgave_sd_jwt",
        (),
        lambda scheme: {"vct_values": [scheme.vct(KIND)]},
    ),
    "ldp_vc": (
        "schuldenopgave_ldp",
        ("credentialSubject",),
        lambda _scheme: {"type_values": [list(EXPANDED_TYPES)]},
    ),
    "jwt_vc_json": (
        "schuldenopgave_jwt_vc",
        ("credentialSubject",),
        lambda _scheme: {"type_values": [list(EXPANDED_TYPES), list(TYPES)]},
    ),
    "vc+jwt": (
        "schuldenopgave_vc_jwt",
        ("credentialSubject",),
        lambda _scheme: {"type_values": [list(EXPANDED_TYPES), list(TYPES)]},
    ),
}
FORMATS: Final = tuple(_QUERIES)
# No identifier of OpenID4VP, and two widespread wallets refuse a whole query that names a format
# that they do not know: so `vc+jwt` is asked only where the settings say so.
USUAL_FORMATS: Final = ("dc+sd-jwt", "ldp_vc", "jwt_vc_json")
# The one that names its issuer by certificates.
PLAIN_FORMAT: Final = "dc+sd-jwt"
# The id of the query for an identity credential, its format, and what is asked of it.
IDENTITY: Final = "identity"
IDENTITY_FORMAT: Final = "dc+sd-jwt"
IDENTITY_TERMS: Final = ("family_name", "given_name", "birthdate")


def query_id(credential_format: str) -> str:
    """The id of the credential query of a format."""
    return _QUERIES[credential_format][0]


def dcql_query(
    scheme: Scheme, formats: Sequence[str] = USUAL_FORMATS, *, identity: str | None = None
) -> dict[str, Any]:
    """The full dialect as JSON: one credential query per format, any number of statements.

    A wallet must answer in one of `formats` and may answer in each of them. `identity` is the type
    of the identity credential that it may add.
    """
    beside = [] if identity is None else [_identity_query(identity)]
    return _with_sets([*(_credential_query(each, scheme) for each in formats), *beside])


def plain_query(scheme: Scheme, authority_keys: Sequence[str]) -> dict[str, Any]:
    """The plain dialect: one statement of one organisation, and no more of DCQL than a list.

    `authority_keys` are those of its issuing certificates (aki); where they are not known, whoever
    answers picks the card. Only what every statement has is named; its debts come with the array.
    """
    identifier, _, meta = _QUERIES[PLAIN_FORMAT]
    terms = [*PERSON_TERMS, *STATEMENT_TERMS, DEBTS]
    asked = {
        "id": identifier,
        "format": PLAIN_FORMAT,
        "meta": meta(scheme),
        "claims": [{"path": [term]} for term in terms],
    }
    if authority_keys:
        asked["trusted_authorities"] = [{"type": "aki", "values": list(authority_keys)}]
    return {"credentials": [asked]}


def narrowed(query: Mapping[str, Any], formats: Collection[str]) -> dict[str, Any]:
    """The same question in these formats only; whole where no statement is asked in any of them."""
    kept_queries = [each for each in query["credentials"] if each["format"] in formats]
    if len(kept_queries) == len(query["credentials"]) or not _of_statements(kept_queries):
        return dict(query)
    return _with_sets(kept_queries)


def _with_sets(queries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One of the queries of statements is answered, and each may be."""
    ids = [each["id"] for each in queries]
    return {
        "credentials": list(queries),
        "credential_sets": [
            {"options": [[each] for each in _of_statements(queries)], "required": True},
            *({"options": [[each]], "required": False} for each in ids),
        ],
    }


def _of_statements(queries: Sequence[Mapping[str, Any]]) -> list[str]:
    return [each["id"] for each in queries if each["id"] != IDENTITY]


def _identity_query(vct: str) -> dict[str, Any]:
    return {
        "id": IDENTITY,
        "format": IDENTITY_FORMAT,
        "meta": {"vct_values": [vct]},
        "claims": [{"path": [term]} for term in IDENTITY_TERMS],
    }


def _credential_query(credential_format: str, scheme: Scheme) -> dict[str, Any]:
    """The claim sets ask the debts first; a nil statement, without any, answers the second."""
    identifier, inside, meta = _QUERIES[credential_format]
    terms = [*PERSON_TERMS, *STATEMENT_TERMS]
    claims = [{"id": term, "path": [*inside, term]} for term in terms]
    return {
        "id": identifier,
        "format": credential_format,
        "multiple": True,
        "meta": meta(scheme),
        "claims": [*claims, {"id": DEBTS, "path": [*inside, DEBTS, None]}],
        "claim_sets": [[*terms, DEBTS], terms],
    }


def kept(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Of verified terms what was asked, or stands in the clear and is shown (row V11)."""
    names = (*PERSON_TERMS, *STATEMENT_TERMS, *UNASKED_TERMS)
    statement = {name: terms[name] for name in names if name in terms}
    debts = [_kept_debt(debt) for debt in terms.get(DEBTS, ())]
    return {**statement, DEBTS: debts}


def _kept_debt(debt: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in debt.items() if name in DEBT_TERMS}
