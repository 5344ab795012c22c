"""One resident's journey, once by wallet and once by document, with its progress on the screen."""

from collections.abc import Callable
from typing import Any

from holder_demo.demo import overview
from holder_demo.demo.material import MUNICIPALITIES
from holder_demo.demo.visits import CounsellorVisit, ResidentVisit, WalletVisit
from holder_demo.demo.world import PIN, World
from holder_demo.persons import Person

Report = Callable[[str], None]


class JourneyError(Exception):
    """The journey ended otherwise than it should."""


def walk(world: World, person: Person, report: Report) -> dict[str, Any]:
    """Walk both ways and compare; gives the overview by wallet. Raises JourneyError."""
    by_wallet = _shown("de wallet", by_wallet_of(world, person, report), report)
    by_document = _shown("het document", by_document_of(world, person, report), report)
    if overview.essence(by_wallet) != overview.essence(by_document):
        raise JourneyError("the overview by wallet and the one by document differ")
    report("Beide overzichten zijn gelijk.")
    return by_wallet


def by_wallet_of(world: World, person: Person, report: Report) -> dict[str, Any]:
    """Fetch cards from both municipalities, share them, and give the counsellor's overview."""
    report(f"Met de wallet: {person.name}")
    wallet = WalletVisit(world.url("wallet"), PIN)
    wallet.unlock()
    for municipality in MUNICIPALITIES:
        visit = ResidentVisit(world.url(municipality.slug), person)
        wallet.accept(visit.offer_link())
        report(f"  kaart van {municipality.name} staat in de wallet")
    counsellor = _case(world, person)
    link = counsellor.request_link()
    report(f"  {world.counsellor.name} (schuldhulp) vraagt om de gegevens")
    wallet.share(link)
    report("  de wallet heeft de kaarten gedeeld")
    return counsellor.overview()


def by_document_of(world: World, person: Person, report: Report) -> dict[str, Any]:
    """Press the Blauwe Knop at both municipalities, upload, and give the counsellor's overview."""
    report(f"Met het document: {person.name}")
    counsellor = _case(world, person)
    for municipality in MUNICIPALITIES:
        visit = ResidentVisit(world.url(municipality.slug), person)
        pdf = visit.document()
        report(f"  Blauwe Knop bij {municipality.name}: {len(pdf) // 1024} kB PDF")
        counsellor.upload(f"schulden-{municipality.slug}.pdf", pdf)
    report("  de schuldhulp heeft beide documenten")
    return counsellor.overview()


def _case(world: World, person: Person) -> CounsellorVisit:
    visit = CounsellorVisit(world.url("verifier"), world.counsellor)
    visit.open_case(person)
    return visit


def _shown(way: str, seen: dict[str, Any], report: Report) -> dict[str, Any]:
    report("")
    report(f"Overzicht via {way}:")
    for line in overview.table(seen):
        report(f"  {line}")
    report(f"  {overview.verdict(seen)}")
    report("")
    return seen
