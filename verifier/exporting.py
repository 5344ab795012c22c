"""Letting a case out: which files there are, and what they are made of."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from verifier.casework import case_report
from verifier.export import control, csv_file, fcid_file, pages, workbook
from verifier.export.content import Content
from verifier.export.control import Reporter
from verifier.findings import Source
from verifier.office import Office
from verifier.person import Person
from verifier.store import Case
from verifier.wording import DUTCH


@dataclass(frozen=True)
class File:
    """A file as it is offered; `stem` is its name without day and ending."""

    stem: str
    ending: str
    media_type: str
    content: bytes

    def name(self, content: Content) -> str:
        """Names the day and nothing of the person (domain.md, Law that shapes behaviour)."""
        return f"{self.stem}-{content.made.date().isoformat()}.{self.ending}"


# What anybody may make of an overview, and what only who has a key for it may.
OPEN: Final[Mapping[str, tuple[str, Callable[[Content], bytes]]]] = MappingProxyType(
    {
        "overzicht.xlsx": (workbook.MEDIA_TYPE, workbook.workbook),
        "overzicht.csv": (csv_file.MEDIA_TYPE, csv_file.csv_file),
        "fcid.json": (fcid_file.MEDIA_TYPE, fcid_file.fcid_file),
    }
)
SEALED: Final[Mapping[str, tuple[str, Callable[[Content, Reporter], bytes]]]] = MappingProxyType(
    {
        "controlerapport.pdf": (pages.MEDIA_TYPE, pages.sealed_pdf),
        "controlerapport.json": (control.MEDIA_TYPE, control.sealed_json),
    }
)


def content_of(office: Office, case: Case, now: int, subject: int | None = None) -> Content:
    """What every file of this case says at `now`, of two persons together or of one.

    Files speak Dutch, whatever the page speaks.
    """
    organisation = office.config.organisation
    return Content(
        report=case_report(office, case, now, DUTCH, subject),
        made_by=Source(organisation.name, organisation.oin),
        made_at=now,
        reference=uuid.uuid4().urn,
        persons=_persons(case, subject),
    )


def _persons(case: Case, subject: int | None) -> tuple[Person, ...]:
    """Whom it is about; who has an overview of their own is not named in another's (case 4)."""
    known = tuple(each for each in (case.person, case.partner) if each)
    return known if subject is None or not case.partner else (known[subject],)


def reporter(office: Office) -> Reporter | None:
    """Who seals reports here; None where the configuration has no key for it."""
    if office.report_key is None:
        return None
    signer, chain = office.report_key
    return Reporter(signer, chain, office.scheme)


def file(office: Office, name: str, content: Content) -> File | None:
    """Make one file; None where there is none of that name here."""
    stem, _, ending = name.partition(".")
    sealer = reporter(office)
    if name in OPEN:
        media_type, make = OPEN[name]
        return File(stem, ending, media_type, make(content))
    if name in SEALED and sealer:
        media_type, seal = SEALED[name]
        return File(stem, ending, media_type, seal(content, sealer))
    return None
