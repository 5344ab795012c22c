"""What people may and may not do, and what the counsellor sees of it."""

import pytest
import requests

from holder_demo.acceptance import RefusedError
from holder_demo.demo.browser import Browser, StuckError, expect_ok
from holder_demo.demo.visits import OFFER_SCHEME, WalletVisit
from holder_demo.demo.world import PIN, yesterday
from tests.journeys.actors import BOXTEL, NAMES, OTHER, day, euro, now, text_of, words
from vckit.errors import FetchError

pytestmark = pytest.mark.services

ALONE, NEIGHBOUR = 17, 18


def opened(address):
    """Open a link's address as a messenger does that shows a preview."""
    return requests.get(address, timeout=10, headers={"Accept": "*/*"})


@pytest.fixture
def representative(scene):
    """Who acts for the first resident, logged in at Boxtel."""
    visit = scene.visit(BOXTEL, scene.world.representative)
    visit.page = visit.log_in()
    return visit


class TestRepresentative:
    def test_sees_whose_debts_these_are_and_downloads_the_document(
        self, scene, representative, expected
    ):
        person, page = scene.world.residents[0], words(representative.page)
        acting = scene.world.representative
        stated = expected["residents"][0]["per_organisation"][BOXTEL]
        assert f"Gegevens van {person.name}. U bent {acting.name}." in page
        assert "U bekijkt de gegevens van iemand anders." in page
        assert euro(stated["outstanding"]) in page
        case = scene.case(person)
        assert case.upload(representative.document()).status_code == 303
        assert case.organisation(BOXTEL)["outstanding"] == stated["outstanding"]

    def test_is_offered_no_wallet(self, scene, representative):
        assert "/app" not in [href.rpartition("/")[2] for href, _ in representative.page.links]
        assert "Ik heb een app" not in words(representative.page)
        browser, base = representative.browser, representative.base_url
        assert browser.open(f"{base}/app").status == 403
        own = scene.visit(BOXTEL, scene.world.residents[0])
        own.log_in()
        form = own.browser.open(f"{base}/app").form(action="/app")
        page = representative.page.form(action="/document")
        form.fields = page.fields  # the representative's own token, on the person's own form
        assert browser.submit(form).status == 403

    def test_withdraws_nothing_of_the_person(self, scene, representative):
        resident = scene.resident(0)
        resident.receive(BOXTEL)
        browser = representative.browser
        page = browser.open(f"{representative.base_url}/meegegeven")
        assert "/meegegeven/intrekken" not in page.body.decode()
        own = scene.visit(BOXTEL, resident.person)
        form = own.withdrawals()[0]
        record = dict(form.fields)["record"]
        token = dict(representative.page.form(action="/document").fields)["csrf_token"]
        refused = browser.submit(form, {"csrf_token": token, "record": record})
        assert refused.status == 403
        assert set(resident.wallet.statuses(now()).values()) == {"valid"}


class TestTransactionCode:
    def test_the_right_code_gives_the_card(self, scene):
        resident = scene.resident(ALONE)
        offer = scene.offer(BOXTEL, resident.person, "--tx-code")
        assert resident.accept(offer["link"], offer["tx_code"]).organisation == NAMES[BOXTEL]

    def test_a_wrong_code_gives_nothing_and_the_right_one_still_does(self, scene):
        resident = scene.resident(ALONE)
        offer = scene.offer(BOXTEL, resident.person, "--tx-code")
        wrong = f"{(int(offer['tx_code']) + 1) % 1_000_000:06}"
        with pytest.raises(RefusedError) as caught:
            resident.accept(offer["link"], wrong)
        assert caught.value.code == "invalid_grant"
        assert resident.wallet.cards() == []
        assert resident.accept(offer["link"], offer["tx_code"])

    def test_no_code_gives_nothing(self, scene):
        resident = scene.resident(ALONE)
        offer = scene.offer(BOXTEL, resident.person, "--tx-code")
        with pytest.raises(RefusedError) as caught:
            resident.accept(offer["link"])
        assert caught.value.code == "invalid_request"

    def test_the_code_is_not_in_the_link_nor_in_the_offer(self, scene):
        offer = scene.offer(BOXTEL, scene.world.residents[ALONE], "--tx-code")
        assert offer["tx_code"] not in offer["link"]
        assert offer["tx_code"] not in opened(offer["uri"]).text

    def test_the_pages_of_the_wallet_ask_the_code_and_say_that_it_is_wrong(self, scene):
        offer = scene.offer(BOXTEL, scene.world.residents[ALONE], "--tx-code")
        wallet = WalletVisit(scene.world.url("wallet"), PIN, scene.watch(Browser()))
        wallet.unlock()
        page = expect_ok(wallet.browser.open(f"{wallet.base_url}/"))
        page = expect_ok(wallet.browser.submit(page.form(action="/link"), {"link": offer["link"]}))
        page = expect_ok(wallet.browser.submit(page.form(action="/bekijken")))
        wrong = f"{(int(offer['tx_code']) + 1) % 1_000_000:06}"
        page = wallet.browser.submit(page.form(action="/ophalen"), {"code": wrong})
        assert "Klopt de code?" in text_of(page.body.decode())
        page = wallet.browser.submit(page.form(action="/ophalen"), {"code": offer["tx_code"]})
        assert "besluit" in {name for name, _, _ in page.form(action="/beslissen").buttons}


class TestOffers:
    def test_a_link_may_be_opened_many_times_until_it_is_redeemed(self, scene):
        resident = scene.resident(ALONE)
        offer = scene.offer(BOXTEL, resident.person)
        answers = [opened(offer["uri"]) for _ in range(8)]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        assert resident.accept(offer["link"])
        assert opened(offer["uri"]).status_code == 404
        with pytest.raises(FetchError):
            resident.accept(offer["link"])
        assert len(resident.wallet.cards()) == 1

    def test_the_link_of_the_page_is_void_after_log_out(self, scene):
        resident = scene.resident(ALONE)
        visit = scene.visit(BOXTEL, resident.person)
        link = visit.offer_link()
        page = visit.browser.open(f"{visit.base_url}/mijn-schulden")
        expect_ok(visit.browser.submit(page.form(action="/uitloggen")))
        with pytest.raises(FetchError):
            resident.accept(link)
        assert resident.wallet.cards() == []
        with pytest.raises(StuckError):
            visit.browser.open(f"{visit.base_url}/mijn-schulden").form(action="/document")

    def test_without_log_out_the_link_of_the_page_gives_the_card_and_the_page_says_so(self, scene):
        resident = scene.resident(ALONE)
        visit = scene.visit(BOXTEL, resident.person)
        card = resident.accept(visit.offer_link())
        page = visit.browser.open(f"{visit.base_url}/app")
        assert "Opgehaald" in words(page)
        expect_ok(visit.browser.submit(page.form(action="/app/intrekken")))
        assert resident.wallet.statuses(now()) == {card.id: "withdrawn"}

    def test_a_new_link_of_the_page_voids_the_one_before(self, scene):
        resident = scene.resident(ALONE)
        visit = scene.visit(BOXTEL, resident.person)
        visit.log_in()
        form = visit.browser.open(f"{visit.base_url}/app").form(action="/app")
        first, second = (visit.browser.submit(form).link(start=OFFER_SCHEME) for _ in range(2))
        with pytest.raises(FetchError):
            resident.accept(first)
        assert resident.accept(second)

    def test_two_windows_keep_a_link_of_their_own(self, scene):
        resident = scene.resident(ALONE)
        windows = [scene.visit(BOXTEL, resident.person) for _ in range(2)]
        links = [window.offer_link() for window in windows]
        assert all(resident.accept(link) for link in links)

    def test_nobody_gets_the_statement_of_another_by_a_log_in_of_their_own(self, scene):
        mine, other = (scene.visit(BOXTEL, scene.world.residents[n]) for n in (ALONE, NEIGHBOUR))
        resident = scene.resident(ALONE)
        cards = [resident.accept(visit.offer_link()) for visit in (mine, other)]
        assert [card.claims["geboortedatum"] for card in cards] == [
            scene.world.residents[n].birthdate for n in (ALONE, NEIGHBOUR)
        ]


class TestDays:
    def test_wallet_municipality_and_counsellor_name_the_same_day(self, scene):
        resident = scene.resident(ALONE)
        visit = scene.visit(BOXTEL, resident.person)
        shown = day(yesterday())
        assert f"Dit was de stand op {shown}." in words(visit.log_in())
        wallet = WalletVisit(scene.world.url("wallet"), PIN, scene.watch(Browser()))
        wallet.unlock()
        assert shown in words(wallet.accept(visit.offer_link()))
        resident.receive(BOXTEL)
        case = scene.case(resident.person)
        resident.answer(case.link)
        assert f"Gemeente Boxtel heeft alle schulden doorgegeven, stand van {shown}." in (
            case.overview()
        )


class TestCounsellor:
    def test_another_counsellor_sees_nothing_of_a_case(self, scene):
        resident = scene.resident(ALONE)
        resident.receive(BOXTEL, OTHER)
        case = scene.case(resident.person)
        resident.answer(case.link)
        colleague = [one for one in scene.world.people if one.kind == "counsellor"][1]
        visit = type(scene.counsellor)(scene.world.url("verifier"), colleague)
        listed = words(visit.log_in())
        assert resident.person.family_name not in listed
        for path in ("", "/overzicht", "/overzicht.json", "/document"):
            page = visit.browser.open(f"{case.url}{path}")
            assert page.status == 403
            assert resident.person.family_name not in text_of(page.body.decode())

    def test_a_case_that_is_wiped_is_gone(self, scene):
        resident = scene.resident(ALONE)
        resident.receive(BOXTEL)
        case = scene.case(resident.person)
        resident.answer(case.link)
        browser = scene.counsellor.browser
        page = expect_ok(browser.submit(browser.open(case.url).form(action="/vergeet")))
        assert case.asked["id"] not in page.body.decode()
        assert browser.open(case.url).status == 404
        assert browser.open(f"{case.url}/overzicht.json").status == 404

    def test_a_resident_cannot_log_in_at_the_counsellors(self, scene):
        visit = type(scene.counsellor)(scene.world.url("verifier"), scene.world.residents[ALONE])
        with pytest.raises(StuckError):
            visit.log_in()
