"""Events as FCID-based JSON writes them (vorijk.nl, versions 3 and 4), and our own beside them.

Members that we do not show are passed over; one that is there but cannot be read refuses its case.
`vordering_kenmerk` and `kostensoort` are ours: they name the debt that an event is about, and what
costs are for.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from issuer.debts import notation
from issuer.debts.events import TYPES, Event, ObligationImposed, PaymentDemanded
from issuer.debts.notation import CellRefusedError

CALENDAR: Final = ZoneInfo("Europe/Amsterdam")
NOT_READ: Final = "event_unknown"
_Reader = Callable[[Any], Any]
# By which part of a debt a category goes; costs can be told apart.
_PARTS: Final = {"algemeen": "principal", "rente": "interest"}
_COSTS: Final = {
    "aanmaning": "reminder_costs",
    "dwangbevel": "warrant_costs",
    "overig": "other_costs",
}
_STAGES: Final = frozenset({"aanschrijving", "herinnering", "aanmaning", "dwangbevel"})


class EventNotReadError(Exception):
    """An event is not of a known type, or a member of it is missing or cannot be read."""


def event_of(document: Any, case_number: str) -> Event:
    """One event of a case; EventNotReadError."""
    try:
        kind = TYPES[document["gebeurtenis_type"]]
        told = {
            "id": _text(document["gebeurtenis_kenmerk"]),
            "at": _at(document),
            "case_number": case_number,
            "debt_number": _maybe(_text)(document.get("vordering_kenmerk")),
        }
        told |= _members(document, _MEMBERS[document["gebeurtenis_type"]])
        if kind is ObligationImposed:
            told |= _obligation(document, told)
        elif kind is PaymentDemanded:
            told["stage"] = _stage(document.get("type"))
        return kind(**told)
    except (KeyError, TypeError, ValueError, OverflowError, CellRefusedError):
        raise EventNotReadError from None


def moment(value: Any) -> datetime:
    """An RFC 3339 time with its zone, else ValueError or TypeError."""
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("no zone")
    return at.astimezone(CALENDAR)


def cents(value: Any) -> int:
    """A whole number of cents, else TypeError."""
    if type(value) is not int:
        raise TypeError("no whole cents")
    return value


def _at(document: Mapping[str, Any]) -> datetime:
    """When it happened; where that is not told, when it was registered."""
    for name in ("datumtijd_opgelegd", "datumtijd_ontvangen", "datumtijd_verwerkt"):
        if document.get(name) is not None:
            return moment(document[name])
    return moment(document["datumtijd_gebeurtenis"])


def _obligation(document: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Principal without a number of its debt is known by that of its event."""
    category = str(document.get("categorie") or "algemeen").lower()
    costs = _COSTS[document.get("kostensoort") or "overig"]
    part = _PARTS.get(category, costs)
    number = told["debt_number"] or (told["id"] if part == "principal" else None)
    about = _members(document, _ABOUT)
    return {"part": part, "debt_number": number, "about": about, **_creditor(document)}


def _creditor(document: Mapping[str, Any]) -> dict[str, Any]:
    """Who imposed it, where the source names somebody by number and name."""
    name = _maybe(_text)(document.get("opgelegd_door_naam"))
    oin = _maybe(_text)(document.get("opgelegd_door"))
    return {"creditor_oin": oin, "creditor_name": name} if name else {}


def _stage(value: Any) -> str:
    """Before version 4 every demand is the first."""
    stage = "aanschrijving" if value is None else _text(value).lower()
    if stage not in _STAGES:
        raise ValueError("unknown demand")
    return stage


def _members(
    document: Mapping[str, Any], known: Mapping[str, tuple[str, _Reader]]
) -> dict[str, Any]:
    told = {field: read(document.get(name)) for name, (field, read) in known.items()}
    return {field: value for field, value in told.items() if value is not None}


def _maybe(read: _Reader) -> _Reader:
    return lambda value: None if value is None else read(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not notation.text(value):
        raise TypeError("no text")
    return notation.text(value)


def _day(value: Any) -> date:
    """A day, or the Dutch day of a moment."""
    return date.fromisoformat(value) if len(value) == len("2026-11-20") else moment(value).date()


def _yes(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("no boolean")
    return value


_CENTS: Final[Mapping[str, tuple[str, _Reader]]] = {"bedrag": ("cents", cents)}
_WITHDRAWN: Final[Mapping[str, tuple[str, _Reader]]] = {
    "ingetrokken_gebeurtenis_kenmerk": ("withdraws", _text)
}
_TEXT, _DAY, _AMOUNT = _maybe(_text), _maybe(_day), _maybe(cents)
_ABOUT: Final[Mapping[str, tuple[str, _Reader]]] = {
    "beschikkingsnummer": ("decision_number", _TEXT),
    "oorspronkelijk_kenmerk": ("original_number", _TEXT),
    "belastingjaar": ("tax_year", _AMOUNT),
    "omschrijving": ("description", _TEXT),
    "periode": ("period", _TEXT),
    "juridische_grondslag_omschrijving": ("legal_basis", _TEXT),
    "juridische_grondslag_bron": ("legal_source", _TEXT),
}
_MEMBERS: Final[Mapping[str, Mapping[str, tuple[str, _Reader]]]] = {
    "FinancieleVerplichtingOpgelegd": {**_CENTS, "type": ("kind", _text)},
    "BetalingsverplichtingOpgelegd": {
        **_CENTS,
        "vervaldatum": ("due_on", _DAY),
        "betaalwijze": ("payment_method", _TEXT),
        "rekeningnummer": ("iban", _TEXT),
        "rekeningnummer_tenaamstelling": ("account_name", _TEXT),
        "betalingskenmerk": ("payment_reference", _TEXT),
    },
    "BetalingsverplichtingIngetrokken": _WITHDRAWN,
    "BetalingVerwerkt": {**_CENTS, "betalingskenmerk": ("payment_reference", _TEXT)},
    "FinancieleVerplichtingKwijtgescholden": {"bedrag_kwijtschelding": ("cents", cents)},
    "FinancieleVerplichtingGecorrigeerd": {
        **_CENTS,
        "gecorrigeerde_gebeurtenis_kenmerk": ("corrects", _text),
    },
    "BedragUitbetaald": _CENTS,
    "VerrekeningVerwerkt": _CENTS,
    "VerplichtingOvergedragen": {
        "overdracht": ("transfer", _text),
        "behandelaar_soort": ("handler_role", _TEXT),
        "behandelaar_naam": ("handler_name", _TEXT),
        "behandelaar_dossiernummer": ("handler_file_number", _TEXT),
    },
    "VerplichtingBetwist": {
        "loopt": ("open", _maybe(_yes)),
        "soort": ("kind", _TEXT),
        "status": ("status", _TEXT),
        "termijn_einddatum": ("ends_on", _DAY),
    },
    "BetalingsregelingGetroffen": {
        "bedrag_per_termijn": ("instalment_cents", _AMOUNT),
        "frequentie": ("frequency", _TEXT),
        "start": ("starts_on", _DAY),
        "eind": ("ends_on", _DAY),
        "resterend": ("remaining", _AMOUNT),
        "nagekomen": ("kept", _maybe(_yes)),
        "vervallen_sinds": ("broken_since", _DAY),
        "achterstand": ("overdue_cents", _AMOUNT),
    },
    "GebeurtenisIngetrokken": _WITHDRAWN,
}
