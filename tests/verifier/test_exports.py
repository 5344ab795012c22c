"""The counsellor's downloads, and files of national bodies beside the credentials."""

import json

import pytest
from urllib3.filepost import encode_multipart_formdata

from tests.vckit.statements import debt
from tests.verifier import world as worlds
from tests.verifier.browser import Browser, text_of
from tests.verifier.evidence import BOXTEL, GESTEL, accepted
from tests.verifier.test_fcid import BSN, document
from tests.verifier.test_fcid import case as fcid_case
from tests.verifier.wallet import begin
from verifier import create_app, exporting
from verifier.checking import check_file
from verifier.foreign_file import ForeignFile
from verifier.installation import initialise, judge
from verifier.opening import open_office
from verifier.person import Person

JOSE = Person("d'Hondt", "José", "1974-08-21")
ANNA = Person("d'Hondt", "Anna", "1976-02-01")
FILES = ("overzicht.xlsx", "overzicht.csv", "fcid.json")
SEALED = ("controlerapport.pdf", "controlerapport.json")


@pytest.fixture
def case(office, world):
    case, started = begin(office, world, person=JOSE)
    office.store.close(started.id, "DONE", world.now, [accepted(BOXTEL, debt(1)), accepted(GESTEL)])
    return case


@pytest.fixture
def upload(browser, case):
    def upload(*contents, accept="text/html", **fields):
        files = [("document", ("fcid.json", data, "application/json")) for data in contents]
        members = [*files, *fields.items(), ("csrf_token", browser.token())]
        body, content_type = encode_multipart_formdata(members)
        how = {"content_type": content_type, "headers": {"Accept": accept}}
        path = f"/zaken/{case.id}/landelijk"
        return browser.client.post(path, base_url=worlds.VERIFIER_URL, data=body, **how)

    return upload


def told(*cases):
    return json.dumps(document(*cases)).encode()


def test_the_page_offers_every_file_and_each_can_be_had(browser, case):
    page = browser.get(f"/zaken/{case.id}/overzicht")
    for name in (*FILES, *SEALED):
        path = f"/zaken/{case.id}/uitvoer/{name}"
        assert f'href="{path}"' in page.text
        answer = browser.get(path)
        assert answer.status_code == 200
        stem, _, ending = name.partition(".")
        assert answer.headers["Content-Disposition"] == (
            f"attachment; filename={stem}-2026-11-24.{ending}"
        )
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.data
    assert "Controlerapport" in text_of(page)


def test_what_is_downloaded_holds_by_check(world, browser, case):
    for name in SEALED:
        path = world.folder / name
        path.write_bytes(browser.get(f"/zaken/{case.id}/uitvoer/{name}").data)
        verdict = check_file(ForeignFile.read(path), world.config, world.now, world.network)
        assert verdict.holds
        assert "Saldo:  € 429,00" in verdict.lines


def test_file_names_and_addresses_tell_nothing_of_the_person(browser, case):
    for name in (*FILES, *SEALED):
        answer = browser.get(f"/zaken/{case.id}/uitvoer/{name}")
        said = f"{answer.request.path} {answer.headers['Content-Disposition']}"
        assert not [one for one in ("Hondt", "Jos", "1974", "999291415") if one in said]


def test_the_api_tells_its_age_and_completeness(browser, case):
    seen = browser.get(f"/zaken/{case.id}/overzicht.json").json
    assert (seen["made_at"], seen["oldest_reference_date"]) == (
        "2026-11-24T11:30:00Z",
        "2026-11-21",
    )
    assert seen["complete"] is True


def test_an_unknown_file_a_colleague_and_a_stranger_get_nothing(browser, client, case):
    path = f"/zaken/{case.id}/uitvoer"
    assert browser.get(f"{path}/anders.exe").status_code == 404
    assert browser.get(f"/zaken/nergens/uitvoer/{FILES[0]}").status_code == 404
    colleague = Browser(client).log_in("een-ander")
    for name in (*FILES, *SEALED):
        assert colleague.get(f"{path}/{name}").status_code == 403


def test_nobody_who_is_not_logged_in_downloads(app, case):
    outside = Browser(app.test_client())
    assert outside.get(f"/zaken/{case.id}/uitvoer/{FILES[0]}").status_code == 303


def test_without_a_report_key_the_other_files_stay(world):
    config = worlds.replaced(world.config, report=None)
    list(initialise(config))
    assert "report key: none, so no controlerapport" in list(judge(config, world.now))
    office = open_office(config, world.now, world.network)
    assert exporting.reporter(office) is None
    case, _ = begin(office, world, person=JOSE)
    client = create_app(config, clock=world.clock, fetcher=world.network).test_client()
    browser = Browser(client).log_in()
    for name in SEALED:
        assert browser.get(f"/zaken/{case.id}/uitvoer/{name}").status_code == 404
    assert browser.get(f"/zaken/{case.id}/uitvoer/{FILES[1]}").status_code == 200
    assert "controlerapport.pdf" not in browser.get(f"/zaken/{case.id}/overzicht").text


def test_of_a_household_one_person_s_file_names_no_partner(office, browser, case):
    office.casebook.set_partner(case.id, ANNA)
    path = f"/zaken/{case.id}/uitvoer/controlerapport.json"
    both = browser.get(path).json["report"]
    assert both["overview"]["household"]
    mine = browser.get(f"{path}?persoon=1")
    assert mine.json["report"]["overview"]["household"] == []
    assert "Anna" not in mine.text
    page = browser.get(f"/zaken/{case.id}/overzicht?persoon=1")
    assert f'href="{path}?persoon=1"' in page.text


def test_a_file_of_a_national_body_stands_apart_in_the_overview(browser, case, upload):
    answer = upload(told())
    assert (answer.status_code, answer.location) == (303, f"/zaken/{case.id}/landelijk")
    seen = browser.get(f"/zaken/{case.id}/overzicht.json").json
    assert (seen["totals"]["outstanding"], seen["totals"]["national"]) == (42_900, 18_900)
    page = text_of(browser.get(f"/zaken/{case.id}/overzicht")).replace("\xa0", " ")
    assert "Te hard gereden" in page
    assert "€ 189,00" in page
    assert BSN not in browser.get(f"/zaken/{case.id}/landelijk").text


def test_the_same_file_counts_once_and_can_be_taken_out(office, browser, case, upload):
    for _ in range(2):
        upload(told())
    [statement] = office.casebook.beside(case.id).national
    form = browser.get(f"/zaken/{case.id}/landelijk")
    assert "CJIB" in text_of(form)
    browser.post(f"/zaken/{case.id}/landelijk/{statement.digest}/weg")
    assert office.casebook.beside(case.id).national == ()
    assert browser.post(f"/zaken/{case.id}/landelijk/{statement.digest}/weg").status_code == 303


def test_of_two_persons_it_is_told_whose_file_it_is(office, case, upload):
    office.casebook.set_partner(case.id, ANNA)
    upload(told(), subject="2")
    [statement] = office.casebook.beside(case.id).national
    assert statement.subject == 1


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (b"", 415, "not_json"),
        (b"%PDF-1.7", 415, "not_json"),
        (b"{}", 422, "not_fcid"),
        (told(fcid_case(saldo=1)), 422, "sums"),
        (b" " * (2 * 1024 * 1024 + 1), 413, "too_large"),
        (b" " * (3 * 1024 * 1024), 413, "too_large"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_reason(upload, content, status, reason):
    answer = upload(content, accept="application/problem+json")
    assert (answer.status_code, answer.json["type"]) == (status, reason)
    page = upload(content)
    assert page.status_code == status
    assert "Dit bestand is niet toegevoegd" in text_of(page)
    assert "Haal dit bestand weg" not in text_of(page)


def test_two_files_at_once_no_file_and_another_s_case(client, case, upload):
    assert upload(told(), told()).status_code == 400
    assert upload().status_code == 415
    colleague = Browser(client).log_in("een-ander")
    assert colleague.get(f"/zaken/{case.id}/landelijk").status_code == 403


def test_X01_a_hostile_description_is_shown_as_text(browser, case, upload):
    hostile = "<img src=x onerror=alert(1)>{{7*7}}"
    event = {**document()["body"]["financiele_zaken"][0]["gebeurtenissen"][1]}
    upload(told(fcid_case(gebeurtenissen=[{**event, "omschrijving": hostile}])))
    for path in ("landelijk", "overzicht"):
        page = browser.get(f"/zaken/{case.id}/{path}")
        assert "<img src=x" not in page.text
        assert "{{7*7}}" in page.text
