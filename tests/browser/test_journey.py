"""The whole journey in a real browser: resident, wallet and counsellor, clicking as people do."""

import pytest

from holder_demo.demo.visits import OFFER_SCHEME, ResidentVisit
from holder_demo.demo.world import PIN

pytestmark = pytest.mark.browser

REQUEST_SCHEME = "openid4vp"


def log_in(visitor, person):
    visitor.press(f'button:has-text("{person.name}")')


def link(visitor, scheme):
    return visitor.page.locator(f'a[href^="{scheme}"]').first.get_attribute("href")


def unlock(visitor, world):
    visitor.go(world.url("wallet"))
    visitor.look("wallet-unlock")
    visitor.page.fill("input[name=pin]", PIN)
    visitor.press('form[action$="/ontgrendelen"] button')


def open_in_wallet(visitor, world, address):
    visitor.go(world.url("wallet"))
    visitor.page.fill("[name=link]", address)
    visitor.press('form[action$="/link"] button')


def see_own_debts(resident, world, person):
    resident.go(world.url("boxtel"))
    resident.look("resident-start")
    resident.press('a:has-text("Inloggen")')
    resident.look("log-in")
    log_in(resident, person)
    resident.look("resident-debts")


def make_offer(resident, world):
    resident.go(f"{world.url('boxtel')}/app")
    resident.look("resident-app")
    resident.press('form[action$="/app"] button')
    resident.look("resident-offer")
    return link(resident, OFFER_SCHEME)


def accept(holder, world, offer):
    open_in_wallet(holder, world, offer)
    holder.look("wallet-offer")
    holder.press('form[action$="/bekijken"] button')
    holder.look("wallet-fetch")
    holder.press('form[action$="/ophalen"] button')
    holder.look("wallet-keep")
    holder.press('form[action$="/beslissen"] button[value=bewaren]')
    holder.look("wallet-card")
    holder.go(f"{world.url('wallet')}/overzicht")
    holder.look("wallet-overview")


def open_case(counsellor, world, person):
    counsellor.go(world.url("verifier"))
    counsellor.look("counsellor-start")
    counsellor.press('a:has-text("Inloggen")')
    log_in(counsellor, world.counsellor)
    counsellor.look("counsellor-cases")
    counsellor.go(f"{world.url('verifier')}/zaken/nieuw")
    counsellor.page.fill("[name=family_name]", person.family_name)
    counsellor.page.fill("[name=given_name]", person.given_name)
    counsellor.page.fill("[name=birthdate]", person.birthdate)
    counsellor.look("counsellor-new-case")
    counsellor.press("form:has([name=family_name]) button")
    counsellor.look("counsellor-case")
    return counsellor.page.url


def share(holder, world, request):
    open_in_wallet(holder, world, request)
    holder.look("wallet-request")
    holder.press('form[action$="/bekijken"] button')
    holder.look("wallet-consent")
    holder.press('form[action$="/beslissen"] button[value=ja]')
    holder.look("wallet-shared")


def upload(counsellor, case, file):
    counsellor.go(f"{case}/document")
    counsellor.look("counsellor-upload")
    counsellor.page.set_input_files("input[type=file]", str(file))
    counsellor.press("form:has(input[type=file]) button")


def test_from_the_own_debts_to_the_counsellors_overview(world, visitor, tmp_path):
    resident, holder, counsellor = visitor(), visitor(), visitor()
    person = world.residents[0]

    see_own_debts(resident, world, person)
    assert "6.496,21" in resident.page.inner_text("main")
    unlock(holder, world)
    accept(holder, world, make_offer(resident, world))
    resident.go(f"{world.url('boxtel')}/meegegeven")
    resident.look("resident-given-out")

    case = open_case(counsellor, world, person)
    # The code of a page without scripts lives long enough to look at every page on the way.
    counsellor.go(f"{case}?script=nee")
    share(holder, world, link(counsellor, REQUEST_SCHEME))
    counsellor.go(f"{case}/overzicht")
    counsellor.look("overview-incomplete")

    pdf = tmp_path / "opgave.pdf"
    pdf.write_bytes(ResidentVisit(world.url("sint-michielsgestel"), person).document())
    upload(counsellor, case, pdf)
    counsellor.look("overview")
    assert "8.629,74" in counsellor.page.inner_text("main")


def test_a_page_that_is_not_there_says_so_kindly(world, visitor):
    somebody = visitor()
    for service in ("boxtel", "verifier", "wallet"):
        somebody.go(f"{world.url(service)}/bestaat-niet")
        somebody.look(f"not-found-{service}")
        assert "niets verloren" in somebody.page.inner_text("main")


def test_the_same_pages_speak_english(world, visitor):
    for service in ("boxtel", "verifier", "wallet"):
        somebody = visitor()
        somebody.go(world.url(service))
        somebody.press('a:has-text("English"), button:has-text("English")')
        somebody.look(f"english-{service}")
        assert somebody.page.get_attribute("html", "lang") == "en"
