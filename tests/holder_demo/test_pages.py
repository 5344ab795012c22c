"""The wallet's pages, used as a person does (security.md rows H01, H10, H14, G19)."""

import re
from dataclasses import replace

import pytest

from holder_demo import config as holder_config
from holder_demo import service
from holder_demo.wallet import Wallet
from tests.holder_demo import simulation
from tests.holder_demo.simulation import NOW
from tests.vckit import statements
from vckit.adapters.settings import SchemeSource

BASE = "http://localhost:8120"
PIN = "1234"


class Person:
    """Somebody at the pages; every form is sent with the token of the page that was seen last."""

    def __init__(self, client):
        self.client = client
        self.page = None

    def open(self, path):
        self.page = self.client.get(path, base_url=BASE, follow_redirects=True)
        return self.page.text

    def send(self, path, **fields):
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page.text).group(1)
        self.page = self.client.post(
            path, base_url=BASE, data={"csrf_token": token, **fields}, follow_redirects=True
        )
        return self.page.text

    def action(self, ending):
        """The address of the form of this page that ends so."""
        return re.search(rf'action="([^"]+/{ending})"', self.page.text).group(1)

    def unlock(self, pin=PIN):
        self.open("/")
        return self.send("/ontgrendelen", pin=pin, naar="/")

    def receive(self, link, **decision):
        self.open("/")
        self.send("/link", link=link)
        self.send(self.action("bekijken"))
        self.send(self.action("ophalen"))
        return self.send(self.action("beslissen"), **(decision or {"besluit": "bewaren"}))

    def ask(self, link):
        self.open("/")
        self.send("/link", link=link)
        return self.send(self.action("bekijken"))

    def ticked(self):
        """Every box that the page shows ticked."""
        boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", self.page.text)
        names = [re.search(r'name="([^"]+)"', box).group(1) for box in boxes if " checked" in box]
        return dict.fromkeys(names, "ja")


@pytest.fixture
def moment():
    return {"now": NOW}


@pytest.fixture
def make_app(tmp_path, moment):
    def make(setting):
        def opening(_config, store):
            return Wallet(store, setting.network, lambda _now: setting.scheme)

        settings = holder_config.Config(
            base_url=BASE,
            demo=True,
            folder=tmp_path / "cards",
            scheme=SchemeSource(file=tmp_path, operator_keys=(tmp_path,)),
        )
        return service.create_app(settings, clock=lambda: moment["now"], opening=opening)

    return make


@pytest.fixture
def person(make_app, setting):
    return Person(make_app(setting).test_client())


def test_the_wallet_is_made_with_a_pin_and_opens_with_it_only(person, make_app, setting):
    assert "Maak uw wallet" in person.open("/")
    assert "nog geen kaarten" in person.unlock()
    other = Person(make_app(setting).test_client())
    assert "Open uw wallet" in other.open("/")
    assert "niet goed" in other.send("/ontgrendelen", pin="9999")
    assert "nog geen kaarten" in other.send("/ontgrendelen", pin=PIN)


def test_five_wrong_pins_shut_the_door_for_a_while(person, make_app, setting, moment):
    person.unlock()
    other = Person(make_app(setting).test_client())
    other.open("/")
    for _ in range(5):
        other.send("/ontgrendelen", pin="9999")
    assert "Wacht een halve minuut" in other.send("/ontgrendelen", pin=PIN)
    assert other.page.status_code == 429
    moment["now"] += 31
    assert "nog geen kaarten" in other.send("/ontgrendelen", pin=PIN)


def test_the_wallet_locks_itself_and_on_demand(person, moment):
    person.unlock()
    moment["now"] += 901
    assert "Open uw wallet" in person.open("/geschiedenis")
    person.send("/ontgrendelen", pin=PIN)
    assert "Open uw wallet" in person.send("/vergrendelen")
    assert "Open uw wallet" in person.open("/")


def test_after_the_pin_one_goes_on_here_and_never_elsewhere(person):
    person.open("/geschiedenis")
    assert "Er is nog niets gebeurd" in person.send("/ontgrendelen", pin=PIN, naar="/geschiedenis")
    person.send("/vergrendelen")
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = person.client.post(
            "/ontgrendelen",
            base_url=BASE,
            data={
                "pin": PIN,
                "naar": elsewhere,
                "csrf_token": re.search(r'csrf_token" value="([^"]+)"', person.page.text).group(1),
            },
        )
        assert answer.headers["Location"] == "/"
        person.open("/")


def test_g19_a_card_is_shown_whole_before_it_is_kept(person, setting):
    person.unlock()
    person.send("/link", link=setting.boxtel.link())
    assert "Gemeente Boxtel wil u een kaart geven" in person.page.text
    assert setting.network.requests == []
    person.send(person.action("bekijken"))
    assert "Van" in person.page.text
    assert setting.network.sent_to(f"{setting.boxtel.url}/token") == []
    shown = person.send(person.action("ophalen"))
    assert "J. d., geboren in 1974" in shown
    assert "€\N{NO-BREAK SPACE}430,00" in shown
    # 2026-11-20T23:00:00Z is the next day in the Netherlands.
    assert "21 november 2026" in shown
    assert "nog geen kaarten" in person.open("/")


def test_a_card_can_be_kept_seen_and_deleted(person, setting):
    person.unlock()
    assert "geldig" in person.receive(setting.boxtel.link())
    assert setting.boxtel.events == ["credential_accepted"]
    assert "Rioolheffing 2025" in person.page.text
    assert "nog geen kaarten" in person.send(person.action("verwijderen"))
    assert "Kaart ontvangen van Gemeente Boxtel" in person.open("/geschiedenis")


def test_a_card_can_be_thrown_away_unkept(person, setting):
    person.unlock()
    assert "nog geen kaarten" in person.receive(setting.boxtel.link(), besluit="weggooien")
    assert setting.boxtel.events == ["credential_deleted"]


def test_a_transaction_code_is_asked_and_may_be_typed_again(person, setting):
    setting.boxtel.tx_code = simulation.TX_CODE
    person.unlock()
    person.send("/link", link=setting.boxtel.link())
    assert 'name="code"' in person.send(person.action("bekijken"))
    assert "Klopt de code?" in person.send(person.action("ophalen"), code="999999")
    assert "Klopt de code?" not in person.open(person.page.request.path)
    assert "Gaat dit over u?" in person.send(person.action("ophalen"), code=simulation.TX_CODE)


def test_h01_a_link_of_a_stranger_is_explained_and_nobody_is_contacted(person, setting):
    person.unlock()
    link = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fevil.example%2Fx"
    assert "Deze organisatie kennen wij niet" in person.send("/link", link=link)
    assert setting.network.requests == []


def test_opening_an_address_contacts_nobody(person, setting):
    person.unlock()
    link = setting.boxtel.link().partition("?")[2]
    assert "Er wordt nog niets bewaard" in person.open(f"/open?{link}")
    assert "Gemeente Boxtel wil u een kaart geven" in person.page.text
    assert setting.network.requests == []


def test_who_asks_why_and_exactly_what_goes_is_shown(person, setting):
    person.unlock()
    person.receive(setting.boxtel.link())
    shown = person.ask(setting.counsellor.link())
    assert "Schuldhulp Proef vraagt om uw gegevens" in shown
    assert "Een overzicht van schulden maken." in shown
    assert "Rioolheffing 2025" in shown
    boxes = list(person.ticked())
    card = boxes[0].removeprefix("kaart-")
    assert boxes[1:] == [
        f"{card}-geslachtsnaam",
        f"{card}-geboortedatum",
        f"{card}-vordering-0",
        f"{card}-vordering-1",
    ]
    assert setting.counsellor.answers == []


def test_what_is_unticked_stays_home(person, setting):
    person.unlock()
    person.receive(setting.boxtel.link())
    person.ask(setting.counsellor.link())
    ticked = person.ticked()
    del ticked[next(name for name in ticked if name.endswith("vordering-1"))]
    shown = person.send(person.action("beslissen"), besluit="ja", **ticked)
    assert "Gedeeld met Schuldhulp Proef" in shown
    assert "1 rekening gedeeld, 1 niet gedeeld" in shown
    assert len(setting.counsellor.presentations()["rijk"]) == 1
    assert "Gedeeld met Schuldhulp Proef" in person.open("/geschiedenis")


@pytest.mark.parametrize("decision", [{"besluit": "nee"}, {}, {"besluit": "ja", "none": "1"}])
def test_h14_nothing_goes_without_a_clear_yes_and_a_ticked_card(person, setting, decision):
    person.unlock()
    person.receive(setting.boxtel.link())
    person.ask(setting.counsellor.link())
    ticked = {} if "none" in decision else person.ticked()
    assert "U hebt niets gedeeld" in person.send(person.action("beslissen"), **ticked, **decision)
    assert setting.counsellor.answers[0].error == "access_denied"


def test_h14_the_same_link_again_asks_again(person, setting):
    person.unlock()
    person.receive(setting.boxtel.link())
    for _ in range(2):
        person.ask(setting.counsellor.link())
        address = person.action("beslissen")
        person.send(address, besluit="ja", **person.ticked())
        assert "Gedeeld met" in person.page.text
    assert len(setting.counsellor.answers) == 2


def test_k16_every_button_may_be_pressed_twice(person, setting):
    person.unlock()
    person.send("/link", link=setting.boxtel.link())
    pages = {}
    for step, given in (("bekijken", {}), ("ophalen", {}), ("beslissen", {"besluit": "bewaren"})):
        address = person.action(step)
        pages[step] = [person.send(address, **given) for _ in range(2)]
        assert person.page.status_code == 200
    assert "Haal de kaart op" in pages["bekijken"][1]
    assert "Gaat dit over u?" in pages["ophalen"][1]
    assert person.open("/").count("Alles samen") == 1
    person.send("/link", link=setting.counsellor.link())
    look = person.action("bekijken")
    assert "Wat wilt u delen?" in [person.send(look) for _ in range(2)][1]
    address, ticked = person.action("beslissen"), person.ticked()
    shown = [person.send(address, besluit="ja", **ticked) for _ in range(2)]
    assert "Gedeeld met Schuldhulp Proef" in shown[1]
    assert len(setting.counsellor.answers) == 1


def test_k16_a_card_may_be_deleted_twice(person, setting):
    person.unlock()
    person.receive(setting.boxtel.link())
    address = person.action("verwijderen")
    assert "nog geen kaarten" in [person.send(address) for _ in range(2)][1]


def test_k16_what_was_done_can_be_looked_at_again(person, setting):
    """Back and reload: every page has an address that is only read."""
    person.unlock()
    person.receive(setting.boxtel.link())
    person.ask(setting.counsellor.link())
    person.send(person.action("beslissen"), besluit="ja", **person.ticked())
    address = person.page.request.path
    assert person.page.request.method == "GET"
    assert "Gedeeld met Schuldhulp Proef" in person.open(address)


def test_a_decision_that_nobody_knows_is_gone(person):
    person.unlock()
    for path in ("/aanbod/x/bekijken", "/verzoek/x/beslissen"):
        person.open("/")
        person.send(path)
        assert person.page.status_code == 410


def test_without_a_fitting_card_one_can_only_say_no(person, setting):
    person.unlock()
    assert "geen geldige kaart die hierbij past" in person.ask(setting.counsellor.link())
    assert "U hebt niets gedeeld" in person.send(person.action("beslissen"), besluit="nee")
    assert setting.counsellor.answers[0].error == "access_denied"


def test_h10_a_stranger_needs_more_than_the_first_button(make_app):
    setting = simulation.setting(strangers=True)
    person = Person(make_app(setting).test_client())
    person.unlock()
    person.receive(setting.boxtel.link())
    shown = person.ask(setting.counsellor.link())
    assert "Niemand kent wie dit vraagt" in shown
    buttons = re.findall(r'<button[^>]*name="besluit" value="(\w+)"', shown)
    assert buttons == ["nee", "ja"]
    ticked = person.ticked()
    assert "toch" not in ticked
    assert "U hebt niets gedeeld" in person.send(person.action("beslissen"), besluit="ja", **ticked)
    person.ask(setting.counsellor.link())
    shown = person.send(person.action("beslissen"), besluit="ja", toch="ja", **ticked)
    assert "Gedeeld met een onbekende" in shown


def test_a_verifier_that_refuses_is_explained(person, setting):
    person.unlock()
    person.receive(setting.boxtel.link())
    person.ask(setting.counsellor.link())
    setting.network.serve(
        f"{setting.counsellor.url}/response", lambda _: simulation.json({"error": "x"}, 400)
    )
    person.send(person.action("beslissen"), besluit="ja", **person.ticked())
    assert person.page.status_code == 400
    assert "werkt hier niet aan mee" in person.page.text


@pytest.mark.parametrize("change", ["withdraw", "supersede"])
def test_h20_what_became_of_a_card_stands_on_it(person, setting, change):
    person.unlock()
    person.receive(setting.boxtel.link())
    getattr(setting.boxtel, change)()
    word = {"withdraw": "ingetrokken", "supersede": "er is een nieuwere"}[change]
    assert word in person.open("/")


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_own_overview_says_what_there_is_and_what_is_missing(person, setting):
    setting.boxtel.debts = (statements.debt(1), statements.debt(2, markeringen=["betwist"]))
    setting.other.debts = (statements.debt(2),)
    person.unlock()
    person.open("/overzicht")
    assert words(person.page).count("Haal een kaart op") == 0  # neither says where to begin
    assert words(person.page).count("U hebt hier nog geen kaart van.") == 2
    assert "Alles samen" not in person.page.text
    person.receive(setting.boxtel.link())
    assert '"/overzicht"' in person.open("/")
    person.open("/overzicht")
    said = words(person.page)
    assert "Alles samen: ten minste € 858,00 bij één organisatie" in said
    assert "Niet compleet U kunt meer schulden hebben" in said
    assert "Nu te betalen ten minste € 429,00" in said
    assert "Daar bent u het niet mee eens € 429,00" in said
    person.receive(setting.other.link())
    person.open("/overzicht")
    said = words(person.page)
    assert "Alles samen € 858,00 bij 2 organisaties" in said
    assert "Compleet Alle organisaties hebben alles doorgegeven" in said
    assert "Telt mee bij Gemeente Sint-Michielsgestel." in said
    assert "Staat ook bij Gemeente Boxtel. Telt één keer." in said
    assert "Aantal rekeningen 2 Oudste stand 21 november 2026" in said


def test_the_own_overview_tells_why_a_card_does_not_tell_all(person, setting):
    setting.boxtel.changes = {
        "bronnen": [
            {"code": "x", "peildatum": "2026-11-20T23:00:00Z", "status": "niet_bereikbaar"}
        ],
        "volledigheid": "gedeeltelijk",
    }
    person.unlock()
    person.receive(setting.boxtel.link())
    person.receive(setting.other.link())
    setting.other.supersede()
    person.open("/overzicht")
    said = words(person.page)
    assert "niet alles doorgegeven" in said
    assert "De organisatie kon niet alles nakijken. Er kan meer zijn." in said
    assert "er is een nieuwere" in said
    assert "Deze kaart telt niet mee." in said
    assert "Not complete You may have more debts" in " ".join(
        re.sub(r"<[^>]+>", " ", person.open("/overzicht?taal=en")).split()
    )


def test_every_page_says_that_it_is_a_demo_and_speaks_english_too(person):
    person.unlock()
    assert "DEMO" in person.open("/")
    assert "My cards" in person.open("/?taal=en")


def test_a_card_that_is_not_there_is_no_page(person):
    person.unlock()
    person.open("/kaart/abc")
    assert person.page.status_code == 404


def test_pages_of_a_locked_wallet_show_nothing(person, setting):
    person.unlock()
    person.receive(setting.boxtel.link())
    address = person.page.request.path
    person.send("/vergrendelen")
    assert "Gemeente Boxtel" not in person.open(address)


def test_it_tells_that_it_lives(person):
    answer = person.client.get("/healthz", base_url=BASE)
    assert answer.get_json() == {"status": "ok"}


WHOLE = "alleen in zijn geheel delen"


def test_of_a_card_that_goes_whole_the_page_shows_all_that_goes(person, setting):
    setting.boxtel.offered = ("schuldenopgave_jwt_vc", simulation.CONFIGURATION)
    person.unlock()
    assert WHOLE in person.receive(setting.boxtel.link())
    setting.counsellor.query = {"credentials": [simulation.w3c_query("jwt_vc_json")]}
    told = person.ask(setting.counsellor.link())
    assert "gaat helemaal mee of niet" in told
    assert "Haal weg wat u niet wilt delen" not in told
    for shown in ("d&#39;Hondt", "José", "1974", "Rioolheffing 2025", "429,00", "1,00"):
        assert shown in told
    # One box: the card; there is nothing else to choose.
    boxes = person.ticked()
    assert [name.split("-")[0] for name in boxes] == ["kaart"]
    assert "Gedeeld met" in person.send(person.action("beslissen"), besluit="ja", **boxes)
    assert len(setting.counsellor.presentations()["w3c"]) == 1


def test_h14_a_whole_card_without_its_tick_stays_home(person, setting):
    setting.boxtel.offered = ("schuldenopgave_ldp_eddsa",)
    person.unlock()
    person.receive(setting.boxtel.link())
    setting.counsellor.query = {"credentials": [simulation.w3c_query("ldp_vc")]}
    person.ask(setting.counsellor.link())
    person.send(person.action("beslissen"), besluit="ja")
    assert setting.counsellor.answers[-1].error == "access_denied"


def test_its_twin_a_selective_card_does_not_say_so(person, setting):
    person.unlock()
    assert WHOLE not in person.receive(setting.boxtel.link())
    told = person.ask(setting.counsellor.link())
    assert "gaat helemaal mee of niet" not in told
    assert "Haal weg wat u niet wilt delen" in told


def test_h10_a_stranger_by_did_needs_more_than_the_first_button_too(make_app):
    setting = simulation.setting(strangers=True)
    setting.counsellor.by_did = True
    person = Person(make_app(setting).test_client())
    person.unlock()
    person.receive(setting.boxtel.link())
    assert "Niemand kent wie dit vraagt" in person.ask(setting.counsellor.link())
    person.send(person.action("beslissen"), besluit="ja", **person.ticked())
    assert setting.counsellor.answers[-1].error == "access_denied"


STARTS = "https://begin.example"


@pytest.fixture
def traveller(make_app, setting):
    """Somebody with an empty wallet, in a scheme that tells where one begins."""
    known = [
        replace(one, start_url=f"{STARTS}/{one.oin}") if "issuer" in one.roles else one
        for one in setting.scheme.organisations
    ]
    scheme = replace(setting.scheme, organisations=tuple(known))
    person = Person(make_app(replace(setting, scheme=scheme)).test_client())
    person.unlock()
    return person


def fetch_on_the_way(person, link):
    """As when an organisation's page opens the wallet: who gives it, then the card."""
    person.open(f"/open?{link.partition('?')[2]}")
    return person.send(person.action("bekijken"))


def test_an_empty_wallet_leads_past_the_organisations_and_back_to_the_question(traveller, setting):
    shown = traveller.ask(setting.counsellor.link())
    assert "Haal op bij Gemeente Boxtel" in shown
    assert "terug=http%3A%2F%2Flocalhost%3A8120%2Fopen" in shown
    shown = fetch_on_the_way(traveller, setting.boxtel.link())
    assert "Wilt u deze kaart bewaren?" in shown
    shown = traveller.send(traveller.action("beslissen"), besluit="verder")
    assert "verder naar Gemeente Sint-Michielsgestel" in shown
    assert traveller.page.headers["Refresh"].startswith(f"0; url={STARTS}/")
    shown = fetch_on_the_way(traveller, setting.other.link())
    assert "en verder naar" not in shown
    shown = traveller.send(traveller.action("beslissen"), besluit="bewaren")
    assert "Kaart van Gemeente Boxtel" in shown
    assert "Kaart van Gemeente Sint-Michielsgestel" in shown
    traveller.send(traveller.action("beslissen"), besluit="ja", **traveller.ticked())
    assert len(setting.counsellor.presentations()) == 1
    assert "Haal de kaart op" in fetch_on_the_way(traveller, setting.boxtel.link())


def test_who_keeps_a_card_and_stops_there_is_back_at_the_question(traveller, setting):
    traveller.ask(setting.counsellor.link())
    fetch_on_the_way(traveller, setting.boxtel.link())
    shown = traveller.send(traveller.action("beslissen"), besluit="bewaren")
    assert "Kaart van Gemeente Boxtel" in shown
    assert "Haal op bij Gemeente Sint-Michielsgestel" in shown


def test_a_code_of_the_organisation_is_still_asked_on_the_way(traveller, setting):
    setting.boxtel.tx_code = "123456"
    traveller.ask(setting.counsellor.link())
    assert 'name="code"' in fetch_on_the_way(traveller, setting.boxtel.link())


def test_a_question_that_is_gone_leads_to_the_cards(traveller):
    assert "Mijn kaarten" in traveller.open("/verzoek/weg/verder?verder=ja")


@pytest.mark.parametrize("address", ["https://schuldhulp.example/klaar?response_code=1", None])
def test_the_verifier_s_address_is_gone_to_when_it_is_its_own(person, setting, address):
    """OpenID4VP 1.0 8.2: the wallet leads its person there."""
    setting.counsellor.redirect_uri = address or "https://elders.example/x"
    person.unlock()
    person.receive(setting.boxtel.link())
    person.ask(setting.counsellor.link())
    own = f"form-action 'self' {setting.counsellor.url}"
    assert own in person.page.headers["Content-Security-Policy"]
    token = re.search(r'name="csrf_token" value="([^"]+)"', person.page.text).group(1)
    filled = {"csrf_token": token, "besluit": "ja", **person.ticked()}
    answer = person.client.post(person.action("beslissen"), base_url=BASE, data=filled)
    assert answer.status_code == 303
    assert (answer.location == address) == bool(address)
