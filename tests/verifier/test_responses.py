"""The way from a request to a result, over HTTP, with every way in which it must fail."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.vckit.statements import debt
from tests.verifier.wallet import begin
from vckit import sd_jwt
from vckit.keys import PrivateKey
from verifier import create_app
from verifier.casework import case_report
from verifier.wording import DUTCH


@pytest.fixture
def cards(world, wallet):
    """A statement of each municipality, 429.00 and 858.00."""
    return [
        wallet.card(world.boxtel, debt(1)),
        wallet.card(world.michielsgestel, debt(2), debt(3)),
    ]


def result(office, world, case):
    return case_report(office, case, world.now, DUTCH)


def state(office, world, case):
    return result(office, world, case)["state"]


def assert_rejected(answer):
    """RSP-REJ of security.md."""
    assert answer.status_code == 400
    assert answer.json["error"] == "invalid_request"
    assert "redirect_uri" not in answer.json
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("mode", ["direct_post", "direct_post.jwt"])
def test_statements_of_both_organisations_become_a_complete_overview(
    office, world, wallet, cards, mode
):
    case, started = begin(office, world, response_mode=mode)
    assert state(office, world, case) == "CREATED"
    asked = wallet.fetch(started, wallet_nonce="een-nonce-van-de-wallet")
    assert state(office, world, case) == "WAITING_FOR_RESPONSE"
    answer = wallet.send(asked, *cards)
    assert (answer.status_code, answer.json) == (200, {})
    found = result(office, world, case)
    assert found["state"] == "DONE"
    assert found["complete"]
    assert found["totals"]["outstanding"] == 3 * 42_900
    assert [each["state"] for each in found["organisations"]] == ["verified", "verified"]
    assert found["findings"] == []


def test_a_request_by_value_is_answered_too_in_the_demo(office, world, wallet, cards):
    demo = replace(office, config=office.config.model_copy(update={"demo": True}))
    case, started = begin(demo, world, prefix="redirect_uri", response_mode="direct_post")
    from verifier.asking import link

    asked = wallet.fetch(started, link=link(demo, started, world.now))
    assert asked.organisation is None
    assert wallet.send(asked, *cards).status_code == 200
    assert result(office, world, case)["complete"]


def test_unsigned_requests_are_for_the_demo_only(office, world):
    from vckit.errors import ConfigurationError

    with pytest.raises(ConfigurationError, match="demo"):
        begin(office, world, prefix="redirect_uri")


def test_V01_a_response_to_another_session_is_refused(office, world, wallet, cards):
    first_case, first = begin(office, world)
    second_case, second = begin(office, world)
    first_asked, second_asked = wallet.fetch(first), wallet.fetch(second)
    texts = [card.present(first_asked, now=world.now) for card in cards]
    assert_rejected(wallet.post(second_asked, wallet.form(second_asked, *texts)))
    assert state(office, world, second_case) == "FAILED"
    assert office.store.findings_of(second_case.id) == []
    assert state(office, world, first_case) == "WAITING_FOR_RESPONSE"
    assert wallet.send(first_asked, *cards).status_code == 200


def test_V02_the_same_response_50_times_at_once_counts_once(office, world, wallet, cards):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    form = wallet.form(asked, *(card.present(asked, now=world.now) for card in cards))
    apps = [create_app(world.config, clock=world.clock, fetcher=world.network) for _ in range(2)]

    def send(number):
        return wallet.__class__(world, apps[number % 2].test_client()).post(asked, form)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] + 49 * [400]
    for answer in answers:
        if answer.status_code == 400:
            assert_rejected(answer)
    rows = office.database.execute("SELECT count(*) AS n FROM requests WHERE result IS NOT NULL")
    assert rows[0]["n"] == 1
    assert len(office.store.findings_of(case.id)) == 2
    assert result(office, world, case)["totals"]["outstanding"] == 3 * 42_900


def test_V02_the_same_response_later_is_refused_and_changes_nothing(office, world, wallet, cards):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    form = wallet.form(asked, *(card.present(asked, now=world.now) for card in cards))
    assert wallet.post(asked, form).status_code == 200
    before = result(office, world, case)
    assert_rejected(wallet.post(asked, form))
    assert result(office, world, case) == before


@pytest.mark.parametrize(
    "audience",
    [
        lambda _asked: "x509_hash:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        lambda asked: asked.client_id.removeprefix("x509_hash:"),
        lambda asked: asked.response_uri,
        lambda asked: [asked.client_id, "x509_hash:ander"],
    ],
    ids=["other verifier", "without prefix", "response_uri", "array"],
)
def test_V04_another_audience_is_refused(office, world, wallet, cards, audience):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    assert_rejected(wallet.send(asked, cards[0], audience=audience(asked)))
    assert state(office, world, case) == "FAILED"


def test_V05_what_was_made_for_another_verifier_cannot_be_relayed(office, world, wallet, cards):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    relayed = cards[0].present(asked, now=world.now, audience="x509_hash:nieuwsgierig")
    good = cards[1].present(asked, now=world.now)
    assert_rejected(wallet.post(asked, wallet.form(asked, relayed, good)))
    assert office.store.findings_of(case.id) == []


def test_V07_an_answer_in_the_clear_is_refused_where_encryption_was_asked(
    office, world, wallet, cards
):
    case, started = begin(office, world, response_mode="direct_post.jwt")
    asked = wallet.fetch(started)
    plain = replace(asked, response_mode="direct_post")
    texts = [card.present(asked, now=world.now) for card in cards]
    assert_rejected(wallet.post(asked, wallet.form(plain, *texts)))
    assert state(office, world, case) == "FAILED"


@pytest.mark.parametrize("mode", ["direct_post", "direct_post.jwt"])
def test_K06_a_refusal_in_the_clear_is_taken_in_every_mode(office, world, wallet, mode):
    case, started = begin(office, world, response_mode=mode)
    asked = wallet.fetch(started)
    answer = wallet.post(asked, {"error": "access_denied", "state": asked.state})
    assert answer.status_code == 200
    assert state(office, world, case) == "CANCELLED"
    assert_rejected(wallet.post(asked, {"error": "access_denied"}))


def test_a_refusal_with_another_state_is_not_a_refusal(office, world, wallet):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    assert_rejected(wallet.post(asked, {"error": "access_denied", "state": "een-andere"}))
    assert state(office, world, case) == "FAILED"


@pytest.mark.parametrize(
    "vp_token",
    [
        '"tekst"',
        "[]",
        "{}",
        '{"iets_anders": ["a~"]}',
        '{"schuldenopgave_sd_jwt": "a~"}',
        '{"schuldenopgave_sd_jwt": []}',
        '{"schuldenopgave_sd_jwt": [1]}',
        '{"schuldenopgave_sd_jwt": ["a~"], "schuldenopgave_sd_jwt": ["b~"]}',
        "{",
    ],
)
def test_V08_a_token_of_another_shape_is_refused(office, world, wallet, vp_token):
    case, started = begin(office, world, response_mode="direct_post")
    asked = wallet.fetch(started)
    assert_rejected(wallet.post(asked, {"vp_token": vp_token, "state": asked.state}))
    assert state(office, world, case) == "FAILED"


def test_V10_a_card_of_another_type_is_a_finding(office, world, wallet, cards):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    other = wallet.card(world.boxtel, debt(1), members={"vct": "urn:eudi:pid:1"})
    assert wallet.send(asked, other, cards[1]).status_code == 200
    found = result(office, world, case)
    assert [each["reason"] for each in found["findings"]] == ["not_requested"]
    assert found["totals"]["outstanding"] == 2 * 42_900
    assert not found["complete"]


def test_V10_a_required_claim_that_is_left_out_is_a_finding(office, world, wallet, cards):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    nameless = cards[0].present(asked, now=world.now, without=[("geslachtsnaam",)])
    good = cards[1].present(asked, now=world.now)
    assert wallet.post(asked, wallet.form(asked, nameless, good)).status_code == 200
    found = result(office, world, case)
    assert [each["reason"] for each in found["findings"]] == ["claims_missing"]
    assert found["totals"]["outstanding"] == 2 * 42_900


def test_V11_what_was_not_asked_is_dropped_before_anything_is_kept(office, world, wallet):
    _case, started = begin(office, world)
    asked = wallet.fetch(started)
    card = wallet.card(world.boxtel, debt(1, inlichtingenplicht=True, iban="NL02ABNA0123456789"))
    assert wallet.send(asked, card, bsn=True).status_code == 200
    rows = office.database.execute("SELECT result FROM requests")
    kept = rows[0]["result"]
    assert "d'Hondt" in kept
    for dropped in ("999291415", "inlichtingenplicht", "NL02ABNA0123456789", "zout"):
        assert dropped not in kept


def test_V14_a_stripped_holder_binding_is_refused(office, world, wallet, cards):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    stripped = sd_jwt.parse(cards[0].present(asked, now=world.now)).bound_text
    assert_rejected(wallet.post(asked, wallet.form(asked, stripped)))
    assert state(office, world, case) == "FAILED"


def test_V14_next_to_a_good_one_it_is_a_finding(office, world, wallet, cards):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    stripped = sd_jwt.parse(cards[0].present(asked, now=world.now)).bound_text
    good = cards[1].present(asked, now=world.now)
    assert wallet.post(asked, wallet.form(asked, stripped, good)).status_code == 200
    found = result(office, world, case)
    assert [each["reason"] for each in found["findings"]] == ["holder_binding_failed"]
    assert found["totals"]["outstanding"] == 2 * 42_900
    assert not found["complete"]


def test_V16_a_card_of_another_holder_is_refused(office, world, wallet, cards):
    _case, started = begin(office, world)
    asked = wallet.fetch(started)
    thief = PrivateKey.generate("ES256")
    assert_rejected(wallet.send(asked, cards[0], signer=thief))


def test_V22_the_request_can_be_fetched_again_until_it_is_answered(office, world, wallet, cards):
    _case, started = begin(office, world)
    first, second = wallet.fetch(started), wallet.fetch(started, wallet_nonce="nog-een")
    assert (first.nonce, first.state) == (second.nonce, second.state)
    assert first.response_uri == second.response_uri
    assert wallet.send(second, *cards).status_code == 200


def test_V23_the_request_is_gone_after_the_answer(office, world, wallet, client, cards):
    _case, started = begin(office, world)
    wallet.send(wallet.fetch(started), *cards)
    gone = client.get(f"/openid4vp/requests/{started.id}", base_url=world.config.base_url)
    assert gone.status_code == 410
    unknown = client.get("/openid4vp/requests/nooit", base_url=world.config.base_url)
    assert unknown.status_code == 404


def test_V23_the_request_is_gone_when_its_time_is_over(office, world, wallet, client, cards):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    world.clock.now += 901
    gone = client.get(f"/openid4vp/requests/{started.id}", base_url=world.config.base_url)
    assert gone.status_code == 410
    assert_rejected(wallet.send(asked, *cards))
    assert state(office, world, case) == "EXPIRED"


def test_V25_the_request_object_is_signed_for_five_minutes_at_most(office, world, client):
    from vckit import jose

    _case, started = begin(office, world)
    answer = client.get(f"/openid4vp/requests/{started.id}", base_url=world.config.base_url)
    claims = jose.parse(answer.text).claims()
    assert claims["exp"] - claims["iat"] <= 300
    assert claims["aud"] == "https://self-issued.me/v2"
    assert "redirect_uri" not in claims


@pytest.mark.parametrize("shift", [-365 * 86_400, 365 * 86_400], ids=["last year", "next year"])
def test_V26_a_binding_of_another_time_is_refused(office, world, wallet, cards, shift):
    _case, started = begin(office, world)
    asked = wallet.fetch(started)
    text = cards[0].present(asked, now=world.now + shift)
    assert_rejected(wallet.post(asked, wallet.form(asked, text)))


def test_V28_the_hundred_and_first_presentation_is_not_read_and_said_so(office, world, wallet):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    card = wallet.card(world.boxtel)
    other = wallet.card(world.michielsgestel)
    texts = [each.present(asked, now=world.now) for each in (card, other)]
    many = [texts[0], texts[1]] + 99 * [texts[0]]
    assert wallet.post(asked, wallet.form(asked, *many)).status_code == 200
    found = result(office, world, case)
    assert [each["reason"] for each in found["findings"]] == ["repeated", "policy_limit"]
    assert not found["complete"]


def test_V28_a_hundred_presentations_are_read(office, world, wallet):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    card, other = wallet.card(world.boxtel), wallet.card(world.michielsgestel)
    texts = [each.present(asked, now=world.now) for each in (card, other)]
    assert wallet.post(asked, wallet.form(asked, *(50 * texts))).status_code == 200
    found = result(office, world, case)
    assert {each["reason"] for each in found["findings"]} == {"repeated"}
    assert found["complete"]


def test_a_response_to_nobody_is_refused(world, client):
    answer = client.post(
        "/openid4vp/responses/nooit", base_url=world.config.base_url, data={"error": "x"}
    )
    assert_rejected(answer)


def test_a_response_as_json_or_with_a_repeated_parameter_is_refused(office, world, client):
    for given in (
        {"json": {"vp_token": {}}},
        {
            "data": "error=access_denied&error=access_denied",
            "content_type": "application/x-www-form-urlencoded",
        },
    ):
        case, started = begin(office, world)
        path = f"/openid4vp/responses/{started.id}"
        assert_rejected(client.post(path, base_url=world.config.base_url, **given))
        assert state(office, world, case) == "FAILED"


def test_a_body_of_more_than_8_mib_is_too_large(office, world, client):
    _case, started = begin(office, world)
    answer = client.post(
        f"/openid4vp/responses/{started.id}",
        base_url=world.config.base_url,
        data={"vp_token": "a" * (8 * 1024 * 1024)},
    )
    assert answer.status_code == 413


def test_closing_erases_what_only_an_open_request_needs(office, world, wallet, cards):
    case, started = begin(office, world)
    wallet.send(wallet.fetch(started), *cards)
    [closed] = office.store.requests_of(case.id, world.now)
    assert (closed.nonce, closed.response_key, closed.response_state) == (None, None, None)


def test_raw_presentations_are_never_kept(office, world, wallet, cards):
    _case, started = begin(office, world)
    wallet.send(wallet.fetch(started), *cards)
    [row] = office.database.execute("SELECT result FROM requests")
    for card in cards:
        jwt = sd_jwt.parse(card.text).issuer_jwt
        assert jwt not in row["result"]
        assert jwt.rpartition(".")[2] not in row["result"]


def test_there_is_no_cors_for_strangers(office, world, client):
    """Row V38, the protocol half."""
    _case, started = begin(office, world)
    answer = client.options(
        f"/openid4vp/responses/{started.id}",
        base_url=world.config.base_url,
        headers={"Origin": "https://vreemd.example"},
    )
    assert "Access-Control-Allow-Origin" not in answer.headers
