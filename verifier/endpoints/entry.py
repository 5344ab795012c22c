"""What a counsellor fills in for a new case."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from vckit.errors import KitError
from verifier.asking import new_case_id
from verifier.findings import Source
from verifier.person import Person

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

_NAME_LENGTH = 200
_CASE_ID = re.compile("[0-9a-f]{32}")


class EntryError(KitError):
    """The form cannot be taken as it is; the text is for the counsellor."""


@dataclass(frozen=True)
class Entry:
    """A filled-in form: about whom (None: not known), and which organisations should answer.

    `case_id` is the id that the form gave its case, so that a form makes one case only.
    """

    case_id: str
    person: Person | None
    chosen: tuple[Source, ...]


def read(form: "MultiDict[str, str]", organisations: Iterable[Source]) -> Entry:
    """Read the form of a new case; EntryError tells what to change."""
    wanted = set(form.getlist("organisation"))
    chosen = tuple(source for source in organisations if source.oin in wanted)
    if not chosen:
        raise EntryError(_("Kies ten minste één organisatie."))
    return Entry(_case_id(form), person(form), chosen)


def person(form: Mapping[str, str]) -> Person | None:
    """The person that was filled in, None for nobody; EntryError tells what to change."""
    names = ("family_name", "given_name", "birthdate")
    family_name, given_name, birthdate = (form.get(name, "").strip() for name in names)
    if not (family_name or given_name or birthdate):
        return None
    if not (family_name and given_name and birthdate):
        raise EntryError(_("Vul achternaam, voornamen en geboortedatum alle drie in, of geen."))
    if max(len(family_name), len(given_name)) > _NAME_LENGTH:
        raise EntryError(_("Een naam is te lang."))
    return Person(family_name, given_name, _date(birthdate).isoformat())


def _case_id(form: Mapping[str, str]) -> str:
    """Only an id as we make them; anything else gets a fresh one."""
    given = form.get("case", "")
    return given if _CASE_ID.fullmatch(given) else new_case_id()


def _date(text: str) -> date:
    for notation in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, notation).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise EntryError(_("Schrijf de geboortedatum als dag-maand-jaar, bijvoorbeeld 31-12-1980."))
