"""The page behind the button of a municipal site: what it does, and then the button itself."""

from html import unescape

import pytest

from issuer import button
from tests.issuer.pages import post, text_of
from tests.issuer.town import ANNA, BRAM, SETTINGS, URL, csrf_token, log_in, log_in_staff


@pytest.fixture
def anna(client):
    log_in(client, ANNA)
    return client


def test_three_sentences_tell_what_it_is_and_the_log_in_leads_back(client):
    page = client.get("/blauwe-knop")
    shown = text_of(page)
    assert "één document met alles wat u aan ons moet betalen." in shown
    assert "U geeft het zelf aan uw hulpverlener, als u dat wilt." in shown
    assert "u erkent hiermee geen schuld." in shown
    assert 'href="/inloggen?naar=/blauwe-knop"' in page.text
    assert "14 0411" in shown


def test_once_logged_in_one_press_gives_the_document(anna):
    page = anna.get("/blauwe-knop")
    assert "Anna de Boer" in text_of(page)
    answer = post(anna, "/document", "/blauwe-knop", taal="nl")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")
    assert page.text.count('class="bk-knop"') == 1


def test_the_file_name_tells_nothing_about_the_person(anna):
    answer = post(anna, "/document", "/blauwe-knop")
    assert answer.headers["Content-Disposition"] == "attachment; filename=schuldenopgave-GM0757.pdf"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("wish", ["en", "nl", "xx", "", "nl-BE"])
def test_the_language_is_one_of_two(anna, wish):
    answer = post(anna, "/document", "/blauwe-knop", taal=wish)
    catalogue = answer.data.split(b"/Lang", 1)[1][:12]
    assert (b"(en" in catalogue) is (wish == "en")


def test_looking_makes_no_document(town, anna):
    before = town.stored().database.execute("SELECT count(*) AS records FROM records")
    for path in ("/blauwe-knop", "/document"):
        anna.get(path)
    assert town.stored().database.execute("SELECT count(*) AS records FROM records") == before


def test_who_acts_for_somebody_sees_whose_document_it_is(client):
    log_in(client, ANNA, acting_bsn=BRAM.bsn, acting_name="Bram Jansen")
    shown = text_of(client.get("/blauwe-knop"))
    assert "Document over Anna de Boer" in shown
    assert "Gegevens van Anna de Boer. U bent Bram Jansen." in shown
    assert post(client, "/document", "/blauwe-knop").status_code == 200


def test_staff_is_led_to_the_desk(client):
    log_in_staff(client)
    answer = client.get("/blauwe-knop")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/balie")


def test_more_debts_than_fit_are_told_kindly(town, client):
    row = "{bsn},X-{n},2026-01-31,2026-03-31,1.00,0.00,1.00,opgelegd\n"
    town.deliver("".join(row.format(bsn=ANNA.bsn, n=n) for n in range(241)))
    log_in(client, ANNA)
    shown = text_of(post(client, "/document", "/blauwe-knop"), 422)
    assert "Het document kan nu niet worden gemaakt" in shown
    assert "Geldloket: 14 0411" in shown


def test_without_a_seal_there_is_a_number_to_call_and_no_button(town):
    settings = SETTINGS.replace(
        '[document]\nsigner = "file:keys/seal.pem"\nchain = "keys/seal-chain.pem"\n', ""
    )
    town.config_path.write_text(settings, "utf-8")
    client = town.app().test_client()
    assert "Wij geven nu geen documenten." in text_of(client.get("/blauwe-knop"))
    log_in(client, ANNA)
    for path in ("/blauwe-knop", "/mijn-schulden"):
        page = client.get(path)
        assert 'action="/document"' not in page.text
    token = csrf_token(client.get("/mijn-schulden"))
    assert client.post("/document", data={"csrf_token": token}).status_code == 404


def test_the_html_can_be_copied_by_anybody(client):
    page = client.get("/blauwe-knop/inbouwen")
    shown = page.text.split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0]
    assert unescape(shown).strip() == button.snippet(URL).strip()
    assert "readonly" in page.text
    english = client.get("/blauwe-knop/inbouwen?taal=en").text
    assert "Download your debts" in english
