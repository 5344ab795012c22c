"""Verzamel at the verifier: who is let in, what each device sees, what is shared and withdrawn."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.documents import seal_chain, sealed
from tests.vckit.statements import debt
from tests.verifier import world as worlds
from tests.verifier.browser import Browser, text_of
from tests.verifier.wallet import OWNER, begin
from tests.verifier.world import DAY, OTHER_PERSON, VERIFIER_URL
from vckit import x509
from vckit.encoding import b64url_encode
from vckit.sealed_pdf.opening import Opened
from verifier import collecting
from verifier.collecting_book import (
    HAND_OVER_SECONDS,
    MOST_STATEMENTS,
    MOST_WAITING,
    Statement,
    digest_of,
)
from verifier.documents import judge_sealed
from verifier.installation import initialise, judge
from verifier.person import Person
from verifier.upload import SealedDocument

JOSE = Person("d'Hondt", "José", "1974-08-21")
ANOUK = Person("Nowak", "Anouk", "1984-01-23")
TABLES = ("collecting_links", "collected", "handed_over", "shares", "shared_statements", "receipts")


@pytest.fixture
def world(tmp_path):
    return worlds.build(tmp_path, seals=[x509.digest(seal_chain()[-1])], starts=True)


@pytest.fixture
def case(office, world):
    return begin(office, world, person=JOSE)[0]


@pytest.fixture
def link(office, world, case):
    return f"/verzamel/{collecting.make_link(office, case, world.now)}"


class Device:
    """A resident at the pages, with one browser."""

    def __init__(self, app, link=None):
        self.client = app.test_client()
        self.list = self.get(link).location if link else ""

    def get(self, path):
        return self.client.get(path, base_url=VERIFIER_URL)

    def post(self, path, data=(), **how):
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(self.list).text)[1]
        filled = {**dict(data), "csrf_token": token}
        return self.client.post(path, base_url=VERIFIER_URL, data=filled, **how)

    def see(self):
        return self.get(self.list).text

    def states(self):
        return re.findall(r'data-state="(\w+)"', self.see())

    @property
    def come_back(self):
        """The address that organisations are given."""
        [first, *_] = re.findall(r'href="https://(?:boxtel|gestel).example\?([^"]+)"', self.see())
        [address] = parse_qs(first)["terug"]
        return urlsplit(address).path

    def restart(self, app):
        """The browser is closed and opened again: only what it keeps on its disk is left."""
        again = Device(app)
        kept = [one for one in self.client._cookies.values() if one.max_age or one.expires]
        again.client._cookies = {one._storage_key: one for one in kept}
        again.list = self.list
        return again

    @property
    def link_id(self):
        return self.list.rpartition("/")[2]

    def collect(self, office, municipality, card, code="code"):
        """As when an organisation's page sends its document; the PDF around it is left out."""
        now = municipality.clock.now
        here = collecting.returned(office, self.come_back.rpartition("/")[2], now)
        sealer = next(one for one in office.scheme.issuers(now) if one.name == municipality.name)
        sealed = SealedDocument((card.text,), sealer, Opened({}, [], now))
        judged = judge_sealed(sealed, office.checks(here.case.person, now))
        brought = Statement(here.link.id, here.device, judged.digest, judged.finding)
        assert office.collecting.hand_over(brought, code, now)
        return self.get(f"/verzamel/aangekomen/{self.link_id}/{code}")

    def bring(self, card):
        """Have an organisation's page send its document, and go where that leads."""
        arrived = send(self.client, self.come_back, card)
        assert arrived.status_code == 303
        return self.get(arrived.location)

    def share(self):
        digests = re.findall(
            r'name="opgave" value="([^"]+)" checked', self.get(f"{self.list}/delen").text
        )
        return self.post(f"{self.list}/delen", [("opgave", digests)]).location


def send(client, address, card):
    """As the form of another site's page: no cookie, no token of ours."""
    stranger = client.application.test_client(use_cookies=False)
    return stranger.post(
        address,
        base_url=VERIFIER_URL,
        data={"document": b64url_encode(sealed(credential=card.text))},
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "null", "Accept": "text/html"},
    )


@pytest.fixture
def device(app, link):
    return Device(app, link)


def count(office, table):
    return len(office.database.execute(f"SELECT * FROM {table}"))  # noqa: S608  the tests' own


# --- the link


def test_the_link_lets_a_device_in_and_leaves_the_address(device, link):
    assert device.list.startswith("/verzamel/lijst/")
    assert link.rpartition("/")[2] not in device.list
    page = device.get(device.list)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert device.states() == ["missing", "missing"]


def test_nothing_on_the_first_page_says_whose_case_it_is(device):
    for personal in ("Hondt", "José", "1974", "augustus"):
        assert personal not in device.see()


def test_looking_at_a_link_changes_nothing(office, app, link):
    before = [count(office, table) for table in TABLES]
    for _ in range(3):
        Device(app, link).see()
    assert [count(office, table) for table in TABLES] == before


@pytest.mark.parametrize("guess", ["A" * 43, "x", "lijst", "%00", "é" * 20])
@pytest.mark.usefixtures("link")
def test_a_guessed_link_opens_nothing(app, guess):
    answer = Device(app).get(f"/verzamel/{guess}")
    assert answer.status_code == 404
    assert "Hier is nu niets te zien" in text_of(answer)


def test_the_address_of_the_list_alone_opens_nothing(app, device):
    assert Device(app).get(device.list).status_code == 404


@pytest.mark.parametrize("kept", ["", "x", "x.y", "naam.merk", "é.é", "." * 50])
def test_a_device_cannot_name_itself(app, device, kept):
    other = Device(app)
    name = f"__Secure-blauweknop_verzamel_{device.list.rpartition('/')[2]}"
    other.client.set_cookie(name, kept, domain="schuldhulp.example", path="/verzamel", secure=True)
    assert other.get(device.list).status_code == 404


def test_a_link_ends_with_its_case(app, world, device, link):
    world.clock.now += DAY
    assert device.get(device.list).status_code == 404
    assert Device(app).get(link).status_code == 404


def test_a_new_link_replaces_the_old_one_and_keeps_what_was_collected(
    office, world, case, device, link
):
    app = device.client.application
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    fresh = f"/verzamel/{collecting.make_link(office, case, world.now)}"
    assert Device(app).get(link).status_code == 404
    assert Device(app, fresh).list == device.list
    assert device.states()[0] == "fetched"


def test_only_digests_of_links_and_receipts_are_kept(office, world, device, link):
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    receipt = device.share()
    text = device.post(f"{receipt}/bewaar").text
    token = re.search(r"/verzamel/bewijs/(\S+)", text)[1]
    rows = [str(office.database.execute(f"SELECT * FROM {one}")) for one in TABLES]  # noqa: S608
    kept = "".join(rows)
    assert token not in kept
    assert link.rpartition("/")[2] not in kept
    assert digest_of(token) in kept


# --- collecting


def test_a_document_that_an_organisation_sends_is_collected_and_not_shared(
    office, world, case, device
):
    arrived = device.bring(world.boxtel.state(debt(1)))
    assert arrived.location == device.list
    assert device.states() == ["fetched", "missing"]
    assert "429,00" in device.see()
    assert office.store.findings_of(case.id) == []


@pytest.mark.parametrize(
    ("terms", "state"),
    [
        ({}, "nothing_owed"),
        ({"volledigheid": "gedeeltelijk"}, "source_down"),
        (OTHER_PERSON, "other_person"),
    ],
)
def test_each_kind_of_answer_is_told(office, world, device, terms, state):
    given = {"volledigheid": "geen_vorderingen", **terms} if state == "nothing_owed" else terms
    debts = [] if state == "nothing_owed" else [debt(1)]
    device.collect(office, world.boxtel, world.boxtel.state(*debts, **given))
    assert device.states() == [state, "missing"]


def test_what_was_withdrawn_does_not_count(office, world, device):
    card = world.boxtel.state(debt(1))
    world.boxtel.mark("revocation", card.index)
    device.collect(office, world.boxtel, card)
    assert device.states() == ["unusable", "missing"]


def test_a_statement_of_the_second_person_counts(office, world, case, device):
    office.casebook.set_partner(case.id, ANOUK)
    device.collect(office, world.boxtel, world.boxtel.state(debt(1), **OTHER_PERSON))
    assert device.states() == ["fetched", "missing"]


def test_a_document_of_the_resident_is_collected_too(world, device):
    file = ("opgave.pdf", sealed(credential=world.boxtel.state(debt(1)).text))
    from io import BytesIO

    answer = device.post(f"{device.list}/document", {"document": (BytesIO(file[1]), file[0])})
    assert answer.location == device.list
    assert device.states() == ["fetched", "missing"]


def test_what_is_no_document_is_refused_in_words(device):
    from io import BytesIO

    answer = device.post(f"{device.list}/document", {"document": (BytesIO(b"<html>"), "x.pdf")})
    assert answer.status_code == 422
    assert "Dit document telt niet mee" in text_of(answer)


@pytest.mark.parametrize("content", ["", "!!", b64url_encode(b"<html>"), b64url_encode(b"%PDF-1 ")])
def test_what_another_site_sends_is_judged_in_words(app, office, device, content):
    answer = app.test_client().post(
        device.come_back,
        base_url=VERIFIER_URL,
        data={"document": content},
        headers={"Accept": "text/html"},
    )
    assert answer.status_code == 422
    assert "Er is niets gedeeld en er is niets verloren" in text_of(answer)
    assert count(office, "handed_over") == 0


def test_too_much_is_refused_before_it_is_read(app, device):
    answer = app.test_client().post(
        device.come_back, base_url=VERIFIER_URL, data={"document": "A" * 14_100_000}
    )
    assert answer.status_code == 413
    assert "Dit bestand is te groot" in text_of(answer)


def test_the_same_document_again_counts_once(office, world, device):
    card = world.boxtel.state(debt(1))
    for _ in range(3):
        device.collect(office, world.boxtel, card)
    assert count(office, "collected") == 1


def test_a_device_holds_so_many_statements_and_no_more(office, world, device):
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    [kept] = office.collecting.collected(device.link_id)
    for number in range(MOST_STATEMENTS):
        more = Statement(kept.link_id, kept.device, str(number), kept.finding)
        office.collecting.collect(more, world.now)
    assert count(office, "collected") == MOST_STATEMENTS


def test_so_many_documents_wait_at_a_link_and_no_more(office, world, device):
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    [kept] = office.collecting.collected(device.link_id)
    waiting = Statement(kept.link_id, kept.device, kept.digest, kept.finding)
    for number in range(MOST_WAITING):
        assert office.collecting.hand_over(waiting, str(number), world.now)
    answer = send(device.client, device.come_back, world.boxtel.state(debt(1)))
    assert answer.status_code == 422
    assert count(office, "handed_over") == MOST_WAITING
    assert office.collecting.hand_over(waiting, "later", world.now + HAND_OVER_SECONDS)
    assert count(office, "handed_over") == 1


# --- whoever is led astray


def test_a_document_that_somebody_was_led_to_send_reaches_nobody(office, app, world, device):
    """The attacker's device made the address; the victim's browser sends and has no such device."""
    victim = Device(app)
    sent = send(victim.client, device.come_back, world.boxtel.state(debt(1)))
    assert victim.get(sent.location).status_code == 404
    assert device.get(sent.location).status_code == 303
    assert device.states() == ["missing", "missing"]
    assert count(office, "collected") == count(office, "handed_over") == 0


def test_a_victim_with_a_device_of_its_own_does_not_give_either(app, world, device, link):
    victim = Device(app, link)
    sent = send(victim.client, device.come_back, world.boxtel.state(debt(1)))
    victim.get(sent.location)
    device.get(sent.location)
    assert device.states() == victim.states() == ["missing", "missing"]


def test_the_owner_of_the_address_cannot_take_what_waits_without_its_code(world, device):
    send(device.client, device.come_back, world.boxtel.state(debt(1)))
    assert device.get(device.come_back).location == device.list
    link_id = device.list.rpartition("/")[2]
    device.get(f"/verzamel/aangekomen/{link_id}/{'A' * 43}")
    assert device.states() == ["missing", "missing"]


def test_a_code_serves_once_and_not_for_long(office, world, device):
    sent = send(device.client, device.come_back, world.boxtel.state(debt(1)))
    world.clock.now += HAND_OVER_SECONDS
    device.get(sent.location)
    assert device.states() == ["missing", "missing"]
    sent = send(device.client, device.come_back, world.boxtel.state(debt(1)))
    for _ in range(2):
        assert device.get(sent.location).location == device.list
    assert count(office, "collected") == 1


def test_an_address_that_was_not_made_here_takes_nothing(world, device):
    path, _, state = device.come_back.rpartition("/")
    link_id, name, mark = state.split(".")
    for forged in (f"{link_id}.{name}.{name}", f"{link_id}.{'A' * 22}.{mark}", link_id, "x.y.z"):
        assert (
            send(device.client, f"{path}/{forged}", world.boxtel.state(debt(1))).status_code == 404
        )


def test_a_page_of_another_site_can_do_nothing_but_bring_documents(device):
    for action in ("delen", "stop", "document", "app"):
        answer = device.client.post(
            f"{device.list}/{action}",
            base_url=VERIFIER_URL,
            headers={"Sec-Fetch-Site": "cross-site", "Accept": "text/html"},
        )
        assert answer.status_code == 403


# --- several devices, later


def test_another_device_sees_that_it_was_collected_and_no_more(office, app, world, device, link):
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    other = Device(app, link)
    assert other.states() == ["elsewhere", "missing"]
    assert "429,00" not in other.see()
    assert other.get(f"{other.list}/delen").location == other.list


def test_after_the_browser_was_closed_one_goes_on_without_figures(office, app, world, device, link):
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    later = device.restart(app)
    assert later.get(link).location == device.list
    assert later.states() == ["fetched", "missing"]
    assert "429,00" not in later.see()
    assert "429,00" not in later.get(f"{later.list}/delen").text
    assert later.share().startswith(f"{device.list}/bewijs/")


def test_who_leaves_a_device_leaves_nothing_on_it(office, app, world, device, link):
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    answer = device.post(f"{device.list}/stop")
    assert "Afgesloten op dit apparaat" in text_of(answer)
    assert device.get(device.list).status_code == 404
    assert count(office, "collected") == 0
    assert Device(app, link).states() == ["missing", "missing"]


# --- sharing, receipts, withdrawing


def test_what_is_shared_is_in_the_case_and_the_receipt_says_so(office, world, case, device):
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    receipt = device.share()
    assert len(office.store.findings_of(case.id)) == 1
    page = text_of(device.get(receipt))
    for words in ("Bewijs van delen", "Gemeente Boxtel", "Gewist op"):
        assert words in page
    assert "429,00" not in page
    assert "Gedeeld" in device.see()


def test_only_what_is_ticked_is_shared(office, world, case, device):
    device.collect(office, world.boxtel, world.boxtel.state(debt(1), **OTHER_PERSON))
    device.collect(office, world.michielsgestel, world.michielsgestel.state(debt(1)), "another")
    device.share()
    assert [each.evidence.source.name for each in office.store.findings_of(case.id)] == [
        "Gemeente Sint-Michielsgestel"
    ]
    assert device.post(f"{device.list}/delen", [("opgave", "onbekend")]).location == device.list


def test_what_another_device_shared_cannot_be_withdrawn_here(office, app, world, device, link):
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    receipt = device.share()
    other = Device(app, link)
    assert other.get(receipt).status_code == 404
    assert other.post(f"{receipt}/intrekken").status_code == 404


def test_withdrawing_erases_it_and_everything_kept_because_of_it(
    office, world, case, device, browser
):
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    receipt = device.share()
    browser.post(f"/zaken/{case.id}/bewaar")
    assert office.casebook.snapshots(case.id)
    for _ in range(2):
        assert device.post(f"{receipt}/intrekken").location == receipt
    assert office.store.findings_of(case.id) == []
    assert office.casebook.snapshots(case.id) == []
    assert count(office, "shared_statements") == 0
    assert "Ingetrokken" in text_of(device.get(receipt))
    page = browser.get(f"/zaken/{case.id}/verzamel")
    assert "Ingetrokken door de bewoner" in text_of(page)
    assert re.findall(r'data-state="(\w+)"', page.text) == ["withdrawn", "missing"]
    assert "429,00" not in browser.get(f"/zaken/{case.id}/overzicht").text


def test_a_kept_receipt_withdraws_from_any_device(office, app, world, case, device):
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    receipt = device.share()
    file = device.post(f"{receipt}/bewaar")
    assert file.headers["Content-Disposition"] == "attachment; filename=bewijs-van-delen.txt"
    address = urlsplit(re.search(r"https://\S+/bewijs/\S+", file.text)[0]).path
    elsewhere = Device(app)
    elsewhere.list = address
    assert "Gemeente Boxtel" in text_of(elsewhere.get(address))
    assert elsewhere.post(f"{address}/intrekken").location == address
    assert office.store.findings_of(case.id) == []
    assert Device(app).get("/verzamel/bewijs/onbekend").status_code == 404


def test_a_receipt_ends_with_its_case(office, app, world, case, device):
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    receipt = device.share()
    file = device.post(f"{receipt}/bewaar").text
    address = urlsplit(re.search(r"https://\S+/bewijs/\S+", file)[0]).path
    office.store.forget_case(case.id)
    assert Device(app).get(address).status_code == 404
    assert [count(office, table) for table in TABLES] == [0] * len(TABLES)


# --- the counsellor


def test_the_counsellor_makes_a_link_sees_progress_and_nothing_collected(
    app, office, world, case, browser
):
    path = f"/zaken/{case.id}/verzamel"
    assert "Er is nog geen link" in text_of(browser.get(path))
    made = browser.post(path)
    address = re.search(r'id="verzamel-link">https://schuldhulp.example([^<]+)<', made.text)[1]
    assert "verzamel-link" not in browser.get(path).text
    device = Device(app, address)
    device.collect(office, world.boxtel, world.boxtel.state())
    page = browser.get(path)
    assert re.findall(r'data-state="(\w+)"', page.text) == ["collected", "missing"]
    assert "Geen schulden" not in page.text
    device.share()
    assert re.findall(r'data-state="(\w+)"', browser.get(path).text) == ["shared", "missing"]


def test_a_revoked_link_opens_nothing_and_what_was_shared_stays(
    office, world, device, browser, link
):
    [case] = office.store.cases_of(OWNER, world.now)
    device.collect(office, world.boxtel, world.boxtel.state(debt(1)))
    device.share()
    device.collect(office, world.michielsgestel, world.michielsgestel.state(debt(1)))
    browser.post(f"/zaken/{case.id}/verzamel/intrekken")
    assert device.get(device.list).status_code == 404
    assert device.get(link).status_code == 404
    assert count(office, "collected") == 0
    assert len(office.store.findings_of(case.id)) == 1


@pytest.mark.parametrize("path", ["", "/intrekken"])
def test_V37_a_colleague_has_no_business_there(app, case, path):
    colleague = Browser(app.test_client()).log_in("een-collega")
    assert colleague.post(f"/zaken/{case.id}/verzamel{path}").status_code == 403
    assert colleague.get(f"/zaken/{case.id}/verzamel").status_code == 403


@pytest.mark.parametrize(
    ("starts", "said"), [(True, "residents back here"), (False, "nobody back")]
)
def test_check_config_tells_whether_organisations_send_residents_back(tmp_path, starts, said):
    world = worlds.build(tmp_path, starts=starts)
    list(initialise(world.config))
    [line] = [one for one in judge(world.config, world.now) if one.startswith("collecting: ")]
    assert said in line
