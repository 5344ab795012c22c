"""The token endpoint: rows G of security.md, each beside the redemption that holds."""

import pytest

from tests.attacks.exchange import post, refusal, send
from tests.attacks.holder import Holder, credential_of
from tests.attacks.reactions import resource_refused, token_refused

pytestmark = pytest.mark.services


@pytest.fixture
def bsn(world):
    return world.residents[20].bsn


@pytest.fixture
def wallet(boxtel):
    return Holder(boxtel.config.base_url)


def code_of(made):
    return made.offer.pre_authorized_code


def test_G01_a_code_is_redeemed_once(boxtel, wallet, bsn):
    code = code_of(boxtel.offer(bsn))
    assert wallet.redeem(code).status == 200
    token_refused(wallet.redeem(code), "invalid_grant")
    assert boxtel.grants(code) == 1


def test_G01_a_code_that_comes_back_ends_its_unused_token(boxtel, wallet, bsn):
    code = code_of(boxtel.offer(bsn))
    access_token = wallet.access_token(code)
    token_refused(wallet.redeem(code), "invalid_grant")
    before = boxtel.books()
    resource_refused(wallet.fetch(access_token, wallet.proof()), "invalid_token")
    assert boxtel.books() == before


def test_G01_a_token_that_was_used_stays_the_wallets(boxtel, wallet, bsn):
    code = code_of(boxtel.offer(bsn))
    access_token = wallet.access_token(code)
    first = credential_of(wallet.fetch(access_token, wallet.proof()))
    token_refused(wallet.redeem(code), "invalid_grant")
    assert credential_of(wallet.fetch(access_token, wallet.proof())) == first


@pytest.mark.parametrize("code", ["invented-code-0123456789", "x" * 20_000])
def test_G01_a_code_of_nobody_is_refused(wallet, code):
    token_refused(wallet.redeem(code), "invalid_grant")


def test_G05_a_transaction_code_is_there_exactly_when_it_is_needed(boxtel, wallet, bsn):
    with_code, without = boxtel.offer(bsn, with_code=True), boxtel.offer(bsn)
    token_refused(wallet.redeem(code_of(with_code)), "invalid_request")
    token_refused(wallet.redeem(code_of(without), "123456"), "invalid_request")
    assert boxtel.offer_row(code_of(with_code)) == {"state": "open", "attempts": 0}
    assert wallet.redeem(code_of(with_code), with_code.transaction_code).status == 200
    assert wallet.redeem(code_of(without)).status == 200


def wrong_codes(right):
    return [f"{(int(right) + step) % 1_000_000:06d}" for step in range(1, 6)]


def test_G07_five_wrong_transaction_codes_end_the_offer(boxtel, wallet, bsn):
    made = boxtel.offer(bsn, with_code=True)
    for guess in wrong_codes(made.transaction_code):
        token_refused(wallet.redeem(code_of(made), guess), "invalid_grant")
    for _ in range(3):
        token_refused(wallet.redeem(code_of(made), made.transaction_code), "invalid_grant")
    assert boxtel.offer_row(code_of(made))["attempts"] == 5
    assert boxtel.grants(code_of(made)) == 0
    assert refusal(send("GET", made.uri), 404) == {"error": "not_found"}


def test_G07_after_four_wrong_codes_the_right_one_still_holds(boxtel, wallet, bsn):
    made = boxtel.offer(bsn, with_code=True)
    for guess in wrong_codes(made.transaction_code)[:4]:
        token_refused(wallet.redeem(code_of(made), guess), "invalid_grant")
    assert wallet.redeem(code_of(made), made.transaction_code).status == 200


def rewritten(right):
    return {
        "full-width digits": right.translate({48 + one: 0xFF10 + one for one in range(10)}),
        "space before": f" {right}",
        "space after": f"{right} ",
        "without its zeros": str(int(right)) if right[0] == "0" else f"0{right}",
        "as a float": f"{right}.0",
        "signed": f"+{right}",
    }


@pytest.mark.parametrize("how", rewritten("012345"))
def test_G10_a_transaction_code_is_a_string_and_no_number(boxtel, wallet, bsn, how):
    made = boxtel.offer(bsn, with_code=True)
    answer = wallet.redeem(code_of(made), rewritten(made.transaction_code)[how])
    token_refused(answer, "invalid_grant")
    assert wallet.redeem(code_of(made), made.transaction_code).status == 200


def test_G10_a_transaction_code_of_a_megabyte_is_not_read(boxtel, wallet, bsn):
    made = boxtel.offer(bsn, with_code=True)
    refusal(wallet.redeem(code_of(made), "1" * 1_048_576), 413)
    token_refused(wallet.redeem(code_of(made), "1" * 10_000), "invalid_request")
    assert boxtel.offer_row(code_of(made))["attempts"] == 0


GRANT = ("grant_type", "urn:ietf:params:oauth:grant-type:pre-authorized_code")


@pytest.mark.parametrize(
    "polluted",
    [
        lambda code: {"data": [GRANT, ("pre-authorized_code", code), ("pre-authorized_code", "x")]},
        lambda code: {"data": [GRANT, GRANT, ("pre-authorized_code", code)]},
        lambda code: {"params": [GRANT, ("pre-authorized_code", code)]},
        lambda code: {"params": [GRANT], "data": [("pre-authorized_code", code)]},
        lambda code: {"json": dict([GRANT, ("pre-authorized_code", code)])},
        lambda code: {"data": [("pre-authorized_code", code)]},
        lambda code: {"data": [GRANT, ("code", code)]},
    ],
    ids=["code twice", "grant twice", "query", "half in query", "json", "no grant", "no code"],
)
def test_G11_parameters_come_once_and_in_a_form(boxtel, wallet, bsn, polluted):
    code = code_of(boxtel.offer(bsn))
    url = f"{wallet.issuer}/token"
    token_refused(post(url, **polluted(code)), "invalid_request")
    assert boxtel.offer_row(code)["state"] == "open"
    assert wallet.redeem(code).status == 200


def test_G11_another_grant_is_not_known(wallet):
    given = {"grant_type": "authorization_code", "code": "0123456789"}
    token_refused(post(f"{wallet.issuer}/token", data=given), "unsupported_grant_type")


def test_G13_details_that_were_never_published_are_refused(boxtel, wallet, bsn):
    code = code_of(boxtel.offer(bsn))
    details = '[{"type":"openid_credential","credential_configuration_id":"anders"}]'
    answer = wallet.redeem(code, authorization_details=details)
    token_refused(answer, "invalid_authorization_details")
    assert wallet.redeem(code).status == 200


def test_G14_a_token_of_one_municipality_is_nothing_at_another(boxtel, gestel, wallet, bsn):
    access_token = wallet.access_token(code_of(boxtel.offer(bsn)))
    there = Holder(gestel.config.base_url)
    before = gestel.books()
    resource_refused(there.fetch(access_token, there.proof()), "invalid_token")
    assert gestel.books() == before
    credential_of(wallet.fetch(access_token, wallet.proof()))


def test_G16_looking_at_an_offer_does_not_use_it_up(boxtel, wallet, bsn):
    made = boxtel.offer(bsn)
    looked = [send("GET", made.uri) for _ in range(50)]
    assert {(one.status, one.body) for one in looked} == {(200, looked[0].body)}
    assert wallet.redeem(code_of(made)).status == 200
