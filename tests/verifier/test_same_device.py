"""Row V20: on the resident's own device the answer counts in the browser that asked, and once."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest

from tests.vckit.statements import debt
from tests.verifier.browser import text_of
from tests.verifier.world import VERIFIER_URL
from vckit.openid4vp import request
from verifier import asking, receiving
from verifier.requestbook import SAME_DEVICE, Way


class Phone:
    """A resident's browser without scripts."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path):
        return self.client.get(path, base_url=VERIFIER_URL)

    def post(self, path, page):
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        return self.client.post(path, base_url=VERIFIER_URL, data={"csrf_token": token})

    def begin(self, asked):
        """Open the question and go on; the page with the way into the wallet."""
        path = f"/vraag/{asked.id}"
        assert self.post(path, self.get(path)).location == path
        return self.get(path)

    def come_back(self, answer):
        back = urlsplit(answer.json["redirect_uri"])
        return self.get(f"{back.path}?{back.query}")


@pytest.fixture
def sent(scene):
    return scene.ask(Way(SAME_DEVICE))


@pytest.fixture
def phone(app):
    return Phone(app)


@pytest.fixture
def other(app):
    return Phone(app)


@pytest.fixture
def cards(world, wallet):
    return [wallet.card(world.boxtel, debt(1)), wallet.card(world.michielsgestel, debt(2))]


@pytest.fixture
def kept(office):
    def read():
        [row] = office.database.execute("SELECT state, result, code_digest, ending FROM requests")
        return row

    return read


@pytest.fixture
def answered(phone, sent, wallet, cards):
    """What the wallet is answered, after the question was begun in the phone's browser."""
    phone.begin(sent)
    answer = wallet.send(wallet.fetch(sent), *cards)
    assert answer.status_code == 200
    return answer


def test_the_page_tells_who_asks_and_leads_into_the_wallet(phone, sent):
    before = text_of(phone.get(f"/vraag/{sent.id}"))
    for told in ("Schuldhulp Proef", "Een overzicht van schulden maken.", "Gemeente Boxtel"):
        assert told in before
    assert sent.check_code not in before
    page = phone.begin(sent)
    assert sent.check_code in page.text
    links = [unescape(each) for each in re.findall(r'href="(openid4vp:[^"]+)"', page.text)]
    assert [request.parse_link(each).request_uri.rpartition("/")[2] for each in links] == [sent.id]


def test_V20_its_twin_the_answer_counts_once_the_browser_is_back(scene, phone, answered, sent):
    assert scene.report()["state"] == "WAITING_FOR_RESPONSE"
    assert scene.office.store.findings_of(scene.case.id) == []
    back = phone.come_back(answered)
    assert (back.status_code, back.location) == (303, f"/vraag/{sent.id}")
    assert scene.report()["state"] == "DONE"
    assert scene.report()["totals"]["outstanding"] == 2 * 42_900
    assert "U hebt gedeeld met" in text_of(phone.get(back.location))


def test_V20_in_another_browser_nothing_is_shown_and_nothing_is_kept(
    scene, phone, other, answered, kept
):
    strange = other.come_back(answered)
    assert strange.status_code == 403
    assert "Dit kunnen wij hier niet laten zien" in text_of(strange)
    assert "d'Hondt" not in strange.text
    found = kept()
    assert found == {
        "state": "FAILED", "result": None, "code_digest": None, "ending": "other_browser",
    }  # fmt: skip
    assert phone.come_back(answered).status_code == 403
    assert scene.office.store.findings_of(scene.case.id) == []
    assert scene.report()["state"] == "FAILED"


def test_V20_a_code_counts_once(scene, phone, answered):
    assert phone.come_back(answered).status_code == 303
    assert phone.come_back(answered).status_code == 403
    assert scene.report()["state"] == "DONE"


def test_V20_after_five_minutes_a_code_is_too_old(scene, phone, answered, kept):
    scene.world.clock.now += receiving.CODE_SECONDS
    assert phone.come_back(answered).status_code == 403
    assert scene.report()["state"] == "EXPIRED"
    assert kept()["result"] is None


def test_V20_just_before_it_is_good(scene, phone, answered):
    scene.world.clock.now += receiving.CODE_SECONDS - 1
    assert phone.come_back(answered).status_code == 303
    assert scene.report()["state"] == "DONE"


@pytest.mark.parametrize("code", ["", "x", "A" * 43, "a" * 4_000, "%00", "a&response_code=b"])
def test_V20_a_code_is_not_guessed(scene, phone, answered, code):
    assert phone.get(f"/vraag/terug?response_code={code}").status_code == 403
    assert phone.come_back(answered).status_code == 303
    assert scene.report()["state"] == "DONE"


def test_what_nobody_came_back_for_is_erased(scene, answered, kept):
    assert "redirect_uri" in answered.json
    assert kept()["result"] is not None
    scene.world.clock.now += receiving.CODE_SECONDS
    scene.office.store.purge(scene.world.now)
    assert kept()["result"] is None
    assert kept()["state"] == "EXPIRED"


def test_a_question_belongs_to_the_browser_that_opens_it_first(phone, other, sent):
    phone.begin(sent)
    assert other.get(f"/vraag/{sent.id}").status_code == 403
    for action in ("", "/annuleer", "/volgende", "/browser"):
        page = phone.get(f"/vraag/{sent.id}")
        assert other.post(f"/vraag/{sent.id}{action}", page).status_code == 403
    assert other.get(f"/vraag/{sent.id}/stand").status_code == 403
    assert phone.get(f"/vraag/{sent.id}/stand").json == {"state": "CREATED"}


def test_two_browsers_at_once_do_not_both_get_it(phone, other, sent):
    pages = [each.get(f"/vraag/{sent.id}") for each in (phone, other)]
    answers = [
        each.post(f"/vraag/{sent.id}", page)
        for each, page in zip((phone, other), pages, strict=True)
    ]
    assert [answer.status_code for answer in answers] == [303, 403]


def test_before_it_is_opened_nobody_fetches_it(scene, phone, sent):
    path = f"/openid4vp/requests/{sent.id}"
    assert scene.client.get(path, base_url=VERIFIER_URL).status_code == 410
    phone.begin(sent)
    assert scene.client.get(path, base_url=VERIFIER_URL).status_code == 200


def test_a_resident_who_stops_has_shared_nothing(scene, phone, sent, cards):
    page = phone.begin(sent)
    asked = scene.wallet.fetch(sent)
    phone.post(f"/vraag/{sent.id}/annuleer", page)
    assert scene.wallet.send(asked, *cards).status_code == 400
    assert "U hebt niets gedeeld" in text_of(phone.get(f"/vraag/{sent.id}"))
    assert scene.report()["state"] == "CANCELLED"


def test_a_link_that_was_sent_is_open_for_a_day_but_not_longer_than_its_case(scene, sent):
    assert sent.expires_at == scene.case.expires_at
    assert sent.expires_at > sent.created_at + scene.office.config.request.life_seconds


def test_other_questions_have_no_page_here(scene, phone):
    direct = asking.ask(scene.office, scene.case, now=scene.world.now)
    assert phone.get(f"/vraag/{direct.id}").status_code == 404
    assert phone.get("/vraag/nooit").status_code == 404


def test_the_answer_leads_where_the_question_came_from(scene, phone, cards):
    phone.get("/vraag/nooit")
    sent = asking.ask(
        scene.office,
        scene.case,
        way=Way(SAME_DEVICE, return_path="/verzamel/verder"),
        now=scene.world.now,
    )
    phone.begin(sent)
    answer = scene.wallet.send(scene.wallet.fetch(sent), *cards)
    assert phone.come_back(answer).location == "/verzamel/verder"
