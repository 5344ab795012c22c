"""Verzamel in a real browser: from the counsellor's link to an overview of two organisations.

Counted are the presses of the resident, and how often somebody must log in.
"""

import shutil

import pytest

from holder_demo.demo.visits import ResidentVisit
from holder_demo.demo.world import PIN
from tests.browser.conftest import TOO_WIDE
from tests.browser.test_journey import open_case
from vckit.encoding import b64url_encode

pytestmark = pytest.mark.browser

MOST_TAPS = 12
SMALL, SMALLEST = 360, 320
BOXTEL = "Gemeente Boxtel"
GESTEL = "Gemeente Sint-Michielsgestel"
ALL = "8.629,74"


class Resident:
    """Somebody who presses one thing at a time, and is counted."""

    def __init__(self, visitor, world, person):
        self.visitor = visitor
        self.world = world
        self.person = person
        self.taps = self.log_ins = 0

    @property
    def page(self):
        return self.visitor.page

    def press(self, selector):
        self.taps += 1
        self.visitor.press(selector)

    def look(self, name):
        self.visitor.look(f"verzamel-{name}")
        if self.visitor.width == SMALL:
            self.page.set_viewport_size({"width": SMALLEST, "height": 800})
            assert self.page.evaluate(TOO_WIDE) <= 0, f"{name} scrolls sideways at {SMALLEST}"
            self.page.set_viewport_size({"width": SMALL, "height": 800})

    def text(self):
        return self.page.inner_text("main")

    def log_in(self):
        self.page.wait_for_url(f"{self.world.url('login')}/**")
        self.log_ins += 1
        self.press(f'button:has-text("{self.person.name}")')

    def go_to(self, name):
        self.press(f'section:has(h3:text-is("{name}")) a:has-text("Haal")')

    def bring_document(self):
        self.press('form[action$="/meenemen"] button')
        self.press('button:has-text("Neem mee")')

    def state_of(self, name):
        card = self.page.locator(f'section:has(h3:text-is("{name}")) [data-state]')
        return card.get_attribute("data-state")


@pytest.fixture
def case(world, visitor):
    """A counsellor with a case of the first resident, and the link for that resident."""
    counsellor = visitor()
    counsellor.case = open_case(counsellor, world, world.residents[0])
    counsellor.go(f"{counsellor.case}/verzamel")
    counsellor.look("verzamel-counsellor-no-link")
    counsellor.press('form[action$="/verzamel"] button')
    counsellor.look("verzamel-counsellor-link")
    counsellor.link = counsellor.page.inner_text("#verzamel-link")
    return counsellor


@pytest.fixture
def resident(world, visitor):
    return Resident(visitor(), world, world.residents[0])


def begin_anew(world):
    """Take a wallet without any card: nobody has used this one."""
    world.stop("wallet")
    shutil.rmtree(world.folder / "wallet" / "cards", ignore_errors=True)
    world.start("wallet")


def counsellor_sees(case):
    case.go(f"{case.case}/verzamel")
    return [each.get_attribute("data-state") for each in case.page.locator("[data-state]").all()]


def test_two_organisations_without_a_wallet(case, resident):
    resident.visitor.go(case.link)
    resident.look("begin")
    assert case.link.rpartition("/")[2] not in resident.page.url

    resident.go_to(BOXTEL)
    resident.log_in()
    resident.look("at-boxtel")
    resident.press('form[action$="/meenemen"] button')
    resident.look("document-made")
    resident.press('button:has-text("Neem mee")')
    resident.look("one-of-two")
    assert [resident.state_of(BOXTEL), resident.state_of(GESTEL)] == ["fetched", "missing"]
    assert "6.496,21" in resident.text()
    assert counsellor_sees(case) == ["collected", "missing"]

    resident.go_to(GESTEL)
    resident.bring_document()
    resident.look("two-of-two")
    case.go(f"{case.case}/overzicht")
    assert ALL not in case.page.inner_text("main")

    resident.press('a:has-text("Deel met")')
    resident.look("consent")
    resident.press('button:has-text("Ja, deel dit")')
    resident.look("receipt")
    assert (resident.taps, resident.log_ins) == (9, 1)
    assert resident.taps <= MOST_TAPS

    assert counsellor_sees(case) == ["shared", "shared"]
    case.go(f"{case.case}/overzicht")
    case.look("verzamel-overview")
    assert ALL in case.page.inner_text("main")

    withdraw(resident)
    assert counsellor_sees(case) == ["withdrawn", "withdrawn"]
    case.look("verzamel-counsellor-withdrawn")
    case.go(f"{case.case}/overzicht")
    assert ALL not in case.page.inner_text("main")


def withdraw(resident):
    resident.page.locator("summary").first.click()
    resident.press('button:has-text("Ja, intrekken")')
    resident.look("withdrawn")
    assert "Het is gewist" in resident.text()


def test_two_organisations_with_an_empty_wallet(world, case, resident):
    begin_anew(world)
    resident.visitor.go(case.link)
    resident.look("wallet-choice")
    resident.press('button:has-text("Demo-wallet")')
    resident.page.fill("input[name=pin]", PIN)
    resident.press('form[action$="/ontgrendelen"] button')
    resident.look("wallet-contact")
    resident.press('form[action$="/bekijken"] button')
    resident.look("wallet-empty")

    resident.press(f'a:has-text("Haal op bij {BOXTEL}")')
    resident.log_in()
    resident.look("wallet-at-boxtel")
    resident.press('form[action$="/meenemen"] button')
    resident.look("wallet-offer")
    resident.press('form[action$="/bekijken"] button')
    resident.look("wallet-keep")
    resident.press('button[value="verder"]')

    resident.page.wait_for_url(f"{world.url('sint-michielsgestel')}/**")
    resident.press('form[action$="/meenemen"] button')
    resident.press('form[action$="/bekijken"] button')
    resident.press('button[value="bewaren"]')
    resident.look("wallet-consent")
    resident.press('button[value="ja"]')
    resident.page.wait_for_url(f"{world.url('verifier')}/**")
    resident.look("wallet-receipt")
    assert (resident.taps, resident.log_ins) == (MOST_TAPS, 1)
    case.go(f"{case.case}/overzicht")
    assert ALL in case.page.inner_text("main")
    assert counsellor_sees(case) == ["shared", "shared"]


def test_gone_on_later_in_a_browser_that_was_closed(case, resident, visitor):
    resident.visitor.go(case.link)
    resident.go_to(BOXTEL)
    resident.log_in()
    resident.bring_document()
    resident.visitor = visitor(resident.visitor.close())
    resident.visitor.go(case.link)
    resident.look("later")
    assert [resident.state_of(BOXTEL), resident.state_of(GESTEL)] == ["fetched", "missing"]
    assert "6.496,21" not in resident.text()

    resident.go_to(GESTEL)
    resident.log_in()
    resident.bring_document()
    resident.press('a:has-text("Deel met")')
    resident.press('button:has-text("Ja, deel dit")')
    assert resident.taps == 10
    case.go(f"{case.case}/overzicht")
    assert ALL in case.page.inner_text("main")


def test_gone_on_later_with_a_wallet(world, case, resident, visitor):
    begin_anew(world)
    to_the_wallet(resident, case)
    resident.press(f'a:has-text("Haal op bij {BOXTEL}")')
    resident.log_in()
    for step in ("meenemen", "bekijken"):
        resident.press(f'form[action$="/{step}"] button')
    resident.press('button[value="bewaren"]')
    resident.look("wallet-one-of-two")

    resident.visitor = visitor(resident.visitor.close())
    to_the_wallet(resident, case)
    resident.press(f'a:has-text("Haal op bij {GESTEL}")')
    resident.log_in()
    for step in ("meenemen", "bekijken"):
        resident.press(f'form[action$="/{step}"] button')
    resident.press('button[value="bewaren"]')
    resident.press('button[value="ja"]')
    resident.page.wait_for_url(f"{world.url('verifier')}/**")
    case.go(f"{case.case}/overzicht")
    assert ALL in case.page.inner_text("main")


def to_the_wallet(resident, case):
    resident.visitor.go(case.link)
    resident.press('button:has-text("Demo-wallet")')
    resident.page.fill("input[name=pin]", PIN)
    resident.press('form[action$="/ontgrendelen"] button')
    resident.press('form[action$="/bekijken"] button')


def test_who_declines_gives_nothing_and_can_try_again(world, case, resident):
    begin_anew(world)
    to_the_wallet(resident, case)
    resident.press('button[value="nee"]')
    resident.visitor.go(case.link)
    assert [resident.state_of(BOXTEL), resident.state_of(GESTEL)] == ["missing", "missing"]
    resident.visitor.go(f"{resident.page.url}/app")
    resident.look("declined")
    assert "U hebt niets gedeeld" in resident.text()
    assert counsellor_sees(case) == ["missing", "missing"]


def test_another_wallet_is_shown_the_way_and_the_question_follows_it(case, resident):
    resident.visitor.go(case.link)
    resident.press('button:has-text("Deel via een andere app")')
    resident.look("other-wallet")
    assert resident.page.locator('a[href^="openid4vp:"]').count() == 1


def test_a_form_of_a_page_of_a_really_other_site_arrives(world, case, resident):
    """On one host every port is the same site; this page has no origin at all."""
    resident.visitor.go(case.link)
    away = resident.page.locator('a:has-text("Haal op")').first.get_attribute("href")
    address = away.partition("terug=")[2].replace("%3A", ":").replace("%2F", "/")
    sealed = ResidentVisit(world.url("boxtel"), world.residents[0]).document()
    resident.page.goto("about:blank")
    resident.page.set_content(
        f'<form method="post" action="{address}">'
        f'<input type="hidden" name="document" value="{b64url_encode(sealed)}">'
        "<button>Neem mee</button></form>"
    )
    resident.press("button")
    assert resident.state_of(BOXTEL) == "fetched"


def test_who_stops_leaves_nothing_on_the_device(case, resident):
    resident.visitor.go(case.link)
    resident.page.locator("summary").last.click()
    resident.press('form[action$="/stop"] button')
    resident.look("stopped")
    resident.page.go_back()
    resident.look("nothing-to-see")
    assert "Hier is nu niets te zien" in resident.text()


def test_the_pages_speak_english(case, resident):
    resident.visitor.go(case.link)
    resident.press('a:has-text("English")')
    resident.look("english")
    assert resident.page.get_attribute("html", "lang") == "en"
    assert "Haal op" not in resident.text()
