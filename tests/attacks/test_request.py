"""Requests and cases from outside: who may read them, and how long."""

import time

import pytest

from holder_demo.demo.browser import Browser, log_in
from tests.attacks.counsellor import fetch, presented, respond
from tests.attacks.exchange import post, refusal, send
from tests.attacks.reactions import response_refused
from vckit import jose
from vckit.errors import UntrustedIssuerError
from vckit.openid4vp import request
from verifier.tickets import ROTATING

pytestmark = pytest.mark.services


@pytest.fixture
def cards(arena, resident):
    return [arena.linden.card(resident), arena.eiken.card(resident)]


def test_V22_and_V23_a_request_is_read_until_it_is_answered(case, cards):
    link = case.new_link()
    reference = request.parse_link(link)
    first, second = fetch(link), fetch(link)
    assert (first.nonce, first.state) == (second.nonce, second.state)
    assert respond(first, *presented(second, *cards)).status == 200
    assert refusal(send("GET", reference.request_uri), 410)["error"] == "invalid_request"
    posted = post(reference.request_uri, data={"wallet_nonce": "n-0S6_WzA2Mj"})
    refusal(posted, 410)
    never = f"{case.counsellor.url}/openid4vp/requests/{'A' * 22}"
    refusal(send("GET", never), 404)


def test_V23_what_the_counsellor_cancelled_is_gone(case, cards):
    link = case.new_link()
    asked = fetch(link)
    case.press(f"vraag/{request_id(asked)}/annuleer")
    refusal(send("GET", request.parse_link(link).request_uri), 410)
    response_refused(respond(asked, *presented(asked, *cards)))
    assert case.report()["state"] == "CANCELLED"
    asked = case.ask()
    assert respond(asked, *presented(asked, *cards)).status == 200


def request_id(asked):
    return asked.response_uri.rpartition("/")[2]


def test_V25_a_request_object_is_signed_for_a_moment_and_for_wallets(case):
    answer = send("GET", request.parse_link(case.new_link()).request_uri)
    assert answer.media_type == request.MEDIA_TYPE
    unverified = jose.parse(answer.body.decode("ascii"))
    claims = unverified.claims()
    assert unverified.header["typ"] == request.TYP
    assert claims["aud"] == request.AUDIENCE
    assert claims["exp"] - claims["iat"] <= 300
    assert claims["response_uri"].startswith(f"{case.counsellor.url}/")
    assert not {"redirect_uri", "scope", "presentation_definition"} & set(claims)


def test_V25_a_link_that_names_another_client_is_not_followed(case):
    link = case.new_link()
    own = request.parse_link(link)
    other = request.by_reference("openid4vp://", "x509_hash:" + "A" * 43, own.request_uri)
    with pytest.raises(UntrustedIssuerError):
        fetch(other)
    assert fetch(link).client_id == own.client_id


def test_V19_a_code_that_is_passed_on_is_old_when_it_is_scanned(case, cards):
    relayed = case.link(scripted=True)
    time.sleep(ROTATING + 1)
    refusal(send("GET", request.parse_link(relayed).request_uri), 410)
    assert case.report()["state"] == "CREATED"
    # The twin: the code that the screen shows by now.
    asked = fetch(case.link(scripted=True))
    assert respond(asked, *presented(asked, *cards)).status == 200


@pytest.mark.parametrize(
    "changed",
    [
        lambda _: "",
        lambda ticket: f"/9{ticket[1:]}",
        lambda ticket: f"/{ticket}A",
        lambda ticket: f"/{ticket.partition('-')[0]}",
        lambda _: "/9999999999-" + "A" * 22,
    ],
    ids=["none", "later", "longer", "without a mark", "made up"],
)
def test_V19_a_code_cannot_be_made(case, changed):
    address, _, ticket = request.parse_link(case.new_link()).request_uri.rpartition("/")
    refusal(send("GET", address + changed(ticket)), 410)
    assert case.report()["state"] == "CREATED"
    assert send("GET", f"{address}/{ticket}").status == 200


def test_V19_after_the_first_fetch_no_other_code_opens_it(case):
    first, later = case.new_link(), case.link(scripted=True)
    fetch(first)
    if later != first:
        refusal(send("GET", request.parse_link(later).request_uri), 410)
    fetch(first)


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
