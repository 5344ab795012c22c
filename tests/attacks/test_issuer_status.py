"""Status lists as our own issuer publishes them: rows L about indexes, and a withdrawal's way."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from tests.attacks import forging
from tests.attacks.counsellor import Counsellor, presented, respond
from tests.attacks.exchange import refusal, send
from tests.attacks.holder import Card, Holder, credential_of, new_key
from vckit.status import token_status_list

pytestmark = pytest.mark.services

PARALLEL = 24


@pytest.fixture(scope="module")
def counsellor(world):
    return Counsellor(world)


def claims_of(text):
    return forging.parts(text.split("~", 1)[0])[1]


def index_of(text):
    return claims_of(text)["status"]["status_list"]["idx"]


def issued(desk, bsn, keys=1):
    """Credentials of one answer, each for a key of its own."""
    wallet = Holder(desk.config.base_url)
    access_token = wallet.access_token(desk.offer(bsn).offer.pre_authorized_code)
    nonce, holders = wallet.nonce(), [Holder(wallet.issuer, new_key()) for _ in range(keys)]
    answer = wallet.fetch(access_token, *[one.proof(nonce=nonce) for one in holders])
    assert answer.status == 200, answer.body
    texts = [one["credential"] for one in answer.json()["credentials"]]
    return [Card(text, one.key) for text, one in zip(texts, holders, strict=True)]


def test_L01_what_the_desk_revokes_counts_nothing_from_then_on(world, boxtel, gestel, counsellor):
    person = world.residents[34]
    before = boxtel.records_of(person.bsn)
    [revoked], [kept] = issued(boxtel, person.bsn), issued(gestel, person.bsn)
    case = counsellor.open(person)
    asked = case.ask()
    assert respond(asked, *presented(asked, revoked, kept)).status == 200
    assert len(case.report()["groups"]["verified"]) == 2
    [record] = set(boxtel.records_of(person.bsn)) - set(before)
    assert world.issuer_json("boxtel", "revoke", record)["revoked"] == [record]
    again = counsellor.open(person)
    asked = again.ask()
    assert respond(asked, *presented(asked, revoked, kept)).status == 200
    report = again.report()
    assert [one["reason"] for one in report["groups"]["withdrawn"]] == ["revoked"]
    assert [one["oin"] for one in report["groups"]["verified"]] == [gestel.config.organisation.oin]
    total = report["groups"]["verified"][0]["outstanding"]
    assert report["totals"]["outstanding"] == total


def test_L20_no_two_credentials_share_an_index(world, boxtel):
    def one(number):
        return issued(boxtel, world.residents[number % 40].bsn)[0].text

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(one, range(PARALLEL)))
    assert len({index_of(text) for text in texts}) == PARALLEL
    assert len({claims_of(text)["vernieuwing_index"] for text in texts}) == PARALLEL


def test_L23_a_batch_tells_by_its_indexes_nothing(world, boxtel):
    indexes = [index_of(card.text) for card in issued(boxtel, world.residents[35].bsn, keys=10)]
    # Neighbours at random: two of ten in 131,072 once in some 1,500 batches; a row of three never.
    in_order = sorted(indexes)
    steps = [later - earlier for earlier, later in pairwise(in_order)]
    assert indexes != in_order
    assert steps.count(1) <= 1


def test_a_batch_shares_nothing_but_what_it_says(world, boxtel):
    """security.md "Unlinkability": keys, salts, digests, signatures and indexes all differ."""
    cards = issued(boxtel, world.residents[0].bsn, keys=3)
    parts = [card.text.split("~") for card in cards]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert not set(parts[one][:-1]) & set(parts[other][:-1])
        first, second = claims_of(cards[one].text), claims_of(cards[other].text)
        equal = {name for name in first if first[name] == second.get(name)}
        assert not equal & {"cnf", "_sd", "status", "vordering_digests", "vernieuwing_index"}
        assert first["iat"] == second["iat"]
        assert first["exp"] == second["exp"]


def test_L22_only_the_list_of_now_is_given(world, boxtel):
    uri = claims_of(issued(boxtel, world.residents[35].bsn)[0].text)["status"]["status_list"]["uri"]
    answer = send("GET", uri)
    assert answer.status == 200
    assert answer.media_type == token_status_list.MEDIA_TYPE
    assert "Set-Cookie" not in answer.headers
    assert send("GET", uri, params={"time": "1"}).status in {404, 501}
    refusal(send("GET", uri[:-3] + "zzz"), 404)
    refusal(send("POST", uri), 405)
    listed = forging.parts(answer.body.decode())[1]["status_list"]
    lst = token_status_list.from_lst(listed["bits"], listed["lst"])
    assert lst.size >= token_status_list.MINIMUM_ENTRIES


def test_P25_a_token_gives_nothing_after_a_withdrawal(world, boxtel):
    person = world.residents[36]
    wallet = Holder(boxtel.config.base_url)
    access_token = wallet.access_token(boxtel.offer(person.bsn).offer.pre_authorized_code)
    credential_of(wallet.fetch(access_token, wallet.proof()))
    [record] = boxtel.records_of(person.bsn)[:1]
    assert world.issuer_json("boxtel", "revoke", record)["revoked"] == [record]
    answer = wallet.fetch(access_token, wallet.proof())
    assert refusal(answer, 400)["error"] == "credential_request_denied"
