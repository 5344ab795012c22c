"""Requests and cases from outside: who may read them, and how long."""

import pytest

from holder_demo.demo.browser import Browser, log_in
from tests.attacks.counsellor import fetch, presented, respond
from tests.attacks.exchange import post, refusal, send
from vckit.openid4vp import request

pytestmark = pytest.mark.services


@pytest.fixture
def cards(arena, resident):
    return [arena.linden.card(resident), arena.eiken.card(resident)]


def test_V22_and_V23_a_request_is_read_until_it_is_answered(case, cards):
    case.ask()
    reference = request.parse_link(case.link())
    link = case.link()
    first, second = fetch(link), fetch(link)
    assert (first.nonce, first.state) == (second.nonce, second.state)
    assert respond(first, *presented(second, *cards)).status == 200
    assert refusal(send("GET", reference.request_uri), 410)["error"] == "invalid_request"
    posted = post(reference.request_uri, data={"wallet_nonce": "n-0S6_WzA2Mj"})
    refusal(posted, 410)
    refusal(send("GET", reference.request_uri[:-4] + "AAAA"), 404)


def test_V37_a_case_is_its_counsellors_own(arena, case):
    world = arena.world
    colleague = next(
        one for one in world.people if one.kind == "counsellor" and one != world.counsellor
    )
    browser = Browser()
    log_in(browser.session, f"{world.url('verifier')}/zaken", colleague)
    for path in ("", "/overzicht", "/overzicht.json", "/document"):
        assert browser.open(f"{case.url}{path}").status == 403
    assert case.counsellor.browser.open(case.url).status == 200


def test_V38_no_other_site_may_read_an_answer(case):
    asked = case.ask()
    for url in (asked.response_uri, f"{case.url}/overzicht.json"):
        for method in ("OPTIONS", "GET", "POST"):
            answer = send(method, url, headers={"Origin": "https://elders.example"})
            assert not [one for one in answer.headers if one.lower().startswith("access-control")]
