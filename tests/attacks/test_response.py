"""Responses to a request: rows V of security.md, with statements that real issuers gave."""

import json
import time
from collections import Counter

import pytest

from holder_demo.demo.material import MUNICIPALITIES
from tests.attacks import forging
from tests.attacks.counsellor import (
    QUERY_ID,
    Counsellor,
    encrypted,
    fetch,
    post_form,
    presented,
    respond,
)
from tests.attacks.crowd import form_request, rush
from tests.attacks.exchange import post
from tests.attacks.holder import Holder, new_key
from tests.attacks.reactions import response_refused
from vckit.openid4vp import response

pytestmark = pytest.mark.services

PARALLEL = 50
BOXTEL_OIN, GESTEL_OIN = (one.oin for one in MUNICIPALITIES)


@pytest.fixture(scope="module")
def person(world):
    return world.residents[1]


@pytest.fixture(scope="module")
def cards(boxtel, gestel, person):
    """A statement of each municipality, on two keys of one wallet."""
    return [
        Holder(desk.config.base_url).card(desk.offer(person.bsn).offer.pre_authorized_code)
        for desk in (boxtel, gestel)
    ]


@pytest.fixture(scope="module")
def counsellor(world):
    return Counsellor(world)


@pytest.fixture
def case(counsellor, person):
    return counsellor.open(person)


@pytest.fixture
def refused(case, cards):
    """RSP-REJ, nothing found and the request failed; the honest response then counts."""

    def refuse(make):
        before, asked = case.found(), case.ask()
        response_refused(make(asked))
        assert case.report()["state"] == "FAILED"
        assert case.found() == before
        # What has failed stays so, whatever follows.
        response_refused(respond(asked, *presented(asked, *cards)))
        assert case.found() == before

    yield refuse
    taken(case, cards)


def taken(case, cards):
    asked = case.ask()
    answer = respond(asked, *presented(asked, *cards))
    assert (answer.status, set(answer.json())) == (200, {"redirect_uri"})
    assert len(case.report()["groups"]["verified"]) == len(cards)


def bound_otherwise(asked, cards, *, audience=None, nonce=None):
    texts = [card.present(audience or asked.client_id, nonce or asked.nonce) for card in cards]
    return respond(asked, *texts)


def test_V01_a_response_to_another_request_is_refused(counsellor, person, cards, refused):
    other = counsellor.open(person)
    first = other.ask()
    texts = presented(first, *cards)
    refused(lambda asked: respond(asked, *texts))
    # The request that it was made for is still open, and takes it.
    assert respond(first, *texts).status == 200
    assert len(other.report()["groups"]["verified"]) == len(cards)


def test_V01_one_replayed_presentation_among_honest_ones_is_refused(
    counsellor, person, cards, refused
):
    first = counsellor.open(person).ask()
    replayed = presented(first, cards[0])
    refused(lambda asked: respond(asked, *replayed, *presented(asked, cards[1])))


def test_V01_the_state_of_another_request_is_refused(counsellor, person, cards, refused):
    first = counsellor.open(person).ask()

    def with_foreign_state(asked):
        members = {"vp_token": {QUERY_ID: presented(asked, *cards)}, "state": first.state}
        return post_form(asked, encrypted(asked, members))

    refused(with_foreign_state)


def test_V01_a_response_encrypted_for_another_request_is_refused(
    counsellor, person, cards, refused
):
    first = counsellor.open(person).ask()

    def for_the_other(asked):
        form = response.build({QUERY_ID: presented(asked, *cards)}, first)
        return post_form(asked, form)

    refused(for_the_other)


def test_V02_a_response_is_taken_once(case, cards):
    asked = case.ask()
    form = response.build({QUERY_ID: presented(asked, *cards)}, asked)
    assert post_form(asked, form).status == 200
    before = case.report()
    response_refused(post_form(asked, form))
    response_refused(respond(asked, *presented(asked, *cards)))
    assert case.report() == before
    assert before["state"] == "DONE"


def test_V02_of_fifty_at_once_exactly_one_is_taken(case, cards):
    asked = case.ask()
    form = response.build({QUERY_ID: presented(asked, *cards)}, asked)
    answers = rush(asked.response_uri, [form_request(asked.response_uri, form)] * PARALLEL)
    assert Counter(status for status, _ in answers) == {200: 1, 400: PARALLEL - 1}
    refused = [json.loads(body)["error"] for status, body in answers if status == 400]
    assert set(refused) == {"invalid_request"}
    report = case.report()
    assert report["state"] == "DONE"
    assert len(report["groups"]["verified"]) == len(cards)
    assert "repeated" not in [finding["reason"] for finding in report["findings"]]


@pytest.mark.parametrize(
    "audience",
    [
        lambda _: "x509_hash:" + "A" * 43,
        lambda asked: asked.client_id.removeprefix("x509_hash:"),
        lambda asked: asked.response_uri,
        lambda asked: f"{asked.client_id} ",
        lambda asked: asked.client_id.upper(),
        lambda _: "https://self-issued.me/v2",
    ],
    ids=["another verifier", "no prefix", "response uri", "space", "upper case", "wallet"],
)
def test_V04_the_audience_is_the_full_client_id(cards, refused, audience):
    refused(lambda asked: bound_otherwise(asked, cards, audience=audience(asked)))


def test_V04_an_array_of_audiences_is_refused(cards, refused):
    def several(asked):
        texts = [in_array(card, asked) for card in cards]
        return respond(asked, *texts)

    refused(several)


def in_array(card, asked):
    text, _, binding = card.present(asked.client_id, asked.nonce).rpartition("~")
    header, payload = forging.parts(binding)
    payload["aud"] = [asked.client_id, "https://elders.example"]
    return f"{text}~{forging.signed(header, payload, card.key)}"


def test_V05_what_was_presented_to_another_verifier_is_not_relayed(cards, refused):
    other = "x509_hash:" + "B" * 43
    refused(lambda asked: bound_otherwise(asked, cards, audience=other, nonce="n-0S6_WzA2Mj"))
    refused(lambda asked: bound_otherwise(asked, cards, nonce="n-0S6_WzA2Mj"))


def test_V07_an_answer_in_the_clear_is_not_what_was_asked(cards, refused):
    def plain(asked):
        vp_token = json.dumps({QUERY_ID: presented(asked, *cards)})
        return post_form(asked, {"vp_token": vp_token, "state": asked.state})

    refused(plain)


def test_V07_a_refusal_may_come_in_the_clear(case):
    asked = case.ask()
    answer = post_form(asked, response.build_error("access_denied", asked.state))
    assert (answer.status, answer.json()) == (200, {})
    assert case.report()["state"] == "CANCELLED"


SHAPES = {
    "string": lambda texts: texts[0],
    "array": lambda texts: texts,
    "empty": lambda _: {},
    "null": lambda _: None,
    "other id": lambda texts: {"anders": texts},
    "more ids": lambda texts: {QUERY_ID: texts, "anders": texts},
    "no array": lambda texts: {QUERY_ID: texts[0]},
    "empty array": lambda _: {QUERY_ID: []},
    "nested": lambda texts: {QUERY_ID: [texts]},
    "object": lambda texts: {QUERY_ID: [*texts, {"text": texts[0]}]},
    "map": lambda texts: {QUERY_ID: dict(enumerate(texts))},
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_V08_a_vp_token_has_its_shape(cards, refused, shape):
    def shaped(asked):
        members = {"vp_token": shape(presented(asked, *cards)), "state": asked.state}
        return post_form(asked, encrypted(asked, members))

    refused(shaped)


@pytest.fixture
def alone(case):
    """The question to the first municipality alone, which takes one card."""

    def ask():
        case.press("vraag", organisatie=BOXTEL_OIN)
        return fetch(case.link())

    return ask


def test_V08_several_cards_are_no_answer_where_one_was_asked(case, cards, alone):
    asked = alone()
    response_refused(respond(asked, *presented(asked, *cards)))
    assert case.report()["state"] == "FAILED"
    assert case.report()["groups"]["verified"] == []
    asked = alone()
    assert respond(asked, *presented(asked, cards[0])).status == 200
    assert len(case.report()["groups"]["verified"]) == 1


def test_row_5_one_organisation_after_the_other_and_one_is_declined(case, cards, alone):
    asked = alone()
    assert respond(asked, *presented(asked, cards[0])).status == 200
    case.press("vraag", organisatie=GESTEL_OIN)
    asked = fetch(case.link())
    assert post_form(asked, response.build_error("access_denied", asked.state)).status == 200
    report = case.report()
    states = {one["oin"]: one["state"] for one in report["organisations"]}
    assert states == {BOXTEL_OIN: "verified", GESTEL_OIN: "declined"}
    assert report["totals"]["outstanding"] == report["groups"]["verified"][0]["outstanding"]


def test_V14_a_statement_without_its_holder_is_refused(cards, refused):
    refused(lambda asked: respond(asked, *[card.text for card in cards]))


def test_V14_beside_an_honest_one_it_is_told_and_counts_nothing(case, cards):
    asked = case.ask()
    assert respond(asked, cards[0].text, *presented(asked, cards[1])).status == 200
    assert case.reasons() == ["holder_binding_failed"]
    report = case.report()
    assert [one["organisation"] for one in report["groups"]["verified"]] == [
        "Gemeente Sint-Michielsgestel"
    ]
    assert report["totals"]["outstanding"] == report["groups"]["verified"][0]["outstanding"]
    taken(case, cards)


def test_V16_another_holder_presents_nothing(cards, refused):
    thief = new_key()

    def stolen(asked):
        texts = [card.present(asked.client_id, asked.nonce, signer=thief) for card in cards]
        return respond(asked, *texts)

    refused(stolen)


def test_V16_two_holders_each_present_their_own(cards, refused):
    swapped = [(cards[0], cards[1].key), (cards[1], cards[0].key)]

    def exchanged(asked):
        texts = [card.present(asked.client_id, asked.nonce, signer=key) for card, key in swapped]
        return respond(asked, *texts)

    refused(exchanged)


@pytest.mark.parametrize("shift", [-31_536_000, -400, 120, 31_536_000])
def test_V26_the_holder_binds_now(cards, refused, shift):
    moment = int(time.time()) + shift

    def at_another_moment(asked):
        texts = [card.present(asked.client_id, asked.nonce, at=moment) for card in cards]
        return respond(asked, *texts)

    refused(at_another_moment)


@pytest.mark.parametrize("shift", [-240, 30])
def test_V26_clocks_may_differ_a_little(case, cards, shift):
    asked = case.ask()
    moment = int(time.time()) + shift
    texts = [card.present(asked.client_id, asked.nonce, at=moment) for card in cards]
    assert respond(asked, *texts).status == 200
    assert len(case.report()["groups"]["verified"]) == len(cards)


def test_the_form_of_a_response_is_strict(cards, refused):
    def twice(asked):
        form = response.build({QUERY_ID: presented(asked, *cards)}, asked)
        return post_form(asked, [*form.items(), *form.items()])

    def in_query(asked):
        form = response.build({QUERY_ID: presented(asked, *cards)}, asked)
        return post(asked.response_uri, params={"state": asked.state}, data=form)

    refused(twice)
    refused(in_query)
    refused(lambda asked: post(asked.response_uri, json={"vp_token": {}}))
    refused(lambda asked: post(asked.response_uri, data={}))
