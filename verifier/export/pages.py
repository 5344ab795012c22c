"""The controlerapport as pages: PDF/A-3a and PDF/UA-1, the JSON one inside, sealed PAdES B-B."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from contexts.vocabulary import label
from vckit.sealed_pdf import Attachment, seal_pages, typeset
from verifier.export import cells, control
from verifier.export.content import NO_DEBT_ACKNOWLEDGED, Content
from verifier.export.control import Reporter
from verifier.grouping import GROUPS, VERIFIED
from verifier.wording import DUTCH

MEDIA_TYPE: Final = "application/pdf"
ATTACHMENT: Final = "controlerapport.json"
_TEMPLATE: Final = Path(__file__).with_name("controlerapport.typ")
_GROUPS: Final = {
    "outdated": "verouderd",
    "unchecked": "kon niet worden gecontroleerd",
    "withdrawn": "ingetrokken",
    "other_person": "van een andere persoon",
    "untrusted": "niet vertrouwd",
}
_BASES: Final = {"wallet": "uit een wallet", "document": "uit een document"}
_CHECKS: Final = {
    "signature": "De handtekening van de organisatie onder elke opgave.",
    "scheme": "Of de organisatie meedoet aan de afspraken (het schema).",
    "status": "Of de opgave is ingetrokken of vervangen door een nieuwere.",
    "holder": "Of de kaart van de persoon zelf kwam. Bij een document is dat niet bewezen.",
    "person": "Of alle opgaven over dezelfde persoon gaan.",
    "sums": "Of de bedragen bij elkaar passen en of er niets is weggelaten.",
    "age": "Hoe oud de stand van elke opgave is.",
    "doubles": "Of dezelfde schuld niet twee keer meetelt.",
}


def sealed_pdf(content: Content, reporter: Reporter) -> bytes:
    """The report as a PDF; software reads the attachment, never the pages."""
    attached = control.sealed_json(content, reporter)
    attachment = Attachment(ATTACHMENT, control.MEDIA_TYPE, attached.decode())
    pages = typeset(_TEMPLATE, view(content, reporter), [attachment], content.made_at)
    return seal_pages(
        pages,
        f"Digitaal zegel van {content.made_by.name}",
        signer=reporter.signer,
        chain=reporter.chain,
        sealed_at=content.made_at,
    )


def view(content: Content, reporter: Reporter) -> dict[str, Any]:
    """What the template shows, as texts only."""
    told = content.report
    made = content.made
    return {
        "maker": content.made_by.name,
        "made": f"{DUTCH.day(made.date())}, {made:%H:%M} uur",
        "date": {"year": made.year, "month": made.month, "day": made.day},
        "persons": list(_people(content)),
        "established": bool(told["person"] and told["person"]["established"]),
        "household": content.is_of_household,
        "oldest": _day(content.oldest),
        "complete": content.complete,
        "completeness": content.completeness,
        "stamp": f"{made:%d-%m-%Y}, {'' if content.complete else 'niet '}compleet",
        "amounts": list(_amounts(content)),
        "organisations": [_organisation(each, content) for each in told["organisations"]],
        "debts": [_debt(each, content) for each in told["debts"]],
        "unchecked": list(_unchecked(content)),
        "aside": list(_aside(told["groups"])),
        "findings": [each["text"] for each in told["findings"]],
        "checks": [_CHECKS[check] for check in control.CHECKS],
        "scheme": f"versie {reporter.scheme.version} van {reporter.scheme.operator}",
        "credentials": list(_credentials(told["groups"])),
        "reference": content.reference.removeprefix("urn:uuid:"),
        "warning": NO_DEBT_ACKNOWLEDGED,
    }


def _people(content: Content) -> Iterator[dict[str, str]]:
    told = content.report["person"]
    known = [person.to_json() for person in content.persons] or ([told] if told else [])
    for person in known:
        yield {
            "name": f"{person['given_name']} {person['family_name']}",
            "born": _day(cells.day(person["birthdate"])) or person["birthdate"],
        }


def _amounts(content: Content) -> Iterator[dict[str, str]]:
    totals = content.report["totals"]
    total_at_least = "" if content.complete else "ten minste "
    due_at_least = "ten minste " if content.due_is_minimal else ""
    yield _amount("Totaal openstaand", total_at_least, totals["outstanding"])
    yield _amount("Nu te betalen", due_at_least, totals["due"])
    yield _amount("Waarvan te laat", due_at_least, totals["arrears"])
    others = {
        "Daar is de cliënt het niet mee eens": totals["disputed"],
        "Verjaard": totals["prescribed"],
        "Samen met de partner, één keer geteld": totals["joint"],
        "Tegoed (niet verrekend)": totals["credit"],
        "Op grond van documenten": totals["on_documents"],
        "Niet gecontroleerd, apart van het totaal": content.unchecked,
    }
    for title, cents in others.items():
        if cents:
            yield _amount(title, "", cents)


def _amount(title: str, at_least: str, cents: int) -> dict[str, str]:
    return {"title": title, "value": at_least + DUTCH.euro(cents)}


def _organisation(each: Mapping[str, Any], content: Content) -> dict[str, str]:
    whose = f"Persoon {each['person']}: " if content.is_of_household else ""
    return {"text": whose + each["text"], "next": each["next_step"]}


def _debt(debt: Mapping[str, Any], content: Content) -> dict[str, str]:
    due = cells.cents(debt.get("opeisbaar_bedrag"))
    return {
        "what": debt.get("omschrijving") or label("type", debt["type"]),
        "reference": debt["vordering_kenmerk"],
        "creditor": debt["schuldeiser"].get("naam", ""),
        "handler": (debt.get("in_behandeling_bij") or {}).get("naam", ""),
        "stage": _words(debt),
        "rank": label("rang", debt["rang"]) if debt.get("rang") else "",
        "day": _day(cells.day(debt.get("reference_date"))),
        "due": "niet bekend" if due is None else DUTCH.euro(due),
        "balance": DUTCH.euro(debt["saldo"]),
        "whose": f"persoon {debt['person']}" if content.is_of_household else "",
        "note": "" if debt["counted"] else "telt al mee bij een andere opgave",
        "double": "; ".join(each["organisation"] for each in debt["possibly"]),
    }


def _words(debt: Mapping[str, Any]) -> str:
    stage = [label("fase", debt["fase"])] if debt.get("fase") else []
    return ", ".join([*stage, *(label("markering", one) for one in debt.get("markeringen", ()))])


def _unchecked(content: Content) -> Iterator[dict[str, str]]:
    for statement in content.report["national"]:
        day = _day(cells.day(statement["told_on"]))
        for claim in statement["claims"]:
            yield {
                "creditor": claim["creditor"],
                "what": claim["description"] or claim["kind"] or claim["case_number"],
                "told": f"bestand, stand van {day}" if day else "bestand",
                "balance": DUTCH.euro(claim["outstanding"]),
            }
    for debt in content.report["by_hand"]:
        yield {
            "creditor": debt["creditor"],
            "what": debt["description"],
            "told": "met de hand toegevoegd",
            "balance": DUTCH.euro(debt["amount"]),
        }


def _aside(groups: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for group in GROUPS:
        for entry in groups.get(group, ()) if group != VERIFIED else ():
            yield {
                "organisation": entry["organisation"],
                "why": _GROUPS.get(group, group),
                "day": _day(cells.day(entry["reference_date"])),
                "count": str(entry["claims"]),
                "outstanding": DUTCH.euro(entry["outstanding"]),
            }


def _credentials(groups: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for entries in groups.values():
        for entry in entries:
            yield {
                "organisation": entry["organisation"],
                "basis": _BASES[entry["basis"]],
                "checked": _day(cells.day(entry["checked_at"])),
                "digest": entry["credential"],
            }


def _day(moment: date | None) -> str:
    return DUTCH.day(moment) if moment else ""
