"""The statement in the formats of the W3C, over the real app and store."""

import json
from functools import partial

import pytest

from issuer.configurations import ids
from tests.issuer import town as towns
from tests.issuer.town import ANNA, bearer
from tests.issuer.wallet import error
from vckit import did, jose, statement, strict_json
from vckit.data_integrity import didkit_child, unverified_proof
from vckit.data_integrity.didkit_child import Child
from vckit.did import jwk as did_jwk
from vckit.did import key as did_key
from vckit.formats import open_formats
from vckit.keys import PrivateKey
from vckit.openid4vci import key_proof
from vckit.rdf import JsonLd
from vckit.status import bitstring

W3C = (ids.LDP_EDDSA, ids.LDP_ECDSA, ids.JWT_VC, ids.VC_JWT, ids.VC11)
CONTEXT_URL = f"{towns.URL}/contexts/v1"
JSON_LD = JsonLd({CONTEXT_URL: "context/v1"})
FORMATS = open_formats(JSON_LD, CONTEXT_URL)
FORMAT_OF = {
    ids.LDP_EDDSA: "ldp_vc",
    ids.LDP_ECDSA: "ldp_vc",
    ids.JWT_VC: "jwt_vc_json",
    ids.VC_JWT: "vc+jwt",
    ids.VC11: "ldp_vc",
}


@pytest.fixture
def token(wallet, offer):
    """An access token for everything that the organisation gives."""
    return wallet.token(offer(profile="all").offer.pre_authorized_code)


def as_text(credential):
    return credential if isinstance(credential, str) else strict_json.dumps(credential).decode()


def document_of(wallet):
    """The did.json, as a stranger reads it."""
    answer = wallet.client.get("/.well-known/did.json")
    return did.parse_document(answer.data, towns.DID)


def verified(wallet, configuration, credential):
    """As a stranger does: by the DID document alone."""
    opened = FORMATS[FORMAT_OF[configuration]]
    unverified = opened.open_held(as_text(credential))
    assert unverified.issuer.iss == towns.DID
    now = wallet.town.clock.now
    key = document_of(wallet).key(unverified.issuer.verification_method, "assertionMethod", now=now)
    return opened.verify(unverified, issuer_key=key, now=now)


def received(wallet, token, configuration, proofs=None):
    answer = wallet.ask(token, proofs, configuration)
    assert answer.status_code == 200, answer.json
    return answer.json["credentials"][0]["credential"]


@pytest.mark.parametrize("configuration", W3C)
def test_a_stranger_verifies_the_statement_by_did_json(wallet, token, configuration):
    credential = received(wallet, token, configuration)
    proven = verified(wallet, configuration, credential)
    assert proven.holder_key == wallet.key.public
    assert proven.issuer == towns.DID
    assert proven.claims["aantal_vorderingen"] == 2
    assert proven.claims["totaal_openstaand"] == 30_000
    assert not [term for term in proven.claims if term.startswith("vernieuwing")]
    issued_at = proven.validity.not_before
    assert issued_at == 1_794_956_400  # 18 November 2026, 00:00 in Amsterdam
    assert proven.validity.expires == issued_at + 30 * towns.DAY
    now = wallet.town.clock.now
    assert statement.breaches(proven.claims, issued_at=issued_at, now=now) == []


@pytest.mark.parametrize("configuration", W3C)
def test_linked_data_is_given_as_an_object_and_a_jwt_as_a_string(wallet, token, configuration):
    credential = received(wallet, token, configuration)
    assert isinstance(credential, dict) == (FORMAT_OF[configuration] == "ldp_vc")


@pytest.mark.parametrize("configuration", [ids.RICH_SD_JWT, *W3C])
def test_a_key_that_asks_again_gets_the_same_content_in_every_format(
    town, wallet, token, configuration
):
    answers = [wallet.ask(token, configuration=configuration) for _ in range(3)]
    assert len({json.dumps(answer.json) for answer in answers}) == 1
    assert len(town.stored().database.execute("SELECT * FROM records")) == 1


def test_one_token_gives_every_format_each_with_indexes_and_a_notification_of_its_own(
    town, wallet, token
):
    given = [ids.RICH_SD_JWT, *W3C]
    answers = [wallet.ask(token, configuration=one) for one in given]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["notification_id"] for answer in answers}) == len(given)
    rows = town.stored().database.execute("SELECT * FROM records")
    assert {row["configuration"] for row in rows} == set(given)
    for purpose in ("revocation", "refresh"):
        assert len({row[f"{purpose}_position"] for row in rows}) == len(given)


def test_a_notification_ends_the_retries_of_its_own_format_only(wallet, token):
    first, other = (wallet.ask(token, configuration=one).json for one in W3C[:2])
    told = {"notification_id": first["notification_id"], "event": "credential_accepted"}
    answer = wallet.client.post("/notification", json=told, headers=bearer(token))
    assert answer.status_code == 204
    assert wallet.ask(token, configuration=W3C[0]).json != first
    assert wallet.ask(token, configuration=W3C[1]).json == other


def test_one_grant_gives_a_batch_of_each_format(wallet, token):
    nonce = wallet.nonce()
    ten = [wallet.proof(key=PrivateKey.generate("ES256"), nonce=nonce) for _ in range(10)]
    assert wallet.ask(token, ten, ids.JWT_VC).status_code == 200
    eleventh = [wallet.proof(key=PrivateKey.generate("ES256"))]
    assert error(wallet.ask(token, eleventh, ids.JWT_VC)) == "credential_request_denied"
    assert wallet.ask(token, configuration=ids.LDP_EDDSA).status_code == 200


def test_P25_what_was_withdrawn_comes_back_in_no_format(town, wallet, token):
    received(wallet, token, ids.LDP_EDDSA)
    records = town.stored().store.records
    [row] = town.stored().database.execute("SELECT record_id FROM records")
    assert records.withdraw(row["record_id"], "resident", town.clock.now)
    for configuration in (ids.LDP_EDDSA, ids.JWT_VC):
        refused = wallet.ask(token, configuration=configuration)
        assert error(refused) == "credential_request_denied"


def proof_by_did(wallet, make):
    """A key proof that names its key by a DID."""
    mine = make(wallet.key.public)
    fragment = mine.removeprefix("did:key:") if mine.startswith("did:key:") else "0"
    header = {"typ": key_proof.TYP, "kid": f"{mine}#{fragment}"}
    claims = {"aud": towns.URL, "iat": wallet.town.clock.now, "nonce": wallet.nonce()}
    return mine, jose.sign(header, claims, wallet.key)


@pytest.mark.parametrize("make", [did_key.of, did_jwk.of])
@pytest.mark.parametrize("configuration", W3C)
def test_the_subject_is_the_did_that_the_wallet_used(wallet, token, configuration, make):
    mine, proof = proof_by_did(wallet, make)
    credential = received(wallet, token, configuration, [proof])
    assert f'"{mine}"' in payload(credential)
    assert verified(wallet, configuration, credential).holder_key == wallet.key.public


def test_a_bare_key_is_named_by_its_did_jwk(wallet, token):
    credential = received(wallet, token, ids.LDP_EDDSA)
    assert credential["credentialSubject"]["id"] == did_jwk.of(wallet.key.public)


def payload(credential):
    """All that a credential says, as JSON."""
    if isinstance(credential, str):
        return json.dumps(jose.parse(credential).claims())
    return json.dumps(credential)


@pytest.mark.parametrize("configuration", W3C)
def test_what_cannot_be_withheld_never_has_a_bsn(town, wallet, offer, configuration):
    settings = town.config_path.read_text("utf-8")
    allowed = settings.replace("[credentials]", '[credentials]\nbsn_legal_basis = "Wgs, art. 8"')
    town.config_path.write_text(allowed, "utf-8")
    wallet.client = town.app().test_client()
    token = wallet.token(offer(profile="all").offer.pre_authorized_code)
    assert ANNA.bsn not in payload(received(wallet, token, configuration))
    rich = received(wallet, token, ids.RICH_SD_JWT)
    assert wallet.verify(rich).claims["bsn"] == ANNA.bsn


@pytest.mark.parametrize("configuration", W3C)
def test_the_key_of_the_record_is_the_one_that_signed(town, wallet, token, configuration):
    received(wallet, token, configuration)
    [row] = town.stored().database.execute("SELECT key_id FROM records")
    keys = {
        name: town.key(name).public.thumbprint() for name in ("credential", "credential-ed25519")
    }
    edwards = configuration in (ids.LDP_EDDSA, ids.VC11)
    assert row["key_id"] == keys["credential-ed25519" if edwards else "credential"]


def bit(wallet, configuration, credential, purpose):
    """The status of a credential in the list that its issuer publishes."""
    proven = verified(wallet, configuration, credential)
    [entry] = [one for one in proven.statuses if one.purpose == purpose]
    assert entry.mechanism == bitstring.MEMBER
    answer = wallet.client.get(entry.uri.removeprefix(towns.URL))
    assert (answer.status_code, answer.mimetype) == (200, "application/vc")
    now = wallet.town.clock.now
    method = unverified_proof(json.loads(answer.text)).verification_method
    published = bitstring.verify(
        answer.text,
        uri=entry.uri,
        purpose=purpose,
        issuer_did=proven.issuer,
        key=document_of(wallet).key(method, "assertionMethod", now=now),
        now=now,
        json_ld=JSON_LD,
    )
    return published.list.get(entry.index)


@pytest.mark.parametrize("configuration", W3C)
def test_L19_a_withdrawn_statement_is_marked_in_the_bitstring_list(
    town, wallet, token, configuration
):
    credential = received(wallet, token, configuration)
    assert bit(wallet, configuration, credential, "revocation") == 0
    [row] = town.stored().database.execute("SELECT record_id FROM records")
    assert town.stored().store.records.withdraw(row["record_id"], "resident", town.clock.now)
    assert bit(wallet, configuration, credential, "revocation") == 1


@pytest.mark.parametrize("configuration", W3C)
def test_a_newer_statement_is_told_and_revokes_nothing(town, wallet, token, configuration):
    credential = received(wallet, token, configuration)
    assert bit(wallet, configuration, credential, "refresh") == 0
    town.deliver(towns.ANNA_ROWS.replace("200.00", "150.00").replace("50.00,150", "100.00,150"))
    assert bit(wallet, configuration, credential, "refresh") == 1
    assert bit(wallet, configuration, credential, "revocation") == 0


def test_both_forms_of_a_list_say_the_same(town, wallet, token):
    received(wallet, token, ids.LDP_EDDSA)
    [row] = town.stored().database.execute("SELECT * FROM records")
    town.stored().store.records.withdraw(row["record_id"], "resident", town.clock.now)
    list_id, position = row["revocation_list"], row["revocation_position"]
    publication = town.services().publication
    for form in publication.forms.values():
        content = wallet.client.get(f"{form.path}{list_id}").text
        assert form.read_unverified(content)[position // 8] >> position % 8 & 1
    assert len(publication.forms) == 2


def test_L22_a_list_credential_of_the_past_is_not_offered(wallet, token):
    credential = received(wallet, token, ids.LDP_EDDSA)
    path = credential["credentialStatus"][0]["statusListCredential"].removeprefix(towns.URL)
    assert wallet.client.get(f"{path}?time=1").status_code == 501
    assert wallet.client.get(path).status_code == 200
    assert wallet.client.get("/status/anders/x").status_code == 404
    assert wallet.client.get("/status/bitstring/x").status_code == 404


def test_what_we_signed_wrongly_does_not_leave(wallet, token, monkeypatch):
    good = PrivateKey.sign
    for configuration in (ids.LDP_EDDSA, ids.LDP_ECDSA, ids.JWT_VC, ids.VC_JWT):
        proof = wallet.proof()
        with monkeypatch.context() as patched:
            patched.setattr(PrivateKey, "sign", lambda key, data: good(key, data + b"x"))
            answer = wallet.ask(token, [proof], configuration)
        assert (answer.status_code, answer.json) == (500, {"error": "server_error"})
        assert wallet.ask(token, configuration=configuration).status_code == 200


BROKEN = {
    "dies": Child(("false",)),
    "hangs": Child(("sleep", "5"), seconds=0.2),
    "is not there": Child(("/nonexistent",)),
}


@pytest.mark.parametrize("child", BROKEN.values(), ids=BROKEN)
def test_while_didkit_does_not_answer_only_its_format_waits_and_nothing_is_lost(
    town, wallet, token, monkeypatch, child
):
    before = received(wallet, token, ids.VC11)
    proof = wallet.proof()
    with monkeypatch.context() as patched:
        patched.setattr(didkit_child, "issue", partial(didkit_child.issue, child=child))
        answer = wallet.ask(token, [proof], ids.VC11)
        assert error(answer, 503) == "temporarily_unavailable"
        assert wallet.ask(token, configuration=ids.LDP_EDDSA).status_code == 200
    assert received(wallet, token, ids.VC11, [proof]) == before
    rows = town.stored().database.execute("SELECT configuration FROM records")
    assert {row["configuration"] for row in rows} == {ids.VC11, ids.LDP_EDDSA}
    assert error(wallet.ask(token, [proof], ids.VC11)) == "invalid_nonce"


def test_what_didkit_signs_otherwise_does_not_leave(wallet, token, monkeypatch):
    def other(credential, **_how):
        return {**credential, "proof": {"type": "Ed25519Signature2020"}}

    with monkeypatch.context() as patched:
        patched.setattr(didkit_child, "issue", other)
        answer = wallet.ask(token, configuration=ids.VC11)
    assert (answer.status_code, answer.json) == (500, {"error": "server_error"})
    assert wallet.ask(token, configuration=ids.VC11).status_code == 200


def many(number):
    row = "123456782,R-{},2026-01-31,2026-03-31,250.00,50.00,200.00,aangemaand\n"
    return "".join(row.format(place) for place in range(number))


@pytest.mark.parametrize("configuration", [ids.LDP_EDDSA, ids.LDP_ECDSA, ids.VC11])
def test_more_than_linked_data_may_carry_is_refused_clearly_and_costs_nothing(
    town, wallet, token, configuration
):
    town.deliver(many(240))
    proof = wallet.proof()
    answer = wallet.ask(token, [proof], configuration)
    assert error(answer) == "credential_request_denied"
    assert town.stored().database.execute("SELECT * FROM records") == []
    rich = wallet.ask(token, [proof])
    assert (
        wallet.verify(rich.json["credentials"][0]["credential"]).claims["aantal_vorderingen"] == 240
    )


@pytest.mark.parametrize("configuration", W3C)
def test_a_statement_of_many_debts_is_given_whole(town, wallet, token, configuration):
    town.deliver(many(100))
    credential = received(wallet, token, configuration)
    assert verified(wallet, configuration, credential).claims["aantal_vorderingen"] == 100
