"""Row V20: an answer on the resident's own device counts in the browser that asked, and there once.

The verifier's page begins the question, a wallet answers, and the person comes back with a code.
"""

import pytest
import requests

from holder_demo.demo.browser import Browser, expect_ok
from tests.attacks.counsellor import fetch, presented, respond

pytestmark = pytest.mark.services


@pytest.fixture
def cards(arena, resident):
    return [arena.linden.card(resident), arena.eiken.card(resident)]


@pytest.fixture
def sent(case):
    """The address of the question that the counsellor sends."""
    page = case.press("vraag", manier="link")
    return page.link(start=f"{case.counsellor.url}/vraag/")


def begin(browser, address):
    """Open the question in a browser; the request as the wallet on that device gets it."""
    page = expect_ok(browser.open(address))
    page = expect_ok(browser.submit(page.form(action=address.rpartition("/")[2])))
    return fetch(page.link(start="openid4vp:"))


def answered(asked, cards):
    answer = respond(asked, *presented(asked, *cards))
    assert answer.status == 200
    return answer.json()["redirect_uri"]


def counts(case, cards):
    report = case.report()
    return report["state"] == "DONE" and len(report["groups"]["verified"]) == len(cards)


def nothing_is_shown(case):
    report = case.report()
    return not report["groups"]["verified"] and report["totals"]["outstanding"] == 0


def refused(browser, address):
    page = browser.open(address)
    return page.status == 403


def test_V20_the_answer_counts_in_the_browser_that_asked(case, sent, cards):
    browser = Browser()
    back = answered(begin(browser, sent), cards)
    # Until it comes back, nobody sees that there is an answer.
    assert case.report()["state"] == "WAITING_FOR_RESPONSE"
    assert nothing_is_shown(case)
    assert browser.open(back).status == 200
    assert counts(case, cards)


@pytest.mark.parametrize("visited", [True, False], ids=["other session", "no cookie"])
def test_V20_in_another_browser_nothing_is_shown(case, sent, cards, visited):
    browser, other = Browser(), Browser()
    back = answered(begin(browser, sent), cards)
    if visited:
        begin_another(other, case)
    assert refused(other, back)
    assert case.report()["state"] == "FAILED"
    assert nothing_is_shown(case)
    # Nor afterwards where it was asked: whoever has the code may be anybody.
    assert refused(browser, back)
    assert nothing_is_shown(case)


def begin_another(browser, case):
    page = case.counsellor.open(None).press("vraag", manier="link")
    begin(browser, page.link(start=f"{case.counsellor.url}/vraag/"))


def test_V20_a_code_counts_once(case, sent, cards):
    browser = Browser()
    back = answered(begin(browser, sent), cards)
    assert browser.open(back).status == 200
    assert refused(browser, back)
    assert counts(case, cards)


@pytest.mark.parametrize("code", ["", "A" * 43, "%00", "a" * 500])
def test_V20_a_code_is_not_guessed(case, sent, cards, code):
    browser = Browser()
    back = answered(begin(browser, sent), cards)
    address = back.partition("=")[0]
    assert refused(browser, f"{address}={code}")
    assert nothing_is_shown(case)
    assert browser.open(back).status == 200
    assert counts(case, cards)


def test_V20_a_question_belongs_to_the_browser_that_opens_it_first(sent):
    first, second = Browser(), Browser()
    begin(first, sent)
    assert second.open(sent).status == 403
    assert first.open(sent).status == 200


def test_V20_before_a_browser_opens_it_nobody_fetches_the_question(sent):
    address = sent.replace("/vraag/", "/openid4vp/requests/")
    assert requests.get(address, timeout=10).status_code == 410
    begin(Browser(), sent)
    assert requests.get(address, timeout=10).status_code == 200
