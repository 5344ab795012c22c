"""The counsellor's pages: own cases only, forms that cannot be forged, everything said."""

import re

import pytest

from tests.vckit.statements import OIN, debt
from tests.verifier.browser import Browser, text_of
from tests.verifier.evidence import BAILIFF, BOXTEL, GESTEL, accepted, rejected
from tests.verifier.wallet import begin
from tests.verifier.world import OTHER_PERSON
from verifier.findings import Source
from verifier.person import Person

JOSE = Person("d'Hondt", "José", "1974-08-21")


@pytest.fixture
def filled(office, world):
    """A case with these findings in it."""

    def filled(*findings, person=JOSE):
        case, started = begin(office, world, person=person)
        office.store.close(started.id, "DONE", world.now, findings)
        return case

    return filled


def test_a_stranger_sees_the_way_in_and_nothing_else(client, office, world):
    outside = Browser(client)
    assert "Inloggen" in text_of(outside.get("/"))
    case, _started = begin(office, world)
    for path in ("/zaken", "/zaken/nieuw", f"/zaken/{case.id}", f"/zaken/{case.id}/overzicht"):
        answer = outside.get(path)
        assert answer.status_code == 303
        assert answer.location.startswith("/inloggen?naar=")


def test_from_a_new_case_to_the_overview(office, world, wallet, browser):
    form = text_of(browser.get("/zaken/nieuw"))
    assert "Gemeente Boxtel" in form
    assert "Gemeente Sint-Michielsgestel" in form
    answer = browser.post(
        "/zaken",
        {
            "family_name": "D'Hondt",
            "given_name": "José",
            "birthdate": "21-08-1974",
            "organisation": [BOXTEL.oin, GESTEL.oin],
        },
    )
    assert answer.status_code == 303
    page = browser.get(f"{answer.location}?script=nee")
    assert 'data-state="CREATED"' in page.text
    assert page.headers["Refresh"] == "4"
    assert page.text.count("<svg") >= 1
    link = re.search(r'id="link" href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    [case] = office.store.cases_of("samira", world.now)
    [started] = office.store.requests_of(case.id, world.now)
    assert started.id in link
    asked = wallet.fetch(started)
    assert 'data-state="WAITING_FOR_RESPONSE"' in browser.get(answer.location).text
    wallet.send(asked, wallet.card(world.boxtel, debt(1)), wallet.card(world.michielsgestel))
    done = browser.get(answer.location)
    assert 'data-state="DONE"' in done.text
    assert "Refresh" not in done.headers
    overview = text_of(browser.get(f"/zaken/{case.id}/overzicht"))
    assert "€ 429,00" in overview.replace("\xa0", " ")
    assert "Compleet" in overview
    assert "José d'Hondt" in text_of(browser.get("/zaken")) or "D'Hondt" in overview


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"organisation": []}, "Kies ten minste één organisatie"),
        ({"given_name": ""}, "alle drie in, of geen"),
        ({"birthdate": "31-02-1974"}, "dag-maand-jaar"),
        ({"family_name": "a" * 201}, "te lang"),
        ({"organisation": ["99999999999999999999"]}, "Kies ten minste één organisatie"),
    ],
)
def test_a_form_that_is_not_right_says_what_to_change(office, world, browser, changes, said):
    data = {
        "family_name": "d'Hondt",
        "given_name": "José",
        "birthdate": "1974-08-21",
        "organisation": [BOXTEL.oin],
    }
    answer = browser.post("/zaken", {**data, **changes})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert office.store.cases_of("samira", world.now) == []


def test_a_person_can_be_left_open(office, world, browser):
    browser.post("/zaken", {"organisation": [BOXTEL.oin]})
    [case] = office.store.cases_of("samira", world.now)
    assert case.person is None
    assert "Persoon niet vastgesteld" in text_of(browser.get(f"/zaken/{case.id}/overzicht"))


def test_V37_a_case_of_another_counsellor_is_forbidden(app, office, world, browser):
    case, _started = begin(office, world)
    other = Browser(app.test_client()).log_in("tom")
    for path in ("", "/overzicht", "/overzicht.json", "/document"):
        assert browser.get(f"/zaken/{case.id}{path}").status_code == 200
        assert other.get(f"/zaken/{case.id}{path}").status_code == 403
    for path in ("/vraag", "/vergeet", "/document"):
        assert other.post(f"/zaken/{case.id}{path}").status_code == 403
    assert case.id not in other.get("/zaken").text
    assert office.store.case(case.id, world.now) is not None


def test_a_colleague_is_told_whose_the_case_is_and_nothing_of_it(app, office, world):
    case, _started = begin(office, world)
    shown = text_of(Browser(app.test_client()).log_in("tom").get(f"/zaken/{case.id}"))
    assert "Deze zaak is van een collega" in shown
    assert BOXTEL.name not in shown


def test_a_case_that_never_was_is_not_found(browser):
    answer = browser.get("/zaken/nooit")
    assert answer.status_code == 404
    assert "Deze zaak is er niet" in text_of(answer)


def test_K16_the_form_of_a_case_makes_one_case_however_often_it_comes(office, world, browser):
    form = browser.get("/zaken/nieuw").text
    case_id = re.search(r'name="case" value="([0-9a-f]{32})"', form)[1]
    filled = {"organisation": [BOXTEL.oin], "case": case_id}
    answers = [browser.post("/zaken", filled) for _ in range(2)]
    assert [answer.location for answer in answers] == [f"/zaken/{case_id}"] * 2
    [case] = office.store.cases_of("samira", world.now)
    assert len(office.store.requests_of(case.id, world.now)) == 1


def test_V37_the_form_cannot_take_the_case_of_a_colleague(app, office, world):
    case, _started = begin(office, world)
    other = Browser(app.test_client()).log_in("tom")
    answer = other.post("/zaken", {"organisation": [BOXTEL.oin], "case": case.id})
    assert answer.status_code == 403
    assert len(office.store.requests_of(case.id, world.now)) == 1


def test_a_form_with_an_id_of_its_own_invention_gets_one_of_ours(office, world, browser):
    browser.post("/zaken", {"organisation": [BOXTEL.oin], "case": "../x"})
    [case] = office.store.cases_of("samira", world.now)
    assert re.fullmatch("[0-9a-f]{32}", case.id)


@pytest.mark.parametrize("part", ["link", "organisatie", "wissen"])
def test_the_page_of_an_open_question_can_be_kept_still(office, world, browser, part):
    case, _started = begin(office, world)
    address = f"/zaken/{case.id}?script=nee"
    moving, still = browser.get(address), browser.get(f"{address}&vast={part}")
    assert ("Refresh" in moving.headers, "Refresh" in still.headers) == (True, False)
    assert (moving.text.count("<details"), still.text.count("<details")) == (3, 3)
    assert (moving.text.count(" open>"), still.text.count(" open>")) == (0, 1)


def test_K16_a_case_may_be_erased_twice(office, world, browser):
    case, _started = begin(office, world)
    for _ in range(2):
        assert browser.post(f"/zaken/{case.id}/vergeet").status_code == 303


def test_an_overview_of_nothing_shows_no_amount(office, world, browser):
    case, _started = begin(office, world)
    shown = text_of(browser.get(f"/zaken/{case.id}/overzicht"))
    assert "Er is nog geen opgave die meetelt" in shown
    assert "€" not in shown


@pytest.mark.parametrize("path", ["/zaken", "/zaken/{}/vraag", "/zaken/{}/vergeet", "/uitloggen"])
def test_X04_a_post_without_the_form_s_token_does_nothing(office, world, browser, path):
    case, _started = begin(office, world)
    answer = browser.client.post(path.format(case.id), base_url=world.config.base_url)
    assert answer.status_code == 403
    forged = browser.post(path.format(case.id), token="vervalst")
    assert forged.status_code == 403
    assert len(office.store.requests_of(case.id, world.now)) == 1


def test_X05_looking_changes_nothing(office, world, browser):
    case, _started = begin(office, world)
    before = office.database.execute("SELECT * FROM requests")
    for path in ("/zaken", f"/zaken/{case.id}", f"/zaken/{case.id}/overzicht"):
        browser.get(path)
    assert office.database.execute("SELECT * FROM requests") == before


def test_the_question_can_be_asked_again_and_the_case_forgotten(office, world, browser):
    case, _started = begin(office, world)
    assert browser.post(f"/zaken/{case.id}/vraag").status_code == 303
    assert len(office.store.requests_of(case.id, world.now)) == 2
    assert browser.post(f"/zaken/{case.id}/vergeet").status_code == 303
    assert office.store.case(case.id, world.now) is None


def test_X02_X26_pages_are_guarded_and_kept_by_no_cache(office, world, browser):
    case, _started = begin(office, world)
    for path in ("/", "/zaken", f"/zaken/{case.id}", f"/zaken/{case.id}/overzicht.json"):
        headers = browser.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in headers


def test_pages_need_no_script_and_nothing_from_elsewhere(browser, filled):
    case = filled(accepted(BOXTEL, debt(1)))
    for path in ("/", "/zaken", "/zaken/nieuw", f"/zaken/{case.id}/overzicht"):
        page = browser.get(path).text
        assert "<script" not in page
        # A link may lead away; nothing that the page is made of comes from elsewhere.
        assert not re.search(r'src="https?://|<link[^>]+href="https?://', page)
        assert " style=" not in page


def test_X01_names_from_outside_are_only_text(browser, filled):
    evil = "<img src=x onerror=alert(1)>"
    case = filled(
        accepted(BOXTEL, debt(1, omschrijving=evil), debt(2, omschrijving="{{7*7}}")),
        rejected("untrusted_issuer", Source(f"https://x.example/{evil}", None), debt(3)),
    )
    page = browser.get(f"/zaken/{case.id}/overzicht").text
    assert evil not in page
    assert "&lt;img src=x" in page
    assert "{{7*7}}" in page


def test_every_group_is_on_the_page_with_its_words(browser, filled):
    case = filled(
        accepted(BOXTEL, debt(1)),
        rejected("superseded", GESTEL, debt(2), debt(3)),
        rejected("revoked", GESTEL, debt(4)),
        rejected("STATUS_RETRIEVAL_ERROR", GESTEL, debt(5)),
        rejected("untrusted_issuer", Source("https://vreemd.example", None), debt(6)),
        accepted(BAILIFF, debt(7), **OTHER_PERSON),
    )
    page = text_of(browser.get(f"/zaken/{case.id}/overzicht")).replace("\xa0", " ")
    for words in (
        "Totaal openstaand: ten minste",
        "Niet compleet",
        "verouderd, stand van 21 november 2026",
        "heeft deze opgave ingetrokken",
        "kon niet worden gecontroleerd",
        "doet niet mee aan de afspraken",
        "Van een andere persoon",
        "Anouk Nowak, 23 januari 1984",
        "€ 858,00",
    ):
        assert words in page
    for group in ("outdated", "unchecked", "withdrawn", "other_person", "untrusted"):
        assert f'id="group-{group}"' in browser.get(f"/zaken/{case.id}/overzicht").text


def test_what_is_known_of_a_debt_is_on_the_page(browser, filled):
    seized = debt(
        1,
        fase="beslag",
        beslag={"sinds": "2026-10-01", "bedrag_per_maand": 12_500},
        in_behandeling_bij={"soort": "deurwaarder", "naam": "De Wit", "dossiernummer": "D-7"},
        markeringen=["betwist"],
        aansprakelijkheid="hoofdelijk",
        rang="preferent",
    )
    unknown = debt(2, opeisbaar_bedrag=None, achterstand_bedrag=None)
    credit = debt(3, saldo=-4_000, hoofdsom=None, opeisbaar_bedrag=0, achterstand_bedrag=0)
    doubled = accepted(BAILIFF, debt(2, saldo=50_000, hoofdsom=None))
    case = filled(accepted(BOXTEL, seized, unknown, credit, basis="document"), doubled)
    page = text_of(browser.get(f"/zaken/{case.id}/overzicht")).replace("\xa0", " ")
    for words in (
        "Beslag of inhouding: 1 oktober 2026",
        "inhouding per maand: € 125,00",
        "De Wit",
        "Dossier: D-7",
        "0411 655 990",
        "preferent",
        "niet bekend",
        "ten minste",
        "Tegoed (niet verrekend) € 40,00",
        "Document, niet bewezen van deze persoon",
        "Telt mee bij een andere organisatie",
        "Deurwaarder De Wit: € 500,00",
        "u bent het er niet mee eens",
    ):
        assert words in page, words


def test_the_pages_speak_english_too(browser, filled):
    case = filled(accepted(BOXTEL, debt(1)), rejected("revoked", GESTEL, debt(2)))
    page = text_of(browser.get(f"/zaken/{case.id}/overzicht?taal=en"))
    assert "Not complete" in page
    assert "has withdrawn this statement" in page
    assert "Niet compleet" not in page


def test_a_birth_date_that_is_known_in_part_is_shown_as_it_stands(browser, filled):
    case = filled(accepted(BOXTEL, geboortedatum="1974-00-00"), person=None)
    assert "1974-00-00" in text_of(browser.get(f"/zaken/{case.id}/overzicht"))


def test_the_json_says_the_same_as_the_page(browser, filled):
    case = filled(accepted(BOXTEL, debt(1)), accepted(GESTEL))
    found = browser.get(f"/zaken/{case.id}/overzicht.json").json
    assert found["complete"]
    assert found["state"] == "DONE"
    assert found["totals"]["outstanding"] == 42_900
    assert found["person"] == {**JOSE.to_json(), "established": True}


@pytest.mark.no_cover  # counting lines is not the work
@pytest.mark.services  # alone on the machine
def test_a_hundred_statements_with_two_thousand_debts_are_on_the_page_in_time(browser, filled):
    import time

    many = [
        accepted(Source(f"Organisatie {number}", f"{number:020d}"),
                 *(debt(100 * number + one) for one in range(20)))
        for number in range(100)
    ]  # fmt: skip
    case = filled(*many)
    begun = time.process_time()
    page = browser.get(f"/zaken/{case.id}/overzicht")
    assert page.status_code == 200
    assert time.process_time() - begun < 2


def test_alive_and_ready_tell_nothing_else(browser):
    assert browser.get("/healthz").json == {"status": "ok"}
    assert browser.get("/readyz").json == {"status": "ok"}


def test_I41_words_of_others_stand_apart_and_hide_nothing(browser, filled):
    turned = debt(
        1,
        schuldeiser={"oin": OIN, "naam": "Gemeente \u202eletxoB\u202c"},
        omschrijving="Riool\u200dheffing <b>2025</b>",
    )
    case = filled(accepted(BOXTEL, turned))
    page = browser.get(f"/zaken/{case.id}/overzicht").text
    assert "<bdi>Gemeente [U+202E]letxoB[U+202C]</bdi>" in page
    assert "<bdi>Riool[U+200D]heffing &lt;b&gt;2025&lt;/b&gt;</bdi>" in page
    assert not set("\u202e\u202c\u200d") & set(page)


def test_I40_a_stranger_s_name_is_text(browser, filled):
    stranger = Source("did:web:<script>alert(1)</script>", None)
    case = filled(rejected("untrusted_issuer", stranger, debt(1)))
    page = browser.get(f"/zaken/{case.id}/overzicht").text
    assert "<script" not in page
    assert "did:web:&lt;script&gt;" in page
