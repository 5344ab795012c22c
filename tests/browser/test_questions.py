"""Asking in a real browser: a code that changes or stands still, and the resident's own device."""

import re

import pytest

from holder_demo.demo.browser import Browser, expect_ok
from tests.browser.test_journey import accept, link, log_in, make_offer, open_case, unlock
from vckit import jose
from vckit.openid4vp import request

pytestmark = pytest.mark.browser

SCHEME = "openid4vp"
OTHER_CODE_MILLISECONDS = 8_000


def text(visitor):
    return visitor.page.inner_text("main")


def code(visitor):
    return re.search("[0-9]{4}", visitor.page.inner_text("#check-code"))[0]


def fetch(address):
    """What a wallet does that goes no further: the page then tells that it waits."""
    uri = request.parse_link(address).request_uri
    return expect_ok(Browser().open(uri))


def test_the_code_changes_and_the_page_follows(world, visitor):
    counsellor = visitor()
    open_case(counsellor, world, world.residents[2])
    counsellor.look("question-created")
    first, picture = link(counsellor, SCHEME), counsellor.page.inner_html("#code")
    counsellor.page.wait_for_function(
        "(first) => document.getElementById('link').href !== first",
        arg=first,
        timeout=OTHER_CODE_MILLISECONDS,
    )
    assert counsellor.page.inner_html("#code") != picture
    fetch(link(counsellor, SCHEME))
    counsellor.page.wait_for_selector('[data-state="WAITING_FOR_RESPONSE"]')
    counsellor.look("question-waiting")
    assert len(code(counsellor)) == 4
    counsellor.press('form[action$="/annuleer"] button')
    assert "Geannuleerd" in text(counsellor)
    counsellor.look("question-cancelled")


def test_without_scripts_the_code_stands_longer_and_the_page_reloads(chromium, world, visitor):
    counsellor = visitor()
    case = open_case(counsellor, world, world.residents[2])
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(counsellor.page.context.cookies())
    plain = context.new_page()
    plain.goto(case)
    plain.wait_for_url("**?script=nee")
    fetch(plain.locator(f'a[href^="{SCHEME}"]').first.get_attribute("href"))
    plain.wait_for_selector('[data-state="WAITING_FOR_RESPONSE"]')
    context.close()


def test_on_the_residents_own_device(world, visitor):
    person = world.residents[3]
    counsellor, resident = visitor(), visitor()
    case = open_case(counsellor, world, person)
    counsellor.go(f"{case}?vast=link")
    counsellor.press("button[value=link]")
    counsellor.look("question-sent")
    sent = counsellor.page.get_attribute("#link", "href")

    resident.go(world.url("boxtel"))
    resident.press('a:has-text("Inloggen")')
    log_in(resident, person)
    unlock(resident, world)
    accept(resident, world, make_offer(resident, world))

    resident.go(sent)
    resident.look("resident-question")
    resident.press('main form button:has-text("Verder")')
    resident.look("resident-question-begun")
    resident.press('a:has-text("Open in Demo-wallet")')
    resident.press('form[action$="/bekijken"] button')
    resident.look("wallet-asks-with-code")
    resident.press('form[action$="/beslissen"] button[value=ja]')
    resident.page.wait_for_url(f"{world.url('verifier')}/vraag/**")
    resident.look("resident-question-done")
    assert "U hebt gedeeld met" in text(resident)

    counsellor.go(case)
    assert "Antwoord ontvangen" in text(counsellor)
    counsellor.look("question-done")


def test_one_organisation_at_a_time(world, visitor):
    counsellor = visitor()
    case = open_case(counsellor, world, world.residents[2])
    counsellor.go(f"{case}?vast=organisatie")
    counsellor.look("question-by-organisation")
    counsellor.press("button[name=organisatie]")
    assert "Deze vraag gaat over Gemeente Boxtel." in text(counsellor)
    counsellor.look("question-to-one")


WALLET = """
navigator.credentials.get = async ({ digital }) => {
  const [asked] = digital.requests;
  return { protocol: asked.protocol, data: await window.wallet(asked.data.request) };
};
"""


def test_the_browsers_own_choice_of_wallets(world, visitor):
    """Chromium asks no real wallet here: what it would hand over and bring is looked at."""
    counsellor, handed = visitor(), []

    def wallet(signed):
        handed.append(jose.parse(signed).claims())
        return {"error": "access_denied"}

    counsellor.page.expose_function("wallet", wallet)
    counsellor.page.add_init_script(WALLET)
    case = open_case(counsellor, world, world.residents[2])
    counsellor.press("button[data-browser]")
    counsellor.page.wait_for_selector('[data-state="CANCELLED"]')
    assert counsellor.page.url == case
    assert handed[0]["expected_origins"] == [world.url("verifier")]
    assert handed[0]["response_mode"] == request.DC_API_JWT
    counsellor.look("question-declined-in-browser")
