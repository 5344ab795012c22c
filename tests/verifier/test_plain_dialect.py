"""The plain dialect: one question for each organisation, in one case, each may be a no."""

import re

import pytest

from tests.vckit.statements import debt
from tests.verifier.browser import text_of
from tests.verifier.world import VERIFIER_URL
from vckit import dcql, x509
from vckit.openid4vp import response
from verifier import asking, question
from verifier.requestbook import FACE_TO_FACE, SAME_DEVICE, Way

FACE = Way(FACE_TO_FACE)


@pytest.fixture
def cards(world, wallet):
    return {
        "boxtel": wallet.card(world.boxtel, debt(1)),
        "gestel": wallet.card(world.michielsgestel, debt(2), debt(3)),
    }


@pytest.fixture
def ask(scene):
    def of(place):
        return scene.ask(FACE, organisation=scene.case.organisations[place])

    return of


def test_it_names_a_list_of_claims_and_nothing_that_plain_wallets_break_on(scene, ask):
    query = ask(0).query
    assert set(query) == {"credentials"}
    [asked] = query["credentials"]
    assert set(asked) == {"id", "format", "meta", "claims", "trusted_authorities"}
    assert asked["format"] == "dc+sd-jwt"
    assert all(len(each["path"]) == 1 for each in asked["claims"])
    assert all(set(each) == {"path"} for each in asked["claims"])
    authority = x509.authority_key_identifier(scene.world.boxtel.participant.leaf)
    assert asked["trusted_authorities"] == [{"type": "aki", "values": [authority]}]
    dcql.parse(query)


def test_without_known_authorities_the_page_names_the_card(scene):
    [asked] = question.plain_query(scene.world.scheme, [])["credentials"]
    assert "trusted_authorities" not in asked


def test_one_after_the_other_make_one_overview_to_the_cent(scene, cards, ask):
    for place, name in enumerate(cards):
        asked = scene.wallet.fetch(ask(place))
        assert scene.wallet.send(asked, cards[name]).status_code == 200
    found = scene.report()
    assert found["complete"]
    assert found["totals"]["outstanding"] == 3 * 42_900
    assert set(scene.states().values()) == {"verified"}


def test_row_5_the_one_that_is_declined_is_not_shared_and_the_rest_counts(scene, cards, ask):
    assert scene.wallet.send(scene.wallet.fetch(ask(0)), cards["boxtel"]).status_code == 200
    asked = scene.wallet.fetch(ask(1))
    scene.wallet.post(asked, response.build_error("access_denied", asked.state))
    assert scene.states() == {
        "Gemeente Boxtel": "verified", "Gemeente Sint-Michielsgestel": "declined",
    }  # fmt: skip
    found = scene.report()
    assert found["totals"]["outstanding"] == 42_900
    assert not found["complete"]
    page = text_of(scene.browser.get(f"/zaken/{scene.case.id}/overzicht"))
    assert "niet gedeeld" in page
    assert "De opgave van Gemeente Sint-Michielsgestel is niet gedeeld." in page


def test_what_was_declined_may_be_shared_later(scene, cards, ask):
    asked = scene.wallet.fetch(ask(1))
    scene.wallet.post(asked, response.build_error("access_denied", asked.state))
    assert scene.states()["Gemeente Sint-Michielsgestel"] == "declined"
    assert scene.states()["Gemeente Boxtel"] == "missing"
    assert scene.wallet.send(scene.wallet.fetch(ask(1)), cards["gestel"]).status_code == 200
    assert scene.states()["Gemeente Sint-Michielsgestel"] == "verified"


def test_several_cards_are_not_an_answer_to_it(scene, cards, ask):
    asked = scene.wallet.fetch(ask(0))
    assert scene.wallet.send(asked, *cards.values()).status_code == 400
    assert scene.report()["state"] == "FAILED"


def test_a_card_of_another_organisation_counts_for_that_one_and_this_is_asked_again(
    scene, cards, ask
):
    assert scene.wallet.send(scene.wallet.fetch(ask(0)), cards["gestel"]).status_code == 200
    assert scene.states() == {
        "Gemeente Boxtel": "missing", "Gemeente Sint-Michielsgestel": "verified",
    }  # fmt: skip
    assert "Vraag nu: Gemeente Boxtel" in text_of(scene.browser.get(f"/zaken/{scene.case.id}"))


def test_the_page_leads_from_one_organisation_to_the_next(scene, cards):
    for each, card in zip(scene.case.organisations, cards.values(), strict=True):
        scene.browser.post(f"/zaken/{scene.case.id}/vraag", {"organisatie": each.oin})
        page = text_of(scene.browser.get(f"/zaken/{scene.case.id}"))
        assert f"Deze vraag gaat over {each.name}." in page
        newest = scene.office.store.requests_of(scene.case.id, scene.world.now)[0]
        assert newest.organisation == each.oin
        assert scene.wallet.send(scene.wallet.fetch(newest), card).status_code == 200
    assert "Vraag nu:" not in text_of(scene.browser.get(f"/zaken/{scene.case.id}"))
    assert scene.report()["complete"]


def test_a_nil_statement_answers_it(scene, ask):
    assert (
        scene.wallet.send(
            scene.wallet.fetch(ask(0)), scene.wallet.card(scene.world.boxtel)
        ).status_code
        == 200
    )
    assert scene.states()["Gemeente Boxtel"] == "verified"


def test_V10_a_claim_that_is_left_out_is_a_finding(scene, cards, ask):
    asked = scene.wallet.fetch(ask(0))
    nameless = cards["boxtel"].present(asked, now=scene.world.now, without=[("geslachtsnaam",)])
    assert scene.wallet.post(asked, scene.wallet.form(asked, nameless)).status_code == 200
    assert [each["reason"] for each in scene.report()["findings"]] == ["claims_missing"]
    assert scene.report()["totals"]["outstanding"] == 0


def test_on_the_residents_device_the_next_question_follows(scene, cards):
    client = scene.app.test_client()
    way = Way(SAME_DEVICE)
    first = asking.ask(
        scene.office,
        scene.case,
        way=way,
        organisation=scene.case.organisations[0],
        now=scene.world.now,
    )

    def press(action):
        page = client.get(f"/vraag/{first.id}", base_url=VERIFIER_URL)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        form = {"csrf_token": token}
        return client.post(f"/vraag/{first.id}{action}", base_url=VERIFIER_URL, data=form)

    def share(asked, card):
        answer = scene.wallet.send(scene.wallet.fetch(asked), card)
        back = answer.json["redirect_uri"].removeprefix(VERIFIER_URL)
        return client.get(back, base_url=VERIFIER_URL)

    press("")
    assert share(first, cards["boxtel"]).status_code == 303
    page = client.get(f"/vraag/{first.id}", base_url=VERIFIER_URL)
    assert "Verder met Gemeente Sint-Michielsgestel" in text_of(page)
    second = scene.office.store.request(
        press("/volgende").location.rpartition("/")[2], scene.world.now
    )
    assert second.organisation == scene.case.organisations[1].oin
    assert share(second, cards["gestel"]).status_code == 303
    assert scene.report()["complete"]
