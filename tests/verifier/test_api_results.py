"""The API for case software: documents go in, the overview and the files come out."""

import json
from functools import cache

import pytest

from tests.documents import seal_chain, sealed
from tests.vckit.statements import debt
from tests.verifier import world as worlds
from tests.verifier.case_software import JOSE, CaseSoftware, register
from tests.verifier.evidence import BOXTEL, GESTEL, accepted, rejected
from tests.verifier.test_api import problem
from tests.verifier.world import OTHER_PERSON, replaced
from vckit import x509
from verifier import create_app
from verifier.beside import HandDebt
from verifier.checking import check_file
from verifier.foreign_file import ForeignFile

PDF = "application/pdf"
FILES = ("overzicht.xlsx", "overzicht.csv", "fcid.json", "controlerapport.pdf",
         "controlerapport.json")  # fmt: skip


@pytest.fixture
def world(tmp_path):
    return worlds.build(tmp_path, seals=[x509.digest(seal_chain()[-1])])


@pytest.fixture
def software(office, world, client):
    return CaseSoftware(client, register(office, world.now)[1])


@pytest.fixture
def case(software):
    return software.open(person=JOSE)


@pytest.fixture
def upload(software, case):
    def upload(content, media_type=PDF):
        return software.post(f"/cases/{case['id']}/documents", data=content, media_type=media_type)

    return upload


@cache
def changed():
    """A sealed document in which one byte is another."""
    document = bytearray(sealed())
    document[len(document) // 3] ^= 1
    return bytes(document)


def pdf(card):
    return sealed(credential=card.text)


def overview(software, case):
    return software.get(f"/cases/{case['id']}/overview").json


def test_a_sealed_document_joins_the_overview(world, software, case, upload):
    given = upload(pdf(world.boxtel.state(debt(1))))
    assert given.status_code == 201
    assert given.json == {"organisation": "Gemeente Boxtel", "oin": BOXTEL.oin, "reason": None}
    totals = overview(software, case)["totals"]
    assert totals["outstanding"] == totals["on_documents"] == 42_900


def test_X19_the_same_document_again_counts_once(world, software, case, upload):
    document = pdf(world.boxtel.state(debt(1)))
    assert [upload(document).status_code for _ in range(2)] == [201, 201]
    assert overview(software, case)["totals"]["outstanding"] == 42_900


def test_X20_a_neighbour_s_document_is_taken_and_told(world, software, case, upload):
    given = upload(pdf(world.boxtel.state(debt(1), **OTHER_PERSON)))
    assert (given.status_code, given.json["reason"]) == (201, "subject_mismatch")
    assert overview(software, case)["totals"]["outstanding"] == 0


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (b"", 415, "not_a_pdf"),
        (b"<html>", 415, "not_a_pdf"),
        (b"%PDF-1.7 onzin", 422, "PARSING_ERROR"),
        (None, 422, None),
    ],
)
def test_a_document_that_proves_nothing_is_refused_with_its_reason(
    upload, office, content, status, reason
):
    told = problem(upload(changed() if content is None else content), status, "document-refused")
    assert told["reason"] == (reason or told["reason"])
    assert told["detail"]
    assert office.database.execute("SELECT * FROM documents") == []


def test_X14_a_stranger_s_seal_is_not_trusted(world, upload):
    foreign = sealed(
        credential=world.boxtel.state(debt(1)).text, chain=seal_chain("https://vreemd.example")
    )
    assert problem(upload(foreign), 422, "document-refused")["reason"] == "untrusted_issuer"


def test_a_document_is_sent_as_what_it_is(upload):
    problem(upload(b"%PDF-1.7", "application/octet-stream"), 415, "unsupported-media-type")


def test_X16_more_than_ten_mebibytes_is_too_large(upload):
    limit = 10 * 1024 * 1024
    assert upload(b"%PDF-".ljust(limit)).status_code == 422
    problem(upload(b"%PDF-".ljust(limit + 1)), 413, "too-large")


@pytest.fixture
def filled(office, world, software, case):
    """A case with everything in its overview that there can be."""
    [request] = case["requests"]
    found = [accepted(BOXTEL, debt(1), debt(2, saldo=-500, hoofdsom=None)), rejected("revoked")]
    office.store.close(request["id"], "DONE", world.now, [*found, accepted(GESTEL, debt(3))])
    office.casebook.add_debt(case["id"], HandDebt("a", "Bol", 1_200), world.now)
    world.clock.now += 60
    software.post(f"/cases/{case['id']}/requests", {})
    return case


def test_the_overview_of_a_full_case_is_as_described(software, filled):
    seen = overview(software, filled)
    assert seen["id"] == filled["id"]
    assert len(seen["debts"]) == 3
    assert seen["by_hand"]
    assert seen["changes"] is not None


def test_the_overview_is_what_the_page_has(office, world, software, filled, browser):
    [page_case] = [office.store.case(filled["id"], world.now)]
    office.database.execute("UPDATE cases SET owner = 'samira' WHERE id = ?", (page_case.id,))
    page = browser.get(f"/zaken/{page_case.id}/overzicht.json").json
    office.database.execute(
        "UPDATE cases SET owner = ? WHERE id = ?", (page_case.owner, page_case.id)
    )
    assert overview(software, filled) == page


def test_X26_nothing_of_a_case_is_for_a_cache(software, filled):
    for path in ("", "/overview", *(f"/files/{name}" for name in FILES)):
        # `conforms` looks at Cache-Control of every answer.
        assert software.get(f"/cases/{filled['id']}{path}").status_code == 200


@pytest.mark.parametrize("name", FILES)
def test_every_file_can_be_had_and_names_nobody(software, filled, name):
    given = software.get(f"/cases/{filled['id']}/files/{name}")
    assert given.status_code == 200
    stem, _, ending = name.partition(".")
    assert given.headers["Content-Disposition"].startswith(f"attachment; filename={stem}-")
    assert given.headers["Content-Disposition"].endswith(f".{ending}")


@pytest.mark.parametrize("name", ["controlerapport.pdf", "controlerapport.json"])
def test_the_controlerapport_holds(world, software, filled, name, tmp_path):
    path = tmp_path / name
    path.write_bytes(software.get(f"/cases/{filled['id']}/files/{name}").data)
    assert check_file(ForeignFile.read(path), world.config, world.now).holds


def test_without_a_key_there_is_no_controlerapport(office, world):
    without = replaced(office.config, report=None)
    client = create_app(without, clock=world.clock, fetcher=world.network).test_client()
    software = CaseSoftware(client, register(office, world.now)[1])
    path = f"/cases/{software.open()['id']}/files"
    for name in ("controlerapport.pdf", "elders.txt"):
        problem(software.get(f"{path}/{name}"), 404, "file-not-found")
    assert json.loads(software.get(f"{path}/fcid.json").data)


@pytest.mark.parametrize("query", ["person=3", "person=", "person=1&person=2", "persoon=1"])
def test_a_person_that_there_is_not_is_refused(software, case, query):
    problem(software.get(f"/cases/{case['id']}/overview?{query}"), 400, "bad-request")
