"""The certified document as pages: a statement's terms become a PDF/A-3a and PDF/UA-1 file.

Deterministic: the same terms, credential and moment give the same bytes.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency

from contexts.vocabulary import label
from vckit.sealed_pdf import Attachment, typeset

ATTACHMENT_NAME = "schuldenopgave.sd-jwt"
ATTACHMENT_MEDIA_TYPE = "application/dc+sd-jwt"
_HERE = Path(__file__).parent
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def render(terms: Mapping[str, Any], credential: str, digest: str, made_at: int) -> bytes:
    """The pages of `terms` (wire.md, rich form, `document: true`) with `credential` attached.

    `digest` is that of the credential and stands in the footer; `made_at` in epoch seconds.
    """
    attachment = Attachment(ATTACHMENT_NAME, ATTACHMENT_MEDIA_TYPE, credential)
    return typeset(_HERE / "certificate.typ", view(terms, digest, made_at), [attachment], made_at)


def view(terms: Mapping[str, Any], digest: str, made_at: int) -> dict[str, Any]:
    """What the template shows, as texts only: amounts, dates and codes are already put in words."""
    debts = terms["vorderingen"]
    return {
        "organisation": terms["aangeleverd_door"]["naam"],
        "person": _person(terms),
        "reference_date": _day(terms["peildatum"]),
        "made": _made(made_at),
        "amounts": _amounts(terms, debts),
        "debts": [_debt(debt) for debt in debts],
        "complete": terms["volledigheid"] != "gedeeltelijk",
        "sources": [_source(source) for source in terms["bronnen"]],
        "contact": dict(terms["contact_schuldhulp"]),
        "reference": terms["opgave_kenmerk"].removeprefix("urn:uuid:"),
        "digest": digest,
    }


def _person(terms: Mapping[str, Any]) -> dict[str, str]:
    name = f"{terms.get('voornamen', '')} {terms.get('geslachtsnaam', '')}".strip()
    born = terms.get("geboortedatum")
    return {"name": name, "born": _day(born) if born else ""}


def _amounts(terms: Mapping[str, Any], debts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    disputed = sum(max(debt["saldo"], 0) for debt in debts if "betwist" in _flags(debt))
    credit = terms["totaal_tegoed"]
    return {
        "due": euro(terms["totaal_opeisbaar"]),
        "due_at_least": "ja" if terms.get("totalen_minimaal") else "",
        "total": euro(terms["totaal_openstaand"]),
        "count": str(terms["aantal_vorderingen"]),
        "disputed": euro(disputed) if disputed else "",
        "credit": euro(credit) if credit else "",
    }


def _flags(debt: Mapping[str, Any]) -> Sequence[str]:
    flags: Sequence[str] = debt.get("markeringen", ())
    return flags


def _debt(debt: Mapping[str, Any]) -> dict[str, Any]:
    notes = [label("markering", flag) for flag in _flags(debt) if flag != debt.get("fase")]
    return {
        "what": debt.get("omschrijving") or label("type", debt["type"]),
        "reference": debt["vordering_kenmerk"],
        "stage": label("fase", debt["fase"]) if debt.get("fase") else "",
        "notes": ", ".join(notes),
        "due_date": _day(debt["vervaldatum"]) if debt.get("vervaldatum") else "",
        "handler": _handler(debt),
        "balance": euro(debt["saldo"]),
    }


def _handler(debt: Mapping[str, Any]) -> str:
    handler = debt.get("in_behandeling_bij") or {}
    name, file_number = handler.get("naam", ""), handler.get("dossiernummer", "")
    return f"{name}, dossier {file_number}" if name and file_number else name


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": source["code"].replace("-", " "),
        "ok": source["status"] == "ok",
        "state": label("bron", source["status"]),
        "day": _day(source["peildatum"]) if source.get("peildatum") else "",
    }


def euro(cents: int) -> str:
    """Cents as Dutch euros: 123450 is "€ 1.234,50"."""
    return str(format_currency(cents / 100, "EUR", locale="nl_NL"))


def _day(text: str) -> str:
    """An RFC 3339 time or a date as a Dutch day in Europe/Amsterdam."""
    moment = datetime.fromisoformat(text)
    local = moment.astimezone(_AMSTERDAM) if moment.tzinfo else moment
    return str(format_date(local, "d MMMM y", locale="nl"))


def _made(made_at: int) -> dict[str, Any]:
    local = datetime.fromtimestamp(made_at, UTC).astimezone(_AMSTERDAM)
    return {
        "text": f"{format_date(local, 'd MMMM y', locale='nl')}, {local:%H:%M} uur",
        "year": local.year,
        "month": local.month,
        "day": local.day,
    }
