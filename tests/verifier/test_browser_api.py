"""The Digital Credentials API: the browser hands the question over and brings the answer (A)."""

import json
import re

import pytest

from tests.vckit.statements import debt
from tests.verifier.browser import Browser, text_of
from tests.verifier.world import VERIFIER_URL
from vckit.openid4vp import request, response
from verifier import asking
from verifier.requestbook import DC_API, FACE_TO_FACE, Way

JSON = "application/json"


@pytest.fixture
def cards(world, wallet):
    return [wallet.card(world.boxtel, debt(1)), wallet.card(world.michielsgestel, debt(2))]


@pytest.fixture
def begun(scene):
    """What the page's script gets for its browser."""
    answer = send(scene.browser, f"/zaken/{scene.case.id}/browser", {})
    assert answer.status_code == 200, answer.text
    return answer.json


def send(browser, path, content, token=None):
    return browser.client.post(
        path,
        base_url=VERIFIER_URL,
        data=json.dumps(content),
        content_type=JSON,
        headers={"X-CSRFToken": token or browser.token()},
    )


def verified(world, begun, origin=VERIFIER_URL):
    return request.verify_for_origin(
        begun["request"],
        origin=origin,
        now=world.now,
        trust=lambda chain: world.scheme.verifier(chain, world.now),
    )


def presented(world, asked, cards, audience=None):
    return [
        card.present(asked, now=world.now, audience=audience or asked.audience) for card in cards
    ]


def data_of(asked, texts):
    return response.build_data({"schuldenopgave_sd_jwt": texts}, asked)


def wrapped(data):
    return {"protocol": request.DC_API_PROTOCOL, "data": data}


def test_the_browser_brings_an_answer_that_counts(scene, begun, cards):
    asked = verified(scene.world, begun)
    assert asked.response_mode == "dc_api.jwt"
    assert asked.audience == f"origin:{VERIFIER_URL}"
    assert scene.report()["state"] == "WAITING_FOR_RESPONSE"
    data = data_of(asked, presented(scene.world, asked, cards))
    answer = send(scene.browser, begun["answer"], wrapped(data))
    assert answer.status_code == 200
    assert answer.json["next"].startswith("/zaken/")
    assert scene.report()["state"] == "DONE"
    assert scene.report()["totals"]["outstanding"] == 2 * 42_900


@pytest.mark.parametrize(
    "audience",
    [
        lambda asked: asked.client_id,
        lambda _: VERIFIER_URL,
        lambda _: "origin:https://vreemd.example",
        lambda _: f"origin:{VERIFIER_URL}/",
    ],
    ids=["client id", "no prefix", "other origin", "slash"],
)
def test_V04_the_audience_is_our_origin(scene, begun, cards, audience):
    asked = verified(scene.world, begun)
    data = data_of(asked, presented(scene.world, asked, cards, audience(asked)))
    assert send(scene.browser, begun["answer"], wrapped(data)).status_code == 400
    assert scene.report()["state"] == "FAILED"


def test_V04_an_answer_for_a_site_is_none_for_a_link(scene, cards):
    started = asking.ask(scene.office, scene.case, now=scene.world.now)
    asked = scene.wallet.fetch(started)
    texts = presented(scene.world, asked, cards, f"origin:{VERIFIER_URL}")
    assert scene.wallet.post(asked, scene.wallet.form(asked, *texts)).status_code == 400


def test_V07_an_answer_in_the_clear_is_refused(scene, begun, cards):
    asked = verified(scene.world, begun)
    data = {"vp_token": {"schuldenopgave_sd_jwt": presented(scene.world, asked, cards)}}
    assert send(scene.browser, begun["answer"], wrapped(data)).status_code == 400
    assert scene.report()["state"] == "FAILED"


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        {"protocol": "openid4vp-v1-unsigned", "data": {"error": "x"}},
        {"protocol": request.DC_API_PROTOCOL},
        {"protocol": request.DC_API_PROTOCOL, "data": "x"},
        {"protocol": request.DC_API_PROTOCOL, "data": {}},
        {"protocol": request.DC_API_PROTOCOL, "data": {"response": "a.b.c.d.e"}},
    ],
)
def test_V08_what_is_no_answer_is_refused(scene, begun, content):
    assert send(scene.browser, begun["answer"], content).status_code == 400


def test_V20_another_browser_brings_nothing(scene, begun, cards):
    asked = verified(scene.world, begun)
    data = wrapped(data_of(asked, presented(scene.world, asked, cards)))
    other = Browser(scene.app.test_client()).log_in("tom")
    assert send(other, begun["answer"], data).status_code == 400
    assert scene.office.store.findings_of(scene.case.id) == []
    assert send(scene.browser, begun["answer"], data).status_code == 200


def test_V02_an_answer_is_taken_once(scene, begun, cards):
    asked = verified(scene.world, begun)
    data = wrapped(data_of(asked, presented(scene.world, asked, cards)))
    assert send(scene.browser, begun["answer"], data).status_code == 200
    assert send(scene.browser, begun["answer"], data).status_code == 400
    assert scene.report()["state"] == "DONE"


def test_a_no_of_the_browser_is_a_no(scene, begun):
    assert (
        send(scene.browser, begun["answer"], wrapped({"error": "access_denied"})).status_code == 200
    )
    assert scene.report()["state"] == "CANCELLED"


def test_X04_without_the_pages_token_nothing_is_asked_or_taken(scene, begun):
    assert (
        send(scene.browser, f"/zaken/{scene.case.id}/browser", {}, token="vervalst").status_code
        == 403
    )
    refused = send(
        scene.browser, begun["answer"], wrapped({"error": "access_denied"}), token="vervalst"
    )
    assert refused.status_code == 403


def test_its_question_is_not_fetched_or_answered_over_http(scene, begun, cards):
    request_id = begun["answer"].split("/")[2]
    fetched = scene.client.get(f"/openid4vp/requests/{request_id}", base_url=VERIFIER_URL)
    assert fetched.status_code == 410
    asked = verified(scene.world, begun)
    data = data_of(asked, presented(scene.world, asked, cards))
    posted = scene.client.post(
        f"/openid4vp/responses/{request_id}", base_url=VERIFIER_URL, data=data
    )
    assert posted.status_code == 400
    assert send(scene.browser, begun["answer"], wrapped(data)).status_code == 200


def test_it_takes_the_place_of_the_code_on_the_screen(scene):
    shown = asking.ask(scene.office, scene.case, way=Way(FACE_TO_FACE), now=scene.world.now)
    send(scene.browser, f"/zaken/{scene.case.id}/browser", {})
    assert not scene.office.store.request(shown.id, scene.world.now).is_open
    [newest, _] = scene.office.store.requests_of(scene.case.id, scene.world.now)
    assert (newest.way.name, newest.state) == (DC_API, "WAITING_FOR_RESPONSE")


def test_the_page_offers_it_to_browsers_that_have_it_and_scripts(scene):
    asking.ask(scene.office, scene.case, way=Way(FACE_TO_FACE), now=scene.world.now)
    page = scene.browser.get(f"/zaken/{scene.case.id}")
    [button] = re.findall(r"<p hidden><button[^>]*data-browser[^>]*>", page.text)
    assert f"/zaken/{scene.case.id}/browser" in button
    assert "data-browser" not in scene.browser.get(f"/zaken/{scene.case.id}?script=nee").text
    assert "Laat de browser een app kiezen" in text_of(page)


def test_the_script_is_short_and_asks_nobody_else(scene):
    script = scene.client.get("/static/question.js", base_url=VERIFIER_URL)
    text, status = script.text, script.status_code
    script.close()
    assert status == 200
    assert script.mimetype in {"text/javascript", "application/javascript"}
    assert len(text.splitlines()) <= 60
    assert "http" not in text
