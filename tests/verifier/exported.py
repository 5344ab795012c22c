"""An overview as an export gets it, without the pages."""

from tests.verifier.evidence import BOXTEL, GESTEL
from tests.verifier.world import NOW
from verifier.beside import Beside, HandDebt, NationalClaim, NationalStatement
from verifier.export.content import Content
from verifier.findings import Source
from verifier.overview import Ages, Facts, overview
from verifier.person import Person
from verifier.report import report
from verifier.wording import DUTCH

JOSE = Person("d'Hondt", "José", "1974-08-21")
OFFICE = Source("Schuldhulp Proef", "00000001009999999000")
REFERENCE = "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e"
NATIONAL = NationalStatement(
    digest="d",
    body="CJIB",
    oin="00000004000000044000",
    told_on="2026-11-19",
    claims=(
        NationalClaim(
            case_number="B-1",
            creditor="CJIB",
            outstanding=23_900,
            reference="R-1",
            kind="cjib_wahv",
            description="Verkeersboete",
            due_on="2026-12-01",
        ),
        NationalClaim(case_number="B-2", creditor="CJIB", outstanding=-500),
    ),
)
BY_HAND = HandDebt(
    id="h", creditor="Winkel", amount=5_000, description="Wasmachine", reference="W-9"
)
BESIDE = Beside(by_hand=(BY_HAND,), national=(NATIONAL,))


def content(*findings, person=JOSE, organisations=(BOXTEL, GESTEL), now=NOW, **facts):
    """`facts` are more of what the counsellor entered: `beside`, `partner`."""
    known = Facts(person, organisations, **facts)
    told = {
        "id": "zaak-1",
        **report(overview(known, findings, now=now, ages=Ages()), "DONE", DUTCH),
    }
    return Content(told, OFFICE, now, REFERENCE, known.persons)
