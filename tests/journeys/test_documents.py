"""Documents of two organisations and what a wallet shares: one overview, each claim once."""

import pytest

from tests.journeys.actors import BOXTEL, NAMES, OTHER, command, euro
from verifier import cli as verifier_cli

pytestmark = pytest.mark.services

FIRST = 13
UNPROVEN = "Document, niet bewezen van deze persoon"


@pytest.fixture
def resident(scene):
    return scene.resident(FIRST)


@pytest.fixture
def documents(scene, resident):
    """What the Blauwe Knop of both municipalities gives."""
    return {slug: scene.visit(slug, resident.person).document() for slug in (BOXTEL, OTHER)}


def test_two_documents_and_a_wallet_are_one_overview(scene, resident, documents, expected):
    truth = expected["residents"][FIRST]
    case = scene.case(resident.person)
    for pdf in documents.values():
        assert case.upload(pdf).status_code == 303
    before = case.result()
    assert before["complete"] is True
    assert before["totals"]["outstanding"] == truth["outstanding"]
    assert before["totals"]["on_documents"] == truth["outstanding"]
    assert case.overview().count(UNPROVEN) >= len(documents)

    resident.receive(BOXTEL)
    resident.answer(case.link)
    seen = case.result()
    assert seen["complete"] is True
    assert seen["totals"]["outstanding"] == truth["outstanding"]
    assert seen["totals"]["on_documents"] == truth["per_organisation"][OTHER]["outstanding"]
    bases = {one["name"]: one["basis"] for one in seen["organisations"]}
    assert bases == {NAMES[BOXTEL]: "wallet", NAMES[OTHER]: "document"}
    assert each_claim_once(seen)
    page = case.overview()
    assert euro(truth["outstanding"]) in page
    assert UNPROVEN in page


def each_claim_once(seen):
    keys = [(one["oin"], one["vordering_kenmerk"]) for one in seen["debts"] if one["counted"]]
    return len(keys) == len(set(keys))


def test_the_other_order_gives_the_same(scene, resident, documents, expected):
    case = scene.case(resident.person)
    resident.receive(OTHER)
    resident.answer(case.link)
    for pdf in (*documents.values(), *documents.values()):
        assert case.upload(pdf).status_code == 303
    seen = case.result()
    assert seen["totals"]["outstanding"] == expected["residents"][FIRST]["outstanding"]
    assert each_claim_once(seen)


def test_each_document_is_checked_from_the_command_line(scene, documents, tmp_path):
    for slug, pdf in documents.items():
        path = tmp_path / f"{slug}.pdf"
        path.write_bytes(pdf)
        told = command(verifier_cli.main, scene.world.config_path("verifier"), "check", str(path))
        assert (told["kind"], told["holds"]) == ("gewaarmerkte pdf", True)
        assert told["organisation"] == NAMES[slug]
        assert told["sealed_at"]
