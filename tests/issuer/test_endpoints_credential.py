"""The credential endpoint: rows P of security.md over the real app and store."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from issuer.keyring import NONCE_SECONDS
from tests.issuer import town as towns
from tests.issuer.town import ANNA_ROWS, bearer
from tests.issuer.wallet import Wallet, error
from vckit import jose, statement
from vckit.keys import PrivateKey


def rows_of(town, table):
    return town.stored().database.execute(f"SELECT * FROM {table}")  # noqa: S608  our own names


def test_the_statement_is_whole_signed_by_the_scheme_and_bound_to_the_key(wallet, code):
    proven = wallet.verify(wallet.receive(code))
    assert proven.holder_key == wallet.key.public
    assert proven.claims["aantal_vorderingen"] == 2
    assert proven.claims["totaal_openstaand"] == 30_000
    assert proven.claims["volledigheid"] == "volledig"
    assert [one.purpose for one in proven.statuses] == ["revocation", "refresh"]
    issued_at = proven.validity.issued_at
    assert statement.breaches(proven.claims, issued_at=issued_at, now=wallet.town.clock.now) == []


def test_a_person_without_debts_gets_a_signed_nil_statement(wallet, offer):
    text = wallet.receive(offer(towns.CARLA).offer.pre_authorized_code)
    claims = wallet.verify(text).claims
    assert (claims["aantal_vorderingen"], claims["volledigheid"]) == (0, "geen_vorderingen")


def test_the_moment_of_issue_tells_no_more_than_the_day(wallet, code):
    validity = wallet.verify(wallet.receive(code)).validity
    assert validity.issued_at == 1_794_956_400  # 18 November 2026, 00:00 in Amsterdam
    assert validity.expires == validity.issued_at + 30 * towns.DAY


def test_the_bsn_is_not_in_a_statement_without_a_legal_basis(wallet, code):
    assert "bsn" not in wallet.verify(wallet.receive(code)).claims


def test_P01_a_token_is_asked_for_and_judged(town, wallet, code):
    absent = wallet.client.post("/credential", json={})
    assert error(absent, 401) is None
    assert absent.headers["WWW-Authenticate"] == "Bearer"
    unknown = wallet.client.post("/credential", json={}, headers=bearer("x" * 43))
    assert error(unknown, 401) == "invalid_token"
    assert unknown.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    token = wallet.token(code)
    town.clock.now += 300
    assert error(wallet.ask(token), 401) == "invalid_token"
    town.clock.now -= 1
    assert wallet.ask(token).status_code == 200


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, "invalid_proof"),
        ({"proofs": {}}, "invalid_credential_request"),
        ({"proofs": {"jwt": []}}, "invalid_credential_request"),
        ({"proofs": {"jwt": ["a"], "di_vp": [{}]}}, "invalid_credential_request"),
        ({"proof": {"proof_type": "jwt", "jwt": "a"}}, "invalid_proof"),
    ],
)
def test_P02_key_proofs_are_of_the_form_of_1_0(wallet, code, members, expected):
    token = wallet.token(code)
    body = {"credential_configuration_id": "schuldenopgave_sd_jwt", **members}
    answer = wallet.client.post("/credential", json=body, headers=bearer(token))
    assert error(answer) == expected
    assert wallet.ask(token).status_code == 200


def test_P04_a_nonce_is_ours_and_fresh(town, wallet, code):
    token, old = wallet.token(code), wallet.nonce()
    assert error(wallet.ask(token, [wallet.proof(nonce="verzonnen")])) == "invalid_nonce"
    other = towns.build(town.folder.parent / "elders").app().test_client()
    foreign = Wallet(town, other).nonce()
    assert error(wallet.ask(token, [wallet.proof(nonce=foreign)])) == "invalid_nonce"
    town.clock.now += NONCE_SECONDS - 1
    assert wallet.ask(token, [wallet.proof(nonce=old)]).status_code == 200


def test_P04_a_nonce_ends_after_five_minutes(town, wallet, offer):
    old = wallet.nonce()
    town.clock.now += NONCE_SECONDS
    token = wallet.token(offer().offer.pre_authorized_code)
    assert error(wallet.ask(token, [wallet.proof(nonce=old)])) == "invalid_nonce"
    assert wallet.ask(token).status_code == 200


def test_P05_a_proof_is_good_once_for_whatever_token(wallet, offer):
    mine = wallet.token(offer().offer.pre_authorized_code)
    proof = wallet.proof()
    assert wallet.ask(mine, [proof]).status_code == 200
    assert error(wallet.ask(mine, [proof])) == "invalid_nonce"
    other = wallet.token(offer().offer.pre_authorized_code)
    assert error(wallet.ask(other, [proof])) == "invalid_nonce"
    assert wallet.ask(other).status_code == 200


def test_P05_one_nonce_in_two_simultaneous_requests_is_spent_once(town, offer):
    workers = [town.app(), town.app()]
    first = Wallet(town, workers[0].test_client())
    proof = first.proof()
    tokens = [first.token(offer().offer.pre_authorized_code) for _ in range(8)]

    def ask(turn):
        return Wallet(town, workers[turn % 2].test_client()).ask(tokens[turn], [proof])

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(ask, range(8)))
    assert statuses == [200] + [400] * 7
    assert len(rows_of(town, "records")) == 1


def test_P07_a_batch_shares_one_nonce_and_fails_as_a_whole(town, wallet, code):
    token, nonce = wallet.token(code), wallet.nonce()
    keys = [PrivateKey.generate("ES256") for _ in range(5)]
    proofs = [wallet.proof(key=key, nonce=nonce) for key in keys]
    spoiled = [*proofs[:4], wallet.proof(key=keys[4], nonce="verzonnen")]
    assert error(wallet.ask(token, spoiled)) == "invalid_nonce"
    assert rows_of(town, "records") == []
    answer = wallet.ask(token, proofs)
    texts = [entry["credential"] for entry in answer.json["credentials"]]
    holders = {wallet.verify(text).holder_key for text in texts}
    assert holders == {key.public for key in keys}


def test_P08_a_proof_is_meant_for_this_issuer_byte_for_byte(wallet, code):
    token = wallet.token(code)
    for audience in ("http://localhost/", "HTTP://localhost", "https://localhost", "x"):
        assert error(wallet.ask(token, [wallet.proof(audience=audience)])) == "invalid_proof"
    assert wallet.ask(token).status_code == 200


def test_P10_a_proof_has_its_own_typ(town, wallet, code):
    token = wallet.token(code)
    claims = {"aud": towns.URL, "iat": town.clock.now, "nonce": wallet.nonce()}
    for typ in ("JWT", "kb+jwt", "OPENID4VCI-PROOF+JWT"):
        header = {"typ": typ, "jwk": wallet.key.public.to_jwk()}
        assert error(wallet.ask(token, [jose.sign(header, claims, wallet.key)])) == "invalid_proof"
    assert wallet.ask(token).status_code == 200


def test_P13_a_proof_is_signed_by_the_key_that_it_names(town, wallet, code):
    token, victim = wallet.token(code), PrivateKey.generate("ES256")
    header = {"typ": "openid4vci-proof+jwt", "jwk": victim.public.to_jwk()}
    claims = {"aud": towns.URL, "iat": town.clock.now, "nonce": wallet.nonce()}
    forged = jose.sign(header, claims, wallet.key)
    assert error(wallet.ask(token, [forged])) == "invalid_proof"
    assert rows_of(town, "records") == []
    assert wallet.ask(token).status_code == 200


def test_P14_one_key_gets_at_most_one_credential(wallet, code):
    token = wallet.token(code)
    twice = [wallet.proof(), wallet.proof()]
    assert error(wallet.ask(token, twice)) == "invalid_proof"
    assert wallet.ask(token).status_code == 200


def test_P17_an_unknown_configuration_is_told_so(wallet, code):
    token = wallet.token(code)
    answer = wallet.ask(token, configuration="rijbewijs")
    assert error(answer) == "unknown_credential_configuration"
    assert wallet.ask(token).status_code == 200


def test_P23_the_body_is_json_of_a_size(wallet, code):
    token = bearer(wallet.token(code))
    post = wallet.client.post
    for kind in ("text/plain", "application/jwt", "application/json; charset=utf-16"):
        answer = post("/credential", data=b"{}", content_type=kind, headers=token)
        assert answer.status_code == 415
    for body in (b"[]", b"null", b"", b'{"a":1,"a":2}'):
        answer = post("/credential", data=body, content_type="application/json", headers=token)
        assert error(answer) == "invalid_credential_request"
    large = b'{"x":"' + b"a" * (256 * 1024) + b'"}'
    answer = post("/credential", data=large, content_type="application/json", headers=token)
    assert answer.status_code == 413


def test_a_token_in_the_address_is_refused(wallet, code):
    token = wallet.token(code)
    answer = wallet.client.post(f"/credential?access_token={token}", json={})
    assert error(answer, 401) is None
    answer = wallet.client.post("/credential?x=1", json={}, headers=bearer(token))
    assert error(answer) == "invalid_request"


def test_a_key_that_asks_again_gets_the_same_credential_and_index(town, wallet, code):
    token = wallet.token(code)
    answers = [wallet.ask(token) for _ in range(3)]
    assert len({json.dumps(answer.json) for answer in answers}) == 1
    assert len(rows_of(town, "records")) == 1


def test_simultaneous_requests_of_one_key_give_one_credential(town, wallet, code):
    token, workers = wallet.token(code), [town.app(), town.app()]

    def ask(turn):
        other = Wallet(town, workers[turn % 2].test_client())
        return other.ask(token, [other.proof(key=wallet.key)])

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(24)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["credentials"][0]["credential"] for answer in answers}) == 1
    assert len(rows_of(town, "records")) == 1


def test_a_crash_between_recording_and_answering_costs_nothing(town, wallet, code, monkeypatch):
    token = wallet.token(code)
    with monkeypatch.context() as patched:
        patched.setattr("issuer.issuance.batch.Batch.signed", _die)
        assert wallet.ask(token).status_code == 500
    assert len(rows_of(town, "records")) == 1
    again = wallet.ask(token)
    assert again.status_code == 200
    assert len(rows_of(town, "records")) == 1
    assert wallet.verify(again.json["credentials"][0]["credential"])


def _die(*_arguments):
    raise MemoryError


def test_a_crash_before_the_commit_leaves_nothing_behind(town, wallet, code, monkeypatch):
    token, proof = wallet.token(code), wallet.proof()
    with monkeypatch.context() as patched:
        patched.setattr("issuer.issuance.batch.Batch._make", _die)
        assert wallet.ask(token, [proof]).status_code == 500
    assert (rows_of(town, "records"), rows_of(town, "spent_nonces")) == ([], [])
    assert rows_of(town, "status_entries") == []
    assert wallet.ask(token, [proof]).status_code == 200


def test_what_we_signed_wrongly_does_not_leave(wallet, code, monkeypatch):
    token = wallet.token(code)
    good, proof = PrivateKey.sign, wallet.proof()
    with monkeypatch.context() as patched:
        patched.setattr(PrivateKey, "sign", lambda key, data: good(key, data + b"x"))
        answer = wallet.ask(token, [proof])
    assert (answer.status_code, answer.json) == (500, {"error": "server_error"})
    assert wallet.ask(token).status_code == 200


def test_P25_a_retry_after_the_debts_changed_never_gets_old_data(town, wallet, code):
    token = wallet.token(code)
    assert wallet.ask(token).status_code == 200
    town.deliver(ANNA_ROWS.replace("200.00", "150.00").replace("50.00,150", "100.00,150"))
    assert error(wallet.ask(token)) == "credential_request_denied"


def test_P25_nothing_comes_of_a_token_whose_statement_was_withdrawn(town, wallet, code):
    token = wallet.token(code)
    wallet.ask(token)
    records = town.stored().store.records
    [row] = rows_of(town, "records")
    assert records.withdraw(row["record_id"], "resident", town.clock.now)
    assert error(wallet.ask(token)) == "credential_request_denied"
    fresh = wallet.proof(key=PrivateKey.generate("ES256"))
    assert error(wallet.ask(token, [fresh])) == "credential_request_denied"


def test_one_grant_gives_one_batch_at_most(wallet, code):
    token = wallet.token(code)
    keys = [PrivateKey.generate("ES256") for _ in range(11)]
    for key in keys[:10]:
        assert wallet.ask(token, [wallet.proof(key=key)]).status_code == 200
    eleventh = wallet.ask(token, [wallet.proof(key=keys[10])])
    assert error(eleventh) == "credential_request_denied"


def test_L20_indexes_are_random_and_never_given_twice(town, wallet, offer):
    for _ in range(3):
        token = wallet.token(offer().offer.pre_authorized_code)
        proofs = [wallet.proof(key=PrivateKey.generate("ES256")) for _ in range(10)]
        assert wallet.ask(token, proofs).status_code == 200
    rows = rows_of(town, "records")
    for purpose in ("revocation", "refresh"):
        positions = [row[f"{purpose}_position"] for row in rows]
        assert len(set(positions)) == 30
        # L23: the copies of a batch are neither adjacent nor in order.
        assert positions != sorted(positions)
        assert sum(abs(a - b) for a, b in pairwise(positions)) > 30 * 1_000


def test_L20_simultaneous_issuance_never_shares_an_index(town, offer):
    workers = [town.app(), town.app()]
    codes = [offer().offer.pre_authorized_code for _ in range(24)]

    def receive(turn):
        return Wallet(town, workers[turn % 2].test_client()).receive(codes[turn])

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(receive, range(24)))
    wallet = Wallet(town, workers[0].test_client())
    found = {(one.uri, one.index) for text in texts for one in wallet.verify(text).statuses}
    assert len(found) == 48
