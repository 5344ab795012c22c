"""The token endpoint: rows G of security.md over the real app and store."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from issuer.offers import LIFE_SECONDS
from tests.issuer.town import ANNA, BRAM
from tests.issuer.wallet import Wallet, error


def wrong(transaction_code, distance=1):
    return f"{(int(transaction_code) + distance) % 1_000_000:06d}"


def test_a_code_gives_a_bearer_token_that_no_cache_keeps(wallet, code):
    answer = wallet.redeem(code)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["token_type"].lower() == "bearer"
    assert answer.json["expires_in"] == 300


def test_G01_a_code_is_redeemed_once_and_its_replay_ends_the_unused_token(wallet, code):
    token = wallet.token(code)
    assert error(wallet.redeem(code)) == "invalid_grant"
    answer = wallet.ask(token)
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_token")


def test_G01_a_replay_after_issuance_leaves_the_token_alone(wallet, code):
    token = wallet.token(code)
    assert wallet.ask(token).status_code == 200
    assert error(wallet.redeem(code)) == "invalid_grant"
    assert wallet.ask(token).status_code == 200


def test_G02_simultaneous_redemptions_over_two_workers_give_one_token_a_code(town, offer):
    workers = [town.app(), town.app()]
    codes = [offer().offer.pre_authorized_code for _ in range(5)]

    def redeem(attempt):
        worker, code = attempt
        return code, Wallet(town, worker.test_client()).redeem(code).status_code

    attempts = [(workers[turn % 2], code) for code in codes for turn in range(20)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(redeem, attempts))
    for code in codes:
        statuses = sorted(status for asked, status in answers if asked == code)
        assert statuses == [200] + [400] * 19
    [row] = town.stored().database.execute("SELECT count(*) AS made FROM grants")
    assert row["made"] == 5


@pytest.mark.parametrize(("late", "status"), [(-1, 200), (0, 400)])
def test_G04_a_code_ends_with_its_life(town, wallet, code, late, status):
    town.clock.now += LIFE_SECONDS["desk"] + late
    answer = wallet.redeem(code)
    assert answer.status_code == status
    if status == 400:
        assert error(answer) == "invalid_grant"


def test_G05_a_transaction_code_is_sent_exactly_where_it_is_asked(wallet, offer):
    coded, plain = offer(with_code=True), offer()
    assert error(wallet.redeem(coded.offer.pre_authorized_code)) == "invalid_request"
    assert error(wallet.redeem(plain.offer.pre_authorized_code, tx_code="1")) == "invalid_request"
    right = wallet.redeem(coded.offer.pre_authorized_code, tx_code=coded.transaction_code)
    assert right.status_code == 200
    assert wallet.redeem(plain.offer.pre_authorized_code).status_code == 200


def test_G07_five_wrong_transaction_codes_void_the_code_for_ever(wallet, offer):
    made = offer(with_code=True)
    code = made.offer.pre_authorized_code
    for distance in range(1, 6):
        guess = wrong(made.transaction_code, distance)
        assert error(wallet.redeem(code, tx_code=guess)) == "invalid_grant"
    assert error(wallet.redeem(code, tx_code=made.transaction_code)) == "invalid_grant"
    assert wallet.client.get(made.uri.removeprefix("http://localhost")).status_code == 404


def test_G07_the_right_transaction_code_at_the_fifth_attempt_holds(wallet, offer):
    made = offer(with_code=True)
    code = made.offer.pre_authorized_code
    for distance in range(1, 5):
        wallet.redeem(code, tx_code=wrong(made.transaction_code, distance))
    assert wallet.redeem(code, tx_code=made.transaction_code).status_code == 200


def test_G08_parallel_guesses_are_compared_five_times_at_most(town, offer):
    made = offer(with_code=True)
    workers = [town.app(), town.app()]

    def guess(turn):
        return Wallet(town, workers[turn % 2].test_client()).redeem(
            made.offer.pre_authorized_code, tx_code=wrong(made.transaction_code, turn + 1)
        )

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(guess, range(60)))
    assert {error(answer) for answer in answers} == {"invalid_grant"}
    [row] = town.stored().database.execute("SELECT attempts FROM offers")
    assert row["attempts"] == 5


def test_G08_the_attempt_is_on_disk_before_the_comparison(town, offer, monkeypatch):
    made = offer(with_code=True)
    wallet = Wallet(town, town.app().test_client())
    seen = []

    def compare(_expected, _given):
        [row] = town.stored().database.execute("SELECT attempts FROM offers")
        seen.append(row["attempts"])
        return False

    monkeypatch.setattr("issuer.offers.hmac.compare_digest", compare)
    wallet.redeem(made.offer.pre_authorized_code, tx_code="000000")
    assert seen == [1]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda code: "".join(chr(0xFF10 + int(digit)) for digit in code),
        lambda code: f" {code}",
        lambda code: code.lstrip("0") + "0",
        lambda code: f"{code}.0",
        lambda code: code * 10_000,
    ],
)
def test_G10_a_transaction_code_is_compared_as_text(wallet, offer, spoil):
    made = offer(with_code=True)
    answer = wallet.redeem(made.offer.pre_authorized_code, tx_code=spoil(made.transaction_code))
    assert answer.status_code in {400, 413}
    assert answer.json["error"] in {"invalid_grant", "invalid_request"}
    right = wallet.redeem(made.offer.pre_authorized_code, tx_code=made.transaction_code)
    assert right.status_code == 200


def test_G11_parameters_are_one_form_each_once(wallet, code):
    grant = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
    form = f"grant_type={grant}&pre-authorized_code={code}"
    kind = "application/x-www-form-urlencoded"
    for body in (f"{form}&pre-authorized_code={code}", f"grant_type={grant}&{form}"):
        assert error(wallet.client.post("/token", data=body, content_type=kind)) == (
            "invalid_request"
        )
    assert error(wallet.client.post(f"/token?{form}")) == "invalid_request"
    asked = {"grant_type": grant, "pre-authorized_code": code}
    assert error(wallet.client.post("/token", json=asked)) == "invalid_request"
    assert wallet.client.post("/token", data=form, content_type=kind).status_code == 200


def test_G14_a_token_gives_the_statement_of_its_own_offer_only(wallet, offer):
    mine = wallet.receive(offer(BRAM).offer.pre_authorized_code)
    claims = wallet.verify(mine).claims
    assert (claims["geslachtsnaam"], claims["totaal_openstaand"]) == (BRAM.family_name, 7550)


def test_G16_looking_at_an_offer_does_not_use_it_up(wallet, offer):
    made = offer()
    path = made.uri.removeprefix("http://localhost")
    answers = [wallet.client.get(path) for _ in range(50)]
    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].json == made.offer.to_json()
    assert wallet.redeem(made.offer.pre_authorized_code).status_code == 200
    assert wallet.client.get(path).status_code == 404


def test_an_unknown_grant_type_is_told_so(wallet):
    answer = wallet.client.post("/token", data={"grant_type": "password"})
    assert error(answer) == "unsupported_grant_type"


def test_nothing_in_the_database_is_a_code_token_or_reference(town, wallet, offer):
    made = offer(with_code=True)
    token = wallet.redeem(made.offer.pre_authorized_code, tx_code=made.transaction_code).json[
        "access_token"
    ]
    database = town.stored().database
    rows = str(database.execute("SELECT * FROM offers LEFT JOIN grants USING (offer_id)"))
    for secret in (token, made.offer.pre_authorized_code, made.uri.rsplit("/", 1)[1]):
        assert secret not in rows
    assert f"'{made.transaction_code}'" not in rows
    assert ANNA.family_name in rows  # needed until the token ends, in an encrypted file
