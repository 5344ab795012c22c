"""How a question comes to its wallet, and whose the answer is: rows V19, V20 and V22 to V25."""

import re
from urllib.parse import urlsplit

import pytest

from tests.vckit.statements import debt
from tests.verifier.browser import Browser, text_of
from tests.verifier.wallet import begin
from tests.verifier.world import VERIFIER_URL
from vckit.openid4vp import request, response
from verifier import asking, tickets
from verifier.requestbook import FACE_TO_FACE, SAME_DEVICE, Way

FACE = Way(FACE_TO_FACE)
SENT = Way(SAME_DEVICE)


@pytest.fixture
def cards(world, wallet):
    return [wallet.card(world.boxtel, debt(1)), wallet.card(world.michielsgestel, debt(2))]


def path_of(link):
    return urlsplit(request.parse_link(link).request_uri).path


def fetched(client, link):
    return client.get(path_of(link), base_url=VERIFIER_URL).status_code


# --- face to face


def test_row_7_a_code_that_is_relayed_after_30_seconds_is_refused(scene):
    asked = scene.ask(FACE)
    relayed = asking.link(scene.office, asked, scene.world.now)
    scene.world.clock.now += 30
    assert fetched(scene.client, relayed) == 410
    assert fetched(scene.client, asking.link(scene.office, asked, scene.world.now)) == 200


@pytest.mark.parametrize(
    ("life", "age", "status"),
    [
        (tickets.ROTATING, 4, 200),
        (tickets.ROTATING, 10, 410),
        (tickets.STILL, 30, 200),
        (tickets.STILL, 54, 200),
        (tickets.STILL, 60, 410),
    ],
)
def test_V19_a_code_is_good_for_ten_seconds_or_sixty_without_script(scene, life, age, status):
    asked = scene.ask(FACE)
    link = asking.link(scene.office, asked, scene.world.now, life=life)
    scene.world.clock.now += age
    assert fetched(scene.client, link) == status


def test_V19_a_code_stays_long_enough_to_be_scanned(scene):
    asked = scene.ask(FACE)
    scene.world.clock.now -= scene.world.now % 5
    first = asking.link(scene.office, asked, scene.world.now)
    assert asking.link(scene.office, asked, scene.world.now + 4) == first
    assert asking.link(scene.office, asked, scene.world.now + 5) != first


def test_V19_without_a_ticket_or_with_another_nothing_is_handed_out(scene):
    asked, other = scene.ask(FACE), scene.ask(FACE)
    uri = urlsplit(asking.request_uri(scene.office, asked)).path
    foreign = tickets.make(other, scene.world.now, tickets.ROTATING)
    for path in (
        uri,
        f"{uri}/{foreign}",
        f"{uri}/x",
        f"{uri}/99999999999999999-x",
        f"{uri}/\uff11-x",
    ):
        assert scene.client.get(path, base_url=VERIFIER_URL).status_code == 410
    assert scene.office.store.request(asked.id, scene.world.now).state == "CREATED"


def test_V19_V22_the_first_ticket_is_the_only_one_and_opens_it_until_the_answer(scene, cards):
    asked = scene.ask(FACE)
    first = asking.link(scene.office, asked, scene.world.now)
    assert fetched(scene.client, first) == 200
    scene.world.clock.now += 5
    later = asking.link(scene.office, asked, scene.world.now)
    assert fetched(scene.client, later) == 410
    scene.world.clock.now += 60
    assert fetched(scene.client, first) == 200
    found = scene.wallet.fetch(asked, ticket=path_of(first).rpartition("/")[2])
    assert scene.wallet.send(found, *cards).status_code == 200
    assert fetched(scene.client, first) == 410


def test_the_check_code_is_on_both_screens_and_in_the_request(scene, cards):
    asked = scene.ask(FACE)
    found = scene.wallet.fetch(asked)
    [told] = found.verifier_info
    assert told["format"] == "https://w3id.org/blauwe-knop/v1#vraag"
    assert told["data"]["controlecode"] == asked.check_code
    assert told["data"]["doel"] == "Een overzicht van schulden maken."
    assert re.fullmatch("[0-9]{4}", asked.check_code)
    shown = f"Controlecode: {asked.check_code}"
    assert shown in text_of(scene.browser.get(f"/zaken/{scene.case.id}"))
    answer = scene.wallet.send(found, *cards)
    back = urlsplit(answer.json["redirect_uri"])
    assert back.netloc == "schuldhulp.example"
    phone = scene.client.get(f"{back.path}?{back.query}", base_url=VERIFIER_URL)
    assert shown in text_of(phone)
    assert "d'Hondt" not in phone.text
    scene.world.clock.now += 300
    assert scene.client.get(f"{back.path}?{back.query}", base_url=VERIFIER_URL).status_code == 403


def test_what_came_with_another_code_is_thrown_away(scene, cards):
    asked = scene.ask(FACE)
    scene.wallet.send(scene.wallet.fetch(asked), *cards)
    assert scene.report()["totals"]["outstanding"] == 2 * 42_900
    scene.browser.post(f"/zaken/{scene.case.id}/vraag/{asked.id}/andere-code")
    assert scene.report()["state"] == "FAILED"
    assert scene.office.store.findings_of(scene.case.id) == []
    assert "De codes verschilden" in text_of(scene.browser.get(f"/zaken/{scene.case.id}"))
    rows = scene.office.database.execute("SELECT result FROM requests")
    assert [row["result"] for row in rows] == [None]


def test_the_page_follows_by_script_or_reloads_without_one(scene):
    scene.ask(FACE)
    scripted, plain = (
        scene.browser.get(f"/zaken/{scene.case.id}{how}") for how in ("", "?script=nee")
    )
    policy = scripted.headers["Content-Security-Policy"]
    assert "script-src 'self'; connect-src 'self'" in policy
    assert "script-src" not in plain.headers["Content-Security-Policy"]
    assert "<script" not in plain.text
    assert ("Refresh" in scripted.headers, "Refresh" in plain.headers) == (False, True)
    assert '<noscript><meta http-equiv="refresh" content="0; url=?script=nee">' in scripted.text


def test_the_script_is_told_the_state_and_the_code_of_this_moment(scene):
    asked = scene.ask(FACE)
    told = scene.browser.get(f"/zaken/{scene.case.id}/stand")
    assert told.headers["Cache-Control"] == "no-store"
    assert told.json["link"] == asking.link(scene.office, asked, scene.world.now)
    assert told.json["code"].startswith("<svg")
    scene.wallet.fetch(asked)
    assert scene.browser.get(f"/zaken/{scene.case.id}/stand").json == {
        "state": "WAITING_FOR_RESPONSE"
    }


def test_V37_the_state_is_told_to_the_counsellor_of_the_case_alone(scene):
    asked = scene.ask(FACE)
    other = Browser(scene.app.test_client()).log_in("tom")
    assert other.get(f"/zaken/{scene.case.id}/stand").status_code == 403
    for action in ("annuleer", "andere-code"):
        path = f"/zaken/{scene.case.id}/vraag/{asked.id}/{action}"
        assert other.post(path).status_code == 403
    assert (
        scene.app.test_client()
        .get(f"/zaken/{scene.case.id}/stand", base_url=VERIFIER_URL)
        .status_code
        > 300
    )


# --- states


def test_a_question_is_cancelled_and_cannot_be_answered(scene, cards):
    asked = scene.ask(FACE)
    found = scene.wallet.fetch(asked)
    for _ in range(2):
        scene.browser.post(f"/zaken/{scene.case.id}/vraag/{asked.id}/annuleer")
    assert scene.report()["state"] == "CANCELLED"
    assert scene.wallet.send(found, *cards).status_code == 400
    assert "Geannuleerd" in text_of(scene.browser.get(f"/zaken/{scene.case.id}"))
    states = {each["state"] for each in scene.report()["organisations"]}
    assert states == {"missing"}


def test_a_question_of_another_case_is_not_cancelled_by_this_ones_page(scene):
    _other, asked = begin(scene.office, scene.world)
    answer = scene.browser.post(f"/zaken/{scene.case.id}/vraag/{asked.id}/annuleer")
    assert answer.status_code == 404
    assert scene.office.store.request(asked.id, scene.world.now).is_open


def test_a_new_question_takes_the_place_of_the_one_on_the_screen(scene):
    shown, sent = scene.ask(FACE), scene.ask(SENT)
    scene.browser.post(f"/zaken/{scene.case.id}/vraag")
    states = [each.state for each in scene.office.store.requests_of(scene.case.id, scene.world.now)]
    assert states == ["CREATED", "CREATED", "CANCELLED"]
    assert scene.office.store.request(sent.id, scene.world.now).is_open
    assert not scene.office.store.request(shown.id, scene.world.now).is_open


def test_a_wallet_that_cannot_follow_ends_it_otherwise_than_a_no(scene):
    asked = scene.wallet.fetch(scene.ask(FACE))
    form = response.build_error("vp_formats_not_supported", asked.state)
    assert scene.wallet.post(asked, form).status_code == 200
    assert scene.report()["state"] == "FAILED"
    asked = scene.wallet.fetch(scene.ask(FACE))
    assert scene.wallet.post(asked, response.build_error("access_denied", asked.state)).json == {}
    assert scene.report()["state"] == "CANCELLED"
    assert {each["state"] for each in scene.report()["organisations"]} == {"declined"}
