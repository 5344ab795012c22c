"""What a counsellor adds to a case: kept apart, marked as not checked, erased with the case."""

import re

import pytest

from tests.vckit.statements import debt
from tests.verifier.browser import Browser, text_of
from tests.verifier.evidence import BOXTEL, GESTEL, accepted
from tests.verifier.wallet import begin
from tests.verifier.world import OTHER_PERSON
from verifier.beside import HandDebt, NationalClaim, NationalStatement
from verifier.casebook import MOST_DEBTS
from verifier.casework import case_report
from verifier.endpoints.added_debt import cents
from verifier.endpoints.entry import EntryError
from verifier.person import Person
from verifier.usual import CODES
from verifier.wording import DUTCH

JOSE = Person("d'Hondt", "José", "1974-08-21")
ANOUK = {"family_name": "Nowak", "given_name": "Anouk", "birthdate": "23-01-1984"}
BANK = {"id": "0" * 16, "creditor": "Bank Zuid", "amount": "1.234,50", "usual": "bank"}
CJIB = NationalStatement(
    "digest",
    "CJIB",
    "00000001003333333000",
    "2026-11-20",
    (
        NationalClaim("Z1", "CJIB", 23_900, "00000001001234567000", description="Verkeersboete"),
        NationalClaim("Z8", "CJIB", -900),
    ),
)
TABLES = ("hand_debts", "national_statements", "ticked_creditors", "snapshots")


@pytest.fixture
def case(office, world):
    """A case with a debt in it, complete."""
    made, started = begin(office, world, person=JOSE)
    found = [accepted(BOXTEL, debt(1)), accepted(GESTEL)]
    office.store.close(started.id, "DONE", world.now, found)
    return made


@pytest.fixture
def told(office, world, case):
    return lambda: case_report(office, office.store.case(case.id, world.now), world.now, DUTCH)


@pytest.fixture
def page(browser, case):
    return lambda part="overzicht": text_of(browser.get(f"/zaken/{case.id}/{part}"))


def count(office, table):
    return len(office.database.execute(f"SELECT * FROM {table}"))  # noqa: S608  the tests' own


def test_a_debt_added_by_hand_joins_a_total_of_its_own(browser, case, told, page):
    answer = browser.post(f"/zaken/{case.id}/zelf", BANK)
    assert (answer.status_code, answer.location) == (303, f"/zaken/{case.id}/zelf")
    assert "Bank Zuid" in page("zelf")
    found = told()
    assert (found["totals"]["by_hand"], found["totals"]["outstanding"]) == (123_450, 42_900)
    assert found["complete"]
    assert not found["by_hand"][0]["checked"]
    shown = page().replace("\xa0", " ")
    assert "Niet gecontroleerd" in shown
    assert "Zelf toegevoegd € 1.234,50" in shown


def test_the_same_form_twice_adds_one_debt_and_it_can_be_taken_away(browser, case, told):
    for _ in range(2):
        browser.post(f"/zaken/{case.id}/zelf", BANK)
    assert len(told()["by_hand"]) == 1
    for _ in range(2):
        assert browser.post(f"/zaken/{case.id}/zelf/{BANK['id']}/weg").status_code == 303
    assert told()["by_hand"] == []


def test_every_form_brings_an_id_of_its_own(browser, case):
    ids = {
        re.search(r'name="id" value="([0-9a-f]{16})"', browser.get(f"/zaken/{case.id}/zelf").text)[
            1
        ]
        for _ in range(3)
    }
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"creditor": " "}, "aan wie de schuld betaald moet worden"),
        ({"amount": ""}, "Schrijf het bedrag in cijfers"),
        ({"amount": "veel"}, "Schrijf het bedrag in cijfers"),
        ({"amount": "0,00"}, "hoger is dan nul"),
        ({"description": "a" * 201}, "Een tekst is te lang"),
    ],
)
def test_a_debt_that_is_not_filled_in_right_says_what_to_change(browser, case, told, changes, said):
    answer = browser.post(f"/zaken/{case.id}/zelf", BANK | changes)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert told()["by_hand"] == []


def test_there_is_an_end_to_the_list(browser, office, world, case):
    for number in range(MOST_DEBTS):
        office.casebook.add_debt(case.id, HandDebt(str(number), "Bank", 1), world.now)
    answer = browser.post(f"/zaken/{case.id}/zelf", BANK)
    assert "te veel schulden" in text_of(answer)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1", 100), ("1,5", 150), ("12,34", 1_234), ("1.234", 123_400), ("1.234,5", 123_450),
     ("1234.50", 123_450), ("€ 5,-", 500), ("€\xa07", 700), ("1.234.567,89", 123_456_789)],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text, amount):
    assert cents(text) == amount


@pytest.mark.parametrize(
    "text", ["-1", "1,234", "1.23.4", "1 000", "1e3", "٣", "9" * 10, "1,2,3", "=1"]
)
def test_what_is_no_amount_is_not_guessed(app, text):
    with app.test_request_context(), pytest.raises(EntryError):
        cents(text)


def test_a_debt_by_hand_that_is_known_already_is_pointed_at(office, world, case, told):
    for number, (creditor, amount, reference) in enumerate(
        (("Iemand", 5, "v 1"), ("gemeente boxtel", 42_900, ""), ("Gemeente Boxtel", 1, ""))
    ):
        one = HandDebt(str(number), creditor, amount, reference=reference)
        office.casebook.add_debt(case.id, one, world.now)
    assert [len(each["possibly"]) for each in told()["by_hand"]] == [1, 1, 0]


def test_usual_creditors_are_ticked_off_and_a_debt_by_hand_counts_as_asked(
    browser, case, told, page
):
    assert "Belastingdienst" in page()
    browser.post(f"/zaken/{case.id}/zelf", BANK)
    answer = browser.post(
        f"/zaken/{case.id}/schuldeisers", {"creditor": ["cak", "duo", "bestaat-niet"]}
    )
    assert answer.status_code == 303
    states = {each["code"]: each["state"] for each in told()["usual_creditors"]}
    assert {code for code, state in states.items() if state != "open"} == {"bank", "cak", "duo"}
    assert states["bank"] == "by_hand"
    browser.post(f"/zaken/{case.id}/schuldeisers", {"creditor": list(CODES)})
    assert "U heeft alle gebruikelijke schuldeisers nagevraagd." in page()
    browser.post(f"/zaken/{case.id}/schuldeisers")
    assert told()["usual_creditors"][0]["state"] == "open"
    assert told()["complete"], "what nobody states does not make what is stated incomplete"


def test_what_national_bodies_tell_stands_beside_and_is_not_in_the_total(
    office, world, case, told, page
):
    office.casebook.add_national(case.id, CJIB, world.now)
    office.casebook.add_national(case.id, CJIB, world.now)
    found = told()
    assert (found["totals"]["national"], found["totals"]["outstanding"]) == (23_900, 42_900)
    [body] = found["national"]
    assert [len(each["possibly"]) for each in body["claims"]] == [1, 0]
    shown = page().replace("\xa0", " ")
    assert "CJIB, stand van 20 november 2026" in shown
    assert "Verkeersboete" in shown
    office.casebook.remove_national(case.id, CJIB.digest)
    assert told()["national"] == []


def test_a_second_person_is_entered_and_taken_out(browser, office, world, case, told):
    answer = browser.post(f"/zaken/{case.id}/tweede-persoon", ANOUK)
    assert (answer.status_code, answer.location) == (303, f"/zaken/{case.id}")
    kept = office.store.case(case.id, world.now).partner
    assert kept == Person("Nowak", "Anouk", "1984-01-23")
    assert not told()["complete"]
    assert "José d&#39;Hondt en Anouk Nowak" in browser.get(f"/zaken/{case.id}").text
    browser.post(f"/zaken/{case.id}/tweede-persoon/weg")
    assert office.store.case(case.id, world.now).partner is None
    assert told()["complete"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (dict.fromkeys(ANOUK, ""), "Vul achternaam, voornamen en geboortedatum in."),
        ({"birthdate": ""}, "alle drie in"),
        ({"family_name": "D'HONDT", "given_name": "josé", "birthdate": "1974-08-21"}, "dezelfde"),
    ],
)
def test_a_second_person_that_is_none_says_what_to_change(browser, case, changes, said):
    answer = browser.post(f"/zaken/{case.id}/tweede-persoon", ANOUK | changes)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_without_a_first_person_there_is_no_second(browser, office, world):
    made, _started = begin(office, world)
    answer = browser.post(f"/zaken/{made.id}/tweede-persoon", ANOUK)
    assert answer.status_code == 422
    assert "tweede-persoon" not in browser.get(f"/zaken/{made.id}").text


def test_each_person_has_an_overview_and_no_number_beyond_is_taken(browser, case):
    browser.post(f"/zaken/{case.id}/tweede-persoon", ANOUK)
    path = f"/zaken/{case.id}/overzicht"
    heads = [
        re.search("<h1>(.*?)</h1>", browser.get(f"{path}{who}").text)[1]
        for who in ("", "?persoon=1", "?persoon=2", "?persoon=3")
    ]
    both = "Overzicht van twee personen samen"
    assert heads == [both, "<bdi>José d&#39;Hondt</bdi>", "<bdi>Anouk Nowak</bdi>", both]
    assert browser.get(f"{path}.json?persoon=2").json["person"]["given_name"] == "Anouk"


def test_how_it_stood_is_kept_when_asked_for_and_when_the_question_is_asked_again(
    browser, office, world, case, page
):
    assert "Wat is er veranderd?" not in page()
    browser.post(f"/zaken/{case.id}/bewaar")
    assert "Er is niets veranderd." in page()
    world.clock.now += 60
    browser.post(f"/zaken/{case.id}/vraag")
    assert len(office.casebook.snapshots(case.id)) == 2
    [started, *_] = office.store.requests_of(case.id, world.now)
    paid = dict.fromkeys(("saldo", "opeisbaar_bedrag", "achterstand_bedrag"), 2_900)
    newer = accepted(BOXTEL, debt(1, betaald=45_000, **paid), peildatum="2026-11-22T23:00:00Z")
    office.store.close(started.id, "DONE", world.now, [newer])
    changes = browser.get(f"/zaken/{case.id}/overzicht.json").json["changes"]
    assert [each["what"] for each in changes["items"]] == ["balance"]
    assert "eerst € 429,00, nu € 29,00" in page().replace("\xa0", " ")


def test_nothing_is_kept_of_an_empty_case(browser, office, world):
    made, _started = begin(office, world, person=JOSE)
    browser.post(f"/zaken/{made.id}/vraag")
    assert office.casebook.snapshots(made.id) == []


@pytest.mark.parametrize("how", ["forget", "purge"])
def test_all_of_it_is_erased_with_the_case(browser, office, world, case, how):
    browser.post(f"/zaken/{case.id}/zelf", BANK)
    browser.post(f"/zaken/{case.id}/schuldeisers", {"creditor": ["cak"]})
    browser.post(f"/zaken/{case.id}/bewaar")
    office.casebook.add_national(case.id, CJIB, world.now)
    assert [count(office, table) for table in TABLES] == [1, 1, 1, 1]
    if how == "forget":
        browser.post(f"/zaken/{case.id}/vergeet")
    else:
        office.store.purge(case.expires_at)
    assert [count(office, table) for table in TABLES] == [0, 0, 0, 0]


PATHS = ("zelf", "schuldeisers", "tweede-persoon", "bewaar", "zelf/0/weg", "tweede-persoon/weg")


def test_V37_what_is_added_to_a_case_is_for_its_counsellor(app, browser, case):
    other = Browser(app.test_client()).log_in("tom")
    for path in PATHS[:3]:
        assert browser.get(f"/zaken/{case.id}/{path}").status_code == 200
        assert other.get(f"/zaken/{case.id}/{path}").status_code == 403
    for path in PATHS:
        assert other.post(f"/zaken/{case.id}/{path}", BANK | ANOUK).status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_X04_nothing_is_added_without_the_form_s_token(browser, case, path):
    assert browser.post(f"/zaken/{case.id}/{path}", BANK, token="vervalst").status_code == 403


def test_X01_I41_what_was_typed_is_text_and_hides_nothing(browser, case):
    evil = {"creditor": "<img src=x onerror=alert(1)>", "description": "Bank\u202e{{7*7}}"}
    browser.post(f"/zaken/{case.id}/zelf", BANK | evil)
    for path in ("zelf", "overzicht"):
        page = browser.get(f"/zaken/{case.id}/{path}").text
        assert "<img" not in page
        assert "\u202e" not in page
        assert "{{7*7}}" in page


def test_the_new_pages_speak_english(browser, office, world, case):
    browser.post(f"/zaken/{case.id}/tweede-persoon", ANOUK)
    [started, *_] = office.store.requests_of(case.id, world.now)
    office.store.close(started.id, "DONE", world.now, [accepted(BOXTEL, **OTHER_PERSON)])
    for path, words in (
        ("zelf", "Add a debt by hand"),
        ("schuldeisers", "Usual creditors"),
        ("tweede-persoon", "Second person"),
        ("overzicht", "Overview of two persons together"),
    ):
        assert words in text_of(browser.get(f"/zaken/{case.id}/{path}?taal=en"))
