"""Verzamel in a real browser: from the counsellor's link to an overview of two organisations.

Counted are the presses of the resident, and how often somebody must log in.
"""

import shutil

import pytest

from holder_demo.demo.world import PIN
from tests.browser.test_journey import open_case

pytestmark = pytest.mark.browser

MOST_TAPS = 12
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


def counsellor_sees(case, world):
    case.go(f"{case.case}/verzamel")
    return [each.get_attribute("data-state") for each in case.page.locator("[data-state]").all()]


def test_two_organisations_without_a_wallet(world, case, resident):
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
    assert counsellor_sees(case, world) == ["collected", "missing"]

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

    assert counsellor_sees(case, world) == ["shared", "shared"]
    case.go(f"{case.case}/overzicht")
    case.look("verzamel-overview")
    assert ALL in case.page.inner_text("main")

    withdraw(resident)
    assert counsellor_sees(case, world) == ["withdrawn", "withdrawn"]
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
    assert counsellor_sees(case, world) == ["shared", "shared"]
