"""FCID-based JSON (Financial Claims Information Document 4.1.0, vorijk.nl).

One document for each organisation whose statement counts, every debt once. Only fields that are
published and that a statement confirms; what we cannot confirm is left out: no events but the
obligation itself, no BSN, no account number. Based on, not conforming to.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

from vckit import strict_json
from verifier.export import cells
from verifier.export.content import NOT_CHECKED, Content
from verifier.fcid import TYPE
from verifier.findings import CALENDAR
from verifier.grouping import VERIFIED

MEDIA_TYPE: Final = "application/json"
VERSION: Final = "4.1.0"
_PARTS: Final = ("hoofdsom", "kosten_aanmaning", "kosten_dwangbevel", "kosten_overig", "rente")
_KEY: Final = ("zaakkenmerk", "vordering_kenmerk", "categorie")
_OBLIGATION: Final = "FinancieleVerplichtingOpgelegd"

Debt = Mapping[str, Any]


def fcid_file(content: Content) -> bytes:
    """An envelope that carries age and completeness, around the documents."""
    return strict_json.dumps(
        {
            "gebaseerd_op": f"{TYPE} {VERSION}",
            "toelichting": "Alleen bevestigde velden. Gebaseerd op, niet gelijk aan de standaard.",
            "kenmerk": content.reference,
            "gemaakt_op": content.made_text,
            "gemaakt_door": {"naam": content.made_by.name, "oin": content.made_by.oin},
            "oudste_peildatum": content.oldest.isoformat() if content.oldest else None,
            "volledig": content.complete,
            "volledigheid": content.completeness,
            "totaal_openstaand": content.report["totals"]["outstanding"],
            "documenten": [_document(each, content) for each in _counted(content)],
            "niet_gecontroleerd": list(_unchecked(content)),
        }
    )


def _counted(content: Content) -> Sequence[Mapping[str, Any]]:
    entries: Sequence[Mapping[str, Any]] = content.report["groups"][VERIFIED]
    return [entry for entry in entries if entry["oin"]]


def _document(entry: Mapping[str, Any], content: Content) -> dict[str, Any]:
    debts: defaultdict[str, list[Debt]] = defaultdict(list)
    for debt in content.report["debts"]:
        if debt["counted"] and debt["oin"] == entry["oin"]:
            debts[debt["zaakkenmerk"]].append(debt)
    return {
        "type": TYPE,
        "version": VERSION,
        "body": {
            "aangeleverd_door": entry["oin"],
            "document_datumtijd": entry["issued_at"],
            "financiele_zaken": [_case(number, each) for number, each in debts.items()],
        },
    }


def _case(number: str, debts: Sequence[Debt]) -> dict[str, Any]:
    """One financiele_zaak; its sums only where every part of every debt is told."""
    case: dict[str, Any] = {
        "zaakkenmerk": number,
        "saldo": sum(debt["saldo"] for debt in debts),
        "saldo_datumtijd": debts[0]["reference_date"],
    }
    if all(isinstance(debt.get("hoofdsom"), int) for debt in debts):
        obliged = sum(_obliged(debt) for debt in debts)
        case["totaal_financieel_verplicht"] = obliged
        case["totaal_financieel_vereffend"] = obliged - case["saldo"]
    return {**case, "gebeurtenissen": list(_events(debts))}


def _obliged(debt: Debt) -> int:
    parts = (cells.cents(debt.get(term)) for term in (*_PARTS, "gecorrigeerd"))
    return sum(part or 0 for part in parts)


def _events(debts: Sequence[Debt]) -> Iterator[dict[str, Any]]:
    for debt in debts:
        if isinstance(debt.get("hoofdsom"), int) and debt.get("datum_opgelegd"):
            yield _event(debt, primary=debt is debts[0])


def _event(debt: Debt, *, primary: bool) -> dict[str, Any]:
    told = {
        "gebeurtenis_type": _OBLIGATION,
        # Unique and always the same, as FCID asks of it.
        "gebeurtenis_kenmerk": "/".join(debt[term] for term in _KEY),
        "datumtijd_opgelegd": _midnight(debt["datum_opgelegd"]),
        "zaakkenmerk": debt["zaakkenmerk"],
        "beschikkingsnummer": debt.get("beschikkingsnummer"),
        "primaire_verplichting": primary,
        "type": debt["type"],
        "categorie": debt["categorie"],
        "bedrag": debt["hoofdsom"],
        "omschrijving": debt.get("omschrijving"),
        "juridische_grondslag_omschrijving": debt.get("juridische_grondslag_omschrijving"),
        "juridische_grondslag_bron": debt.get("juridische_grondslag_bron"),
        "opgelegd_door": debt["schuldeiser"].get("oin"),
    }
    return {name: value for name, value in told.items() if value is not None}


def _midnight(day: str) -> str:
    """A source that knows only the day means 00:00 in Europe/Amsterdam (wire.md)."""
    midnight = datetime.combine(date.fromisoformat(day), time(), CALENDAR)
    return midnight.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _unchecked(content: Content) -> Iterator[dict[str, Any]]:
    for statement in content.report["national"]:
        yield {"herkomst": "bestand", "status": NOT_CHECKED, **statement}
    for debt in content.report["by_hand"]:
        yield {"herkomst": "met de hand", "status": NOT_CHECKED, **debt}
