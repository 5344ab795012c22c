"""The resident's pages: own debts, the wallet offer, what was given out, acting for another."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from issuer.offers import LIFE_SECONDS
from tests.issuer.pages import post, text_of
from tests.issuer.town import ANNA, BRAM, CARLA, csrf_token, log_in
from tests.issuer.wallet import Wallet


@pytest.fixture
def anna(client):
    log_in(client, ANNA)
    return client


def link_of(client):
    page = client.get("/app")
    found = re.search(r'<code id="offer-link">([^<]+)</code>', page.text)
    return found and unescape(found[1])


def code_of(client):
    """What a wallet gets behind the link of the page."""
    path = link_of(client).split("offers%2F")[1]
    offer = client.get(f"/offers/{path}").json
    [grant] = offer["grants"].values()
    assert "tx_code" not in grant  # never on the page that shows the QR (G17)
    return grant["pre-authorized_code"]


def make_offer(client):
    assert post(client, "/app", "/app").status_code == 303


def test_the_start_page_tells_what_this_is_and_whom_to_call(client):
    shown = text_of(client.get("/"))
    assert "Uw schulden bij Gemeente Proef" in shown
    assert "14 0411" in shown
    assert "erkent u geen schuld" in shown


def test_who_is_logged_in_goes_on_from_the_start(anna):
    assert anna.get("/").headers["Location"] == "/mijn-schulden"


@pytest.mark.parametrize("path", ["/mijn-schulden", "/app", "/meegegeven"])
def test_a_page_with_data_asks_for_the_log_in(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/inloggen?naar={path}")


def test_the_debts_page_has_few_numbers_and_a_phone_number_first(anna):
    shown = text_of(anna.get("/mijn-schulden"))
    assert "Nu te betalen € 200,00" in shown
    assert "Alles samen € 300,00 Dit zijn 2 rekeningen." in shown
    assert "Dit was de stand op 10 november 2026." in shown
    assert shown.index("14 0411") < shown.index("€ 200,00")
    assert "te laat sinds 1 april 2026" in shown


def test_nothing_of_somebody_else_is_on_the_page(anna):
    shown = text_of(anna.get("/mijn-schulden"))
    assert "75,50" not in shown
    assert BRAM.family_name not in shown


def test_no_page_carries_the_bsn(anna):
    make_offer(anna)
    for path in ("/mijn-schulden", "/app", "/meegegeven"):
        assert ANNA.bsn not in anna.get(path).text


def test_zero_debts_is_good_news(client):
    log_in(client, CARLA)
    shown = text_of(client.get("/mijn-schulden"))
    assert "U hoeft nu niets te betalen." in shown
    assert "Goed nieuws" in shown
    assert "Blauwe Knop" in shown


def test_a_source_that_is_down_is_said_so(town, client):
    town.stored().register.mark_unreachable("heffingen")
    log_in(client, CARLA)
    shown = text_of(client.get("/mijn-schulden"))
    assert "Deze administratie antwoordt nu niet: Heffingen." in shown
    assert "Goed nieuws" not in shown
    assert "U hoeft nu niets te betalen." not in shown
    assert "Voor zover wij konden zien, hoeft u nu niets te betalen." in shown


def test_amounts_of_what_may_be_incomplete_are_at_least(town, anna):
    town.stored().register.mark_unreachable("heffingen")
    shown = text_of(anna.get("/mijn-schulden"))
    assert "Nu te betalen, ten minste € 200,00" in shown
    assert "Alles samen, ten minste € 300,00" in shown


def test_what_nobody_knows_to_be_due_is_no_amount(town, client):
    town.deliver("999990019,R-9,2026-01-31,,2.00,0.00,2.00,aangemaand\n")
    log_in(client, CARLA)
    shown = text_of(client.get("/mijn-schulden"))
    assert "Wij weten niet precies wat u nu moet betalen. Bel ons." in shown
    assert "ten minste" not in shown
    assert "Alles samen € 2,00" in shown


def test_a_refused_row_of_the_person_is_said_so(town, client):
    town.deliver("999990019,R-9,2026-01-31,2026-03-31,twee,0.00,2.00,aangemaand\n")
    log_in(client, CARLA)
    assert "Misschien ontbreekt er iets" in text_of(client.get("/mijn-schulden"))


def test_the_page_speaks_english_on_request(anna):
    assert anna.get("/mijn-schulden?taal=en").status_code == 200


def test_the_button_posts_for_the_document(anna):
    page = anna.get("/mijn-schulden")
    assert 'method="post" action="/document">' in page.text
    assert anna.post("/document").status_code == 403  # without the page's token


def test_an_offer_is_shown_as_qr_and_link_and_reloads_itself(anna):
    make_offer(anna)
    page = anna.get("/app")
    assert "<svg" in page.text
    assert page.headers["Refresh"] == "5"
    assert link_of(anna).startswith("openid-credential-offer://?credential_offer_uri=http")
    assert "https://wallet.example/offer?credential_offer_uri=" in page.text
    assert "werkt nog 120 seconden" in page.text


def test_a_wallet_of_another_profile_has_a_button_and_links_of_its_own(town):
    settings = town.config_path.read_text("utf-8")
    added = '[[wallets]]\nname = "Andere"\nprofile = "credo"\noffer_endpoint = "andere://x"\n'
    town.config_path.write_text(f"{settings}{added}", "utf-8")
    anna = town.app().test_client()
    log_in(anna, ANNA)
    page = anna.get("/app").text
    assert "Maak een code voor Andere" in page
    assert "Maak een code voor Proefwallet" not in page

    assert post(anna, "/app", "/app", wallet="Andere").status_code == 303
    page = anna.get("/app").text
    assert "andere://x?credential_offer_uri=" in page
    assert "https://wallet.example/offer" not in page
    assert configurations_offered(anna) == ["schuldenopgave_sd_jwt", "schuldenopgave_jwt_vc"]

    assert post(anna, "/app", "/app", wallet="iets anders").status_code == 303
    assert "https://wallet.example/offer" in anna.get("/app").text
    assert len(configurations_offered(anna)) == 4


def configurations_offered(client):
    uri = link_of(client).partition("credential_offer_uri=")[2]
    offer = client.get(unquote(uri).removeprefix("http://localhost")).json
    return offer["credential_configuration_ids"]


def test_a_fetched_offer_says_so_and_can_be_withdrawn(town, anna):
    make_offer(anna)
    wallet = Wallet(town, anna)
    text = wallet.receive(code_of(anna))
    page = anna.get("/app")
    assert "Opgehaald" in page.text
    assert "Refresh" not in page.headers
    offer_id = re.search(r'name="offer" value="([^"]+)"', page.text)[1]
    assert wallet.status(text, "revocation") == 0
    assert post(anna, "/app/intrekken", "/app", offer=offer_id).status_code == 303
    assert wallet.status(text, "revocation") == 1
    assert "De code is ingetrokken" in anna.get("/app").text


def test_the_page_of_an_offer_can_be_kept_still_to_copy_the_link(anna):
    make_offer(anna)
    moving, still = anna.get("/app"), anna.get("/app?vast=1")
    assert ("Refresh" in moving.headers, "Refresh" in still.headers) == (True, False)
    assert '<details class="bk-details" open>' in still.text
    assert "offer-link" in still.text


def test_withdrawing_a_fetched_offer_ends_its_token(town, anna):
    make_offer(anna)
    wallet = Wallet(town, anna)
    token = wallet.token(code_of(anna))
    offer_id = re.search(r'name="offer" value="([^"]+)"', anna.get("/app").text)[1]
    post(anna, "/app/intrekken", "/app", offer=offer_id)
    assert wallet.ask(token).status_code == 401


def test_an_offer_of_another_log_in_cannot_be_withdrawn(town, anna):
    make_offer(anna)
    code_of(anna)
    [row] = town.stored().database.execute("SELECT offer_id FROM offers")
    bram = town.app().test_client()
    log_in(bram, BRAM)
    answer = post(bram, "/app/intrekken", "/app", offer=row["offer_id"])
    assert answer.status_code == 404
    assert Wallet(town, anna).redeem(code_of(anna)).status_code == 200


def test_the_page_offer_lives_two_minutes(town, anna):
    make_offer(anna)
    code = code_of(anna)
    town.clock.now += LIFE_SECONDS["page"]
    assert "De code is verlopen" in anna.get("/app").text
    assert Wallet(town, anna).redeem(code).json["error"] == "invalid_grant"


def test_a_new_offer_voids_the_one_before(town, anna):
    make_offer(anna)
    first = code_of(anna)
    make_offer(anna)
    wallet = Wallet(town, anna)
    assert wallet.redeem(first).json["error"] == "invalid_grant"
    assert wallet.redeem(code_of(anna)).status_code == 200


def test_log_out_voids_what_was_offered(town, anna):
    make_offer(anna)
    code = code_of(anna)
    assert post(anna, "/uitloggen", "/mijn-schulden").status_code == 303
    assert Wallet(town, anna).redeem(code).json["error"] == "invalid_grant"
    assert anna.get("/mijn-schulden").status_code == 303


def test_a_log_out_of_somebody_else_voids_nothing(town, anna):
    make_offer(anna)
    bram = town.app().test_client()
    log_in(bram, BRAM)
    make_offer(bram)
    post(bram, "/uitloggen", "/mijn-schulden")
    assert Wallet(town, anna).redeem(code_of(anna)).status_code == 200


def test_what_was_given_out_is_listed_and_can_be_withdrawn(town, anna):
    assert "Er is nog niets gegeven." in anna.get("/meegegeven").text
    make_offer(anna)
    wallet = Wallet(town, anna)
    text = wallet.receive(code_of(anna))
    page = anna.get("/meegegeven")
    assert "Geldig tot 18 december 2026" in page.text
    confirm = re.search(r'href="(/meegegeven/intrekken/[^"]+)"', page.text)[1]
    assert "Intrekken kan niet worden teruggedraaid." in text_of(anna.get(confirm))
    assert wallet.status(text, "revocation") == 0  # looking is not doing
    record = confirm.rpartition("/")[2]
    assert post(anna, "/meegegeven/intrekken", confirm, record=record).status_code == 303
    assert "Ingetrokken op 18 november 2026" in anna.get("/meegegeven").text
    assert anna.get(confirm).status_code == 404
    assert wallet.status(text, "revocation") == 1


def test_the_record_of_another_person_cannot_be_withdrawn(town, anna, offer):
    text = Wallet(town, anna).receive(offer(BRAM).offer.pre_authorized_code)
    [row] = town.stored().database.execute("SELECT record_id FROM records")
    make_offer(anna)
    post(anna, "/meegegeven/intrekken", "/app", record=row["record_id"])
    assert anna.get(f"/meegegeven/intrekken/{row['record_id']}").status_code == 404
    assert Wallet(town, anna).status(text, "revocation") == 0


def test_a_superseded_statement_is_listed_as_such(town, anna, offer):
    Wallet(town, anna).receive(offer().offer.pre_authorized_code)
    town.deliver("")
    assert "Verouderd" in anna.get("/meegegeven").text


@pytest.mark.parametrize("path", ["/app", "/app/intrekken", "/meegegeven/intrekken", "/uitloggen"])
def test_X04_nothing_is_posted_without_the_token_of_the_page(town, anna, path):
    make_offer(anna)
    before = town.stored().database.execute("SELECT * FROM offers")
    assert anna.post(path).status_code == 403
    assert town.stored().database.execute("SELECT * FROM offers") == before


class TestActingForSomebodyElse:
    @pytest.fixture
    def acting(self, client):
        with client.session_transaction() as session:
            session["person"] = {
                "bsn": ANNA.bsn,
                "family_name": "",
                "given_name": "",
                "birthdate": "",
                "acr": "hoog",
                "roles": [],
                "acting_bsn": BRAM.bsn,
                "acting_name": "Bram Jansen",
            }
        return client

    def test_it_is_said_at_all_times_whose_data_this_is(self, acting):
        assert "Schulden van Anna de Boer bij" in text_of(acting.get("/mijn-schulden"))
        for path in ("/mijn-schulden", "/meegegeven"):
            assert "Gegevens van Anna de Boer. U bent Bram Jansen." in text_of(acting.get(path))

    def test_the_debts_are_those_of_the_represented(self, acting):
        assert "€ 300,00" in text_of(acting.get("/mijn-schulden"))

    def test_there_is_no_wallet_offer(self, acting):
        page = acting.get("/mijn-schulden")
        assert 'action="/document"' in page.text
        assert "Ik heb een app" not in page.text
        assert acting.get("/app").status_code == 403
        assert "Dit kan alleen de persoon zelf" in acting.get("/app").text
        token = csrf_token(page)
        assert acting.post("/app", data={"csrf_token": token}).status_code == 403

    def test_nothing_is_withdrawn_in_their_place(self, town, acting, offer):
        wallet = Wallet(town, acting)
        text = wallet.receive(offer().offer.pre_authorized_code)
        assert ">Intrekken<" not in acting.get("/meegegeven").text
        [row] = town.stored().database.execute("SELECT record_id FROM records")
        assert acting.get(f"/meegegeven/intrekken/{row['record_id']}").status_code == 403
        form = {"csrf_token": csrf_token(acting.get("/mijn-schulden")), "record": row["record_id"]}
        assert acting.post("/meegegeven/intrekken", data=form).status_code == 403
        assert wallet.status(text, "revocation") == 0

    def test_a_represented_person_whom_nobody_knows_is_refused(self, acting):
        with acting.session_transaction() as session:
            session["person"] = {**session["person"], "bsn": "000000012"}
        assert acting.get("/mijn-schulden").status_code == 403
