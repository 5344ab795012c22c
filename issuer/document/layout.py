"""The certified document as pages: a statement's terms become a PDF/A-3a and PDF/UA-1 file.

Deterministic: the same content gives the same bytes.
"""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import segno

from issuer.document import debts
from issuer.document.content import Content
from issuer.document.words import Words, calendar_day
from issuer.paper import PaperSummary, is_disputed
from vckit.sealed_pdf import typeset

_TEMPLATE: Final = Path(__file__).with_name("certificate.typ")
# Any mask can be read (ISO/IEC 18004, 7.8); for our addresses this one is nearly always the best,
# and trying all eight takes as long as typesetting.
_MASK: Final = 2
# What the template takes from `texts.toml` as it stands there.
_HEADINGS: Final = (
    "title", "attached", "code_text", "help", "help_mail", "help_free", "is_this_all",
    "source", "source_state", "source_day", "debts", "what", "pay_before", "stage", "call", "open",
    "about", "about_age", "about_debt_first", "about_debt", "about_others", "check",
    "footer_page", "footer_of",
)  # fmt: skip


def render(content: Content) -> bytes:
    """The pages, with the credentials attached."""
    return typeset(_TEMPLATE, view(content), content.attachments, content.made_at)


def view(content: Content) -> dict[str, Any]:
    """What the template shows, as texts only: amounts, dates and codes are already put in words."""
    words, terms = Words(content.language), content.terms
    return {
        "language": content.language,
        "organisation": content.organisation,
        "texts": {name: words.say(name) for name in _HEADINGS} | _sentences(content, words),
        "facts": list(_facts(content, words)),
        "check_address": content.check_address,
        "reference": _reference(terms),
        "digest": content.digest,
        "code": _code(content.paper_address),
        "amounts": list(_amounts(content, words)),
        "lead": _lead(content, words),
        "disputed": _disputed(terms, words),
        "contact": dict(terms["contact_schuldhulp"]),
        "complete": _is_complete(terms),
        "sources": [_source(source, content, words) for source in terms["bronnen"]],
        "debts": debts.rows(terms, words),
        "date": calendar_day(content.made_at),
    }


def seal_text(content: Content) -> str:
    """What people read of the seal."""
    return Words(content.language).say("seal", organisation=content.organisation)


def _reference(terms: Mapping[str, Any]) -> str:
    return str(terms["opgave_kenmerk"]).removeprefix("urn:uuid:")


def _is_complete(terms: Mapping[str, Any]) -> bool:
    return bool(terms["volledigheid"] != "gedeeltelijk")


def _sentences(content: Content, words: Words) -> dict[str, str]:
    """The sentences in which something is filled in."""
    values = {
        "organisation": content.organisation,
        "address": content.check_address,
        "day": words.day(content.terms["peildatum"]),
        "name": content.terms["contact_schuldhulp"]["naam"],
        "reference": _reference(content.terms),
        "digest": content.digest,
    }
    names = (
        "file_title", "file_description", "about_amounts", "check_file", "check_counsellor",
        "check_paper", "check_numbers", "help_call", "footer_reference", "footer_digest",
    )  # fmt: skip
    filled = {name: words.say(name, **values) for name in names}
    filled["code_title"] = words.say("code_title", address=_host(content.paper_address))
    complete = "complete" if _is_complete(content.terms) else "incomplete"
    return filled | {"completeness": words.say(complete, **values)}


def _host(address: str) -> str:
    """Where it leads, without the figures: those are for software."""
    return "/".join(address.split("/")[:4])


def _facts(content: Content, words: Words) -> Iterator[tuple[str, str]]:
    terms = content.terms
    name = f"{terms.get('voornamen', '')} {terms.get('geslachtsnaam', '')}".strip()
    if name:
        yield words.say("name"), name
    if terms.get("geboortedatum"):
        yield words.say("born"), words.day(terms["geboortedatum"])
    yield words.say("reference_date"), words.day(terms["peildatum"])
    yield words.say("made"), words.moment(content.made_at)


def _lead(content: Content, words: Words) -> dict[str, str] | None:
    """Where there is no debt, that instead of amounts."""
    if content.figures.count:
        return None
    if _is_complete(content.terms):
        title = words.say("no_debts", organisation=content.organisation)
        return {"title": title, "note": words.say("no_debts_note")}
    return {"title": words.say("none_found"), "note": ""}


def _amounts(content: Content, words: Words) -> Iterator[dict[str, str]]:
    """Due now and all together, and what the resident gets back where there is such a thing."""
    figures, at_least = content.figures, not _is_complete(content.terms)
    if figures.count:
        yield _due(figures, words, at_least=at_least)
        counted = words.say("one_debt" if figures.count == 1 else "more_debts", count=figures.count)
        yield _amount("all", figures.outstanding_cents, counted, words, at_least=at_least)
    if figures.credit_cents:
        yield _amount("credit", figures.credit_cents, words.say("credit_note"), words)


def _due(figures: PaperSummary, words: Words, *, at_least: bool) -> dict[str, str]:
    at_least, note = at_least or figures.is_minimal, ""
    if figures.is_minimal:
        note = words.say("due_at_least")
    elif figures.due_cents == 0 and not at_least:
        note = words.say("nothing_due")
    return _amount("due", figures.due_cents, note, words, at_least=at_least)


def _amount(
    title: str, cents: int, note: str, words: Words, *, at_least: bool = False
) -> dict[str, str]:
    return {
        "title": words.say(title),
        "prefix": words.say("at_least") if at_least else "",
        "value": words.euro(cents),
        "note": note,
    }


def _disputed(terms: Mapping[str, Any], words: Words) -> str:
    disputed = sum(max(debt["saldo"], 0) for debt in terms["vorderingen"] if is_disputed(debt))
    return words.say("disputed", amount=words.euro(disputed)) if disputed else ""


def _source(source: Mapping[str, Any], content: Content, words: Words) -> dict[str, Any]:
    code, day = source["code"], source.get("peildatum")
    return {
        "name": content.source_names.get(code, code),
        "ok": source["status"] == "ok",
        "state": words.say(f"source_{source['status']}"),
        "day": words.day(day) if day else words.say("unknown"),
    }


def _code(address: str) -> str:
    """A QR code as SVG: 15 % of it may be lost to a crease or a bad printer."""
    drawn = io.BytesIO()
    code = segno.make(address, error="m", micro=False, mask=_MASK)
    code.save(drawn, kind="svg", xmldecl=False, omitsize=True, border=4, svgclass=None)
    return drawn.getvalue().decode("ascii")
