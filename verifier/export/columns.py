"""The columns of CSV and XLSX, and one row for every debt.

Names of the Schuldenknooppunt ("CSV Saldoverzoek Antwoord") where they are known: based on, not
conforming to. Numbers of the parties themselves that a statement does not hold stay empty.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from contexts.vocabulary import label
from verifier.export import cells
from verifier.export.content import NOT_CHECKED, Content

Kind = Literal["text", "amount", "day"]
Value = str | int | date | None
DEBT: Final = "schuld"
ORGANISATION: Final = "organisatie"
TOTAL: Final = "totaal"
_HANDED_OVER: Final = frozenset({"incasso_opdracht", "verkocht"})
_COSTS: Final = ("kosten_aanmaning", "kosten_dwangbevel", "kosten_overig")


@dataclass(frozen=True)
class Column:
    """One column: amounts are cents in a row, days are dates, texts are safe to show."""

    name: str
    kind: Kind = "text"


Row = Mapping[str, Value]

DEBT_COLUMNS: Final = (
    Column("Regel"),
    Column("Persoon"),
    Column("ConversatieReferentienummer"),
    Column("KlantnummerSHV"),
    Column("KlantnummerSE"),
    Column("Schuldtype"),
    Column("FactuurnummerSE"),
    Column("Ontstaansdatum", "day"),
    Column("Originele vordering", "amount"),
    Column("Schuldeiser"),
    Column("Schuldeiser OIN"),
    Column("Opgegeven door"),
    Column("Opgegeven door OIN"),
    Column("Zaakkenmerk"),
    Column("Soort"),
    Column("Omschrijving"),
    Column("Categorie"),
    Column("Stand van zaken"),
    Column("Bijzonderheden"),
    Column("Rang"),
    Column("Rang volgens"),
    Column("Wie betaalt"),
    Column("Loopt via"),
    Column("Dossiernummer"),
    Column("Kosten", "amount"),
    Column("Rente", "amount"),
    Column("Betaald", "amount"),
    Column("Kwijtgescholden", "amount"),
    Column("Gecorrigeerd", "amount"),
    Column("Saldo", "amount"),
    Column("Telt mee"),
    Column("Nu te betalen", "amount"),
    Column("Te laat", "amount"),
    Column("Betalen voor", "day"),
    Column("Peildatum", "day"),
    Column("Bewijs"),
    Column("Ook opgegeven door"),
    Column("Mogelijk dubbel met"),
    Column("Niet bekend"),
)
# On every row, so that a row never travels without its age.
AGE_COLUMNS: Final = (
    Column("Overzicht gemaakt op", "day"),
    Column("Oudste peildatum", "day"),
    Column("Volledigheid"),
)
# Apart from those of a debt: who adds up a column must not count twice.
TOTAL_COLUMNS: Final = (
    Column("Totaal openstaand", "amount"),
    Column("Totaal tegoed", "amount"),
    Column("Totaal nu te betalen", "amount"),
    Column("Totaal te laat", "amount"),
    Column("Totaal betwist", "amount"),
    Column("Totaal verjaard", "amount"),
    Column("Totaal niet gecontroleerd", "amount"),
)
TOTALS: Final = {
    "Totaal openstaand": "outstanding",
    "Totaal tegoed": "credit",
    "Totaal nu te betalen": "due",
    "Totaal te laat": "arrears",
    "Totaal betwist": "disputed",
    "Totaal verjaard": "prescribed",
}


def debts(content: Content) -> Iterator[Row]:
    """Every debt of the statements that count; one that another leads says that it does not."""
    for debt in content.report["debts"]:
        yield {**_debt(debt), **_told(debt), **_identity(content), **age(content)}


def organisations(content: Content) -> Iterator[Row]:
    """How each organisation stands, also one that told nothing; its amounts are its debts'."""
    for each in content.report["organisations"]:
        yield {
            "Regel": ORGANISATION,
            "Persoon": str(each["person"]),
            "Opgegeven door": cells.text(each["name"]),
            "Opgegeven door OIN": cells.text(each["oin"]),
            "Stand van zaken": cells.text(each["text"]),
            "Bijzonderheden": cells.text(each["next_step"]),
            "Peildatum": cells.day(each["reference_date"]),
            "Bewijs": _BASES.get(each["basis"] or "", ""),
            **_identity(content),
            **age(content),
        }


def unchecked(content: Content) -> Iterator[Row]:
    """What stands beside the credentials: it counts in a total of its own."""
    mine = {"Regel": NOT_CHECKED, "Telt mee": "nee", **_identity(content)}
    for statement in content.report["national"]:
        for claim in statement["claims"]:
            yield {**mine, **_national(claim, statement), **age(content)}
    for debt in content.report["by_hand"]:
        yield {**mine, **_by_hand(debt), **age(content)}


def totals(content: Content) -> Row:
    """The totals of the page."""
    told = content.report["totals"]
    sums = {column: cells.cents(told.get(name)) for column, name in TOTALS.items()}
    sums["Totaal niet gecontroleerd"] = content.unchecked
    return {"Regel": TOTAL, **_identity(content), **sums, **age(content)}


def age(content: Content) -> Row:
    """How old it is, and whether it is all."""
    return {
        "Overzicht gemaakt op": content.made.date(),
        "Oudste peildatum": content.oldest,
        "Volledigheid": content.completeness,
    }


def _identity(content: Content) -> Row:
    return {
        "ConversatieReferentienummer": content.reference.removeprefix("urn:uuid:"),
        "KlantnummerSHV": cells.text(content.report.get("id")),
    }


def _debt(debt: Mapping[str, Any]) -> Row:
    return {
        "Regel": DEBT,
        "Schuldtype": _kind_of_debt(debt),
        "FactuurnummerSE": cells.text(debt.get("vordering_kenmerk")),
        "Ontstaansdatum": cells.day(debt.get("ontstaansdatum") or debt.get("datum_opgelegd")),
        "Originele vordering": cells.cents(debt.get("hoofdsom")),
        "Zaakkenmerk": cells.text(debt.get("zaakkenmerk")),
        "Soort": _label("type", debt.get("type")),
        "Omschrijving": cells.text(debt.get("omschrijving")),
        "Categorie": _label("categorie", debt.get("categorie")),
        "Stand van zaken": _label("fase", debt.get("fase")),
        "Bijzonderheden": ", ".join(
            _label("markering", one) for one in debt.get("markeringen", ())
        ),
        "Rang": _label("rang", debt.get("rang")),
        "Rang volgens": cells.text(debt.get("rang_grondslag")),
        "Wie betaalt": _label("aansprakelijkheid", debt.get("aansprakelijkheid")),
        "Kosten": _costs(debt),
        "Rente": cells.cents(debt.get("rente")),
        "Betaald": cells.cents(debt.get("betaald")),
        "Kwijtgescholden": cells.cents(debt.get("kwijtgescholden")),
        "Gecorrigeerd": cells.cents(debt.get("gecorrigeerd")),
        "Saldo": cells.cents(debt.get("saldo")),
        "Nu te betalen": cells.cents(debt.get("opeisbaar_bedrag")),
        "Te laat": cells.cents(debt.get("achterstand_bedrag")),
        "Betalen voor": cells.day(debt.get("vervaldatum")),
        "Niet bekend": cells.text(", ".join(debt.get("niet_bekend", ()))),
    }


def _told(debt: Mapping[str, Any]) -> Row:
    """Who is who, and how far it counts."""
    handler = debt.get("in_behandeling_bij") or {}
    return {
        "Persoon": str(debt["person"]),
        "Schuldeiser": cells.text(debt["schuldeiser"].get("naam")),
        "Schuldeiser OIN": cells.text(debt["schuldeiser"].get("oin")),
        "Opgegeven door": cells.text(debt["organisation"]),
        "Opgegeven door OIN": cells.text(debt["oin"]),
        "Loopt via": cells.text(handler.get("naam")),
        "Dossiernummer": cells.text(handler.get("dossiernummer")),
        "Telt mee": "ja" if debt["counted"] else "nee",
        "Peildatum": cells.day(debt.get("reference_date")),
        "Bewijs": _BASES[debt["basis"]],
        "Ook opgegeven door": cells.text(
            "; ".join(each["organisation"] for each in debt["also_stated_by"])
        ),
        "Mogelijk dubbel met": _doubles(debt["possibly"]),
    }


def _national(claim: Mapping[str, Any], statement: Mapping[str, Any]) -> Row:
    return {
        "Persoon": _subject(statement["subject"]),
        "FactuurnummerSE": cells.text(claim["reference"]),
        "Schuldeiser": cells.text(claim["creditor"]),
        "Schuldeiser OIN": cells.text(claim["creditor_oin"]),
        "Opgegeven door": cells.text(statement["body"]),
        "Opgegeven door OIN": cells.text(statement["oin"]),
        "Zaakkenmerk": cells.text(claim["case_number"]),
        "Soort": cells.text(claim["kind"]),
        "Omschrijving": cells.text(claim["description"]),
        "Saldo": cells.cents(claim["outstanding"]),
        "Betalen voor": cells.day(claim["due_on"]),
        "Peildatum": cells.day(statement["told_on"]),
        "Bewijs": "bestand van een landelijke organisatie",
        "Mogelijk dubbel met": _doubles(claim["possibly"]),
    }


def _by_hand(debt: Mapping[str, Any]) -> Row:
    return {
        "Persoon": _subject(debt["subject"]),
        "FactuurnummerSE": cells.text(debt["reference"]),
        "Schuldeiser": cells.text(debt["creditor"]),
        "Omschrijving": cells.text(debt["description"]),
        "Saldo": cells.cents(debt["amount"]),
        "Bewijs": "met de hand toegevoegd",
        "Mogelijk dubbel met": _doubles(debt["possibly"]),
    }


def _subject(place: int | None) -> str:
    """The number of whose it is; of both it has none."""
    return "" if place is None else str(place + 1)


def _doubles(possibly: Iterable[Mapping[str, Any]]) -> str:
    return cells.text("; ".join(f"{one['organisation']}, {one['debt']}" for one in possibly))


_BASES: Final = {"wallet": "wallet", "document": "document, niet bewezen van deze persoon"}


def _kind_of_debt(debt: Mapping[str, Any]) -> str:
    handed_over = debt.get("overdracht") in _HANDED_OVER or debt.get("fase") == "overgedragen"
    return "overgedragen schuld" if handed_over else "openstaande schuld"


def _costs(debt: Mapping[str, Any]) -> int | None:
    known = [cells.cents(debt[term]) for term in _COSTS if term in debt]
    return sum(one or 0 for one in known) if known else None


def _labels(group: str, codes: Iterable[str]) -> str:
    return cells.text(", ".join(label(group, code) for code in codes))


def _label(group: str, code: Any) -> str:
    return cells.text(label(group, code)) if isinstance(code, str) else ""
