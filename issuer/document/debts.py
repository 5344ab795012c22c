"""The rows of the document's table: what each debt is, when, how it stands and whom to call."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from issuer.document.words import Words
from issuer.paper import is_disputed

Debt = Mapping[str, Any]


def rows(terms: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """Every debt as texts, in the order of the resident's page: what is due first, then size."""
    contact = terms["contact_schuldhulp"]
    return [_row(debt, contact, words) for debt in sorted(terms["vorderingen"], key=_urgency)]


def _urgency(debt: Debt) -> tuple[int, int]:
    return -debt.get("opeisbaar_bedrag", 0), -debt["saldo"]


def _row(debt: Debt, contact: Mapping[str, str], words: Words) -> dict[str, Any]:
    return {
        "what": _what(debt, words),
        "described": _described(debt, words),
        "reference": words.say("reference", reference=debt["vordering_kenmerk"]),
        "due_date": words.day(debt["vervaldatum"])
        if debt.get("vervaldatum")
        else words.say("unknown"),
        "overdue": _overdue(debt, words),
        "stage": list(_stage(debt, words)),
        "call": list(_call(debt, contact, words)),
        "balance": words.euro(debt["saldo"]),
        "due": _due(debt, words),
    }


def _what(debt: Debt, words: Words) -> str:
    """What the source calls it; in another language what its kind is."""
    if words.language == "nl" and debt.get("omschrijving"):
        return str(debt["omschrijving"])
    return words.code("type", debt["type"])


def _described(debt: Debt, words: Words) -> str:
    """Beside a translated kind the Dutch words that stand on the resident's letters."""
    return "" if words.language == "nl" else debt.get("omschrijving", "")


def _overdue(debt: Debt, words: Words) -> tuple[str, ...]:
    """Only what the source says is in arrears; nothing is computed here."""
    if not debt.get("achterstand_bedrag") or is_disputed(debt):
        return ()
    since = debt.get("achterstand_sinds")
    return (words.say("overdue_since"), words.day(since)) if since else (words.say("overdue"),)


def _stage(debt: Debt, words: Words) -> Iterator[str]:
    stage, flags = debt.get("fase"), debt.get("markeringen", ())
    if stage:
        yield words.code("fase", stage)
    yield from (words.code("markering", flag) for flag in flags if flag != stage)
    instalment = debt.get("betalingsregeling", {}).get("bedrag_per_termijn")
    if instalment:
        yield words.say("instalment", amount=words.euro(instalment))
    withheld = debt.get("beslag", {}).get("bedrag_per_maand")
    if withheld:
        yield words.say("withheld", amount=words.euro(withheld))


def _call(debt: Debt, contact: Mapping[str, str], words: Words) -> Sequence[str]:
    """Who handles it, with the number of the file; else whom everybody can call."""
    handler = debt.get("in_behandeling_bij", {})
    if not handler.get("naam"):
        return contact["naam"], contact["telefoon"]
    number = handler.get("dossiernummer")
    told = (words.say("file_number", number=number),) if number else ()
    return handler["naam"], *told


def _due(debt: Debt, words: Words) -> str:
    """What of the balance is to be paid now, where that is another amount."""
    balance, due = debt["saldo"], debt.get("opeisbaar_bedrag")
    if balance < 0:
        return words.say("you_get_back")
    if is_disputed(debt):
        return words.say("not_counted")
    if balance in (due, 0):
        return ""
    if due is None:
        return words.say("due_now_unknown")
    return words.say("due_now", amount=words.euro(due)) if due else words.say("due_now_nothing")
