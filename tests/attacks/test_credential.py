"""The credential endpoint: rows P of security.md, each beside the request that is answered."""

import json
import time

import pytest

from tests.attacks.exchange import refusal, send
from tests.attacks.holder import CONFIGURATION, Holder, credential_of, new_key
from tests.attacks.reactions import credential_refused, notification_refused, resource_refused
from vckit import jose
from vckit.did import jwk as did_jwk
from vckit.encoding import b64url_decode, b64url_encode
from vckit.formats import dc_sd_jwt

pytestmark = pytest.mark.services


@pytest.fixture
def wallet(boxtel):
    return Holder(boxtel.config.base_url)


@pytest.fixture
def access_token(world, boxtel, wallet):
    return wallet.access_token(boxtel.offer(world.residents[23].bsn).offer.pre_authorized_code)


@pytest.fixture
def unchanged(boxtel, wallet, access_token):
    """Around an attack: the books stay as they are, and the honest request still succeeds."""
    before = boxtel.books()
    yield
    assert boxtel.books() == before
    credential_of(wallet.fetch(access_token, wallet.proof()))
    assert boxtel.books()["records"] == before["records"] + 1


@pytest.mark.usefixtures("unchanged")
def test_P01_without_a_token_that_holds_nothing_is_given(wallet):
    proof = wallet.proof()
    body = {"credential_configuration_id": CONFIGURATION, "proofs": {"jwt": [proof]}}
    resource_refused(wallet.request(None, json=body), None)
    resource_refused(wallet.request("onzin-0123456789", json=body), "invalid_token")
    resource_refused(wallet.request("on zin", json=body), "invalid_token")
    basic = wallet.request(None, json=body, headers={"Authorization": "Basic eDp5"})
    resource_refused(basic, None)


@pytest.mark.parametrize(
    ("proofs", "error"),
    [
        (None, "invalid_proof"),
        ({}, "invalid_credential_request"),
        ({"jwt": []}, "invalid_credential_request"),
        ({"jwt": ["a.b.c"], "attestation": ["a.b.c"]}, "invalid_credential_request"),
        ({"jwt": "a.b.c"}, "invalid_credential_request"),
        ({"jwt": [1]}, "invalid_credential_request"),
        (["a.b.c"], "invalid_credential_request"),
        ({"cwt": ["a.b.c"]}, "invalid_proof"),
        ({"jwt": [""]}, "invalid_proof"),
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_P02_proofs_are_of_one_type_and_there(wallet, access_token, proofs, error):
    credential_refused(wallet.fetch(access_token, proofs=proofs), error)


@pytest.mark.usefixtures("unchanged")
def test_P02_the_single_proof_of_the_drafts_is_none(wallet, access_token):
    proof = {"proof_type": "jwt", "jwt": wallet.proof()}
    credential_refused(wallet.fetch(access_token, proofs=None, proof=proof), "invalid_proof")


@pytest.mark.usefixtures("unchanged")
def test_P04_a_nonce_of_nobody_is_refused(wallet, access_token):
    for nonce in ("verzonnen-0123456789", wallet.nonce()[:-1], wallet.nonce() + "A", "é€"):
        answer = wallet.fetch(access_token, wallet.proof(nonce=nonce))
        credential_refused(answer, "invalid_nonce")


@pytest.mark.usefixtures("unchanged")
def test_P04_a_nonce_of_another_issuer_is_refused(gestel, wallet, access_token):
    nonce = Holder(gestel.config.base_url).nonce()
    credential_refused(wallet.fetch(access_token, wallet.proof(nonce=nonce)), "invalid_nonce")


@pytest.mark.usefixtures("unchanged")
def test_P04_a_nonce_whose_end_was_moved_is_refused(wallet, access_token):
    raw = bytearray(b64url_decode(wallet.nonce()))
    raw[7] ^= 0x40
    answer = wallet.fetch(access_token, wallet.proof(nonce=b64url_encode(bytes(raw))))
    credential_refused(answer, "invalid_nonce")


@pytest.mark.usefixtures("unchanged")
def test_P04_a_nonce_older_than_five_minutes_is_refused(boxtel, wallet, access_token):
    expired = boxtel.stored.keyring.new_nonce(int(time.time()) - 301)
    credential_refused(wallet.fetch(access_token, wallet.proof(nonce=expired)), "invalid_nonce")
    nearly = boxtel.stored.keyring.new_nonce(int(time.time()) - 240)
    credential_refused(
        wallet.fetch(access_token, wallet.proof(nonce=nearly, aud="x")), "invalid_proof"
    )


@pytest.mark.usefixtures("unchanged")
def test_P04_a_proof_without_a_nonce_is_no_proof(wallet, access_token):
    for proof in (wallet.proof(without=["nonce"]), wallet.proof(nonce=7), wallet.proof(nonce="")):
        credential_refused(wallet.fetch(access_token, proof), "invalid_proof")


def test_P05_a_proof_is_spent_with_its_nonce(world, boxtel, wallet, access_token):
    proof = wallet.proof()
    first = credential_of(wallet.fetch(access_token, proof))
    credential_refused(wallet.fetch(access_token, proof), "invalid_nonce")
    another = boxtel.offer(world.residents[24].bsn).offer.pre_authorized_code
    other_token = wallet.access_token(another)
    before = boxtel.books()
    credential_refused(wallet.fetch(other_token, proof), "invalid_nonce")
    assert boxtel.books() == before
    # The twins: with a fresh nonce the same token gives the same again, the other one its own.
    again = credential_of(wallet.fetch(access_token, wallet.proof()))
    assert dc_sd_jwt.digest(again) == dc_sd_jwt.digest(first)
    assert dc_sd_jwt.digest(
        credential_of(wallet.fetch(other_token, wallet.proof()))
    ) != dc_sd_jwt.digest(first)


@pytest.mark.usefixtures("unchanged")
def test_P07_one_bad_nonce_refuses_the_whole_batch(wallet, access_token):
    nonce, keys = wallet.nonce(), [new_key() for _ in range(3)]
    good = [Holder(wallet.issuer, key).proof(nonce=nonce) for key in keys[:2]]
    bad = Holder(wallet.issuer, keys[2]).proof(nonce="verzonnen-0123456789")
    credential_refused(wallet.fetch(access_token, *good, bad), "invalid_nonce")


def test_P07_five_proofs_share_one_nonce(wallet, access_token):
    nonce = wallet.nonce()
    proofs = [Holder(wallet.issuer, new_key()).proof(nonce=nonce) for _ in range(5)]
    answer = wallet.fetch(access_token, *proofs)
    assert answer.status == 200
    assert len(answer.json()["credentials"]) == 5


@pytest.mark.usefixtures("unchanged")
def test_P08_the_audience_is_the_issuer_letter_by_letter(gestel, wallet, access_token):
    own = wallet.issuer
    wrong = [
        gestel.config.base_url,
        f"{own}/",
        own.replace("http:", "https:"),
        own.replace("localhost", "LOCALHOST"),
        [own],
        [own, "https://elders.example"],
        None,
        7,
    ]
    for audience in wrong:
        proof = wallet.proof(aud=audience)
        credential_refused(wallet.fetch(access_token, proof), "invalid_proof")


@pytest.mark.usefixtures("unchanged")
def test_P10_only_a_key_proof_is_one(wallet, access_token):
    for typ in (None, "JWT", "kb+jwt", "OPENID4VCI-PROOF+JWT", "application/openid4vci-proof+jwt"):
        proof = wallet.proof(header={"typ": typ})
        credential_refused(wallet.fetch(access_token, proof), "invalid_proof")


@pytest.mark.usefixtures("unchanged")
def test_P11_a_proof_names_its_key_once(boxtel, wallet, access_token):
    chain = boxtel.config.credentials.chain.read_text("ascii").splitlines()
    x5c = ["".join(chain[1 : chain.index("-----END CERTIFICATE-----")])]
    kid = f"did:jwk:{b64url_encode(json.dumps(wallet.key.public.to_jwk()).encode())}#0"
    for header in ({"kid": kid}, {"jwk": None}, {"x5c": x5c}, {"jwk": None, "x5c": x5c}):
        proof = wallet.proof(header=header)
        credential_refused(wallet.fetch(access_token, proof), "invalid_proof")


@pytest.mark.usefixtures("unchanged")
def test_P13_a_proof_is_signed_by_the_key_that_it_names(wallet, access_token):
    thief = new_key()
    credential_refused(wallet.fetch(access_token, wallet.proof(key=thief)), "invalid_proof")
    by_did = {"jwk": None, "kid": f"{did_jwk.of(wallet.key.public)}#0"}
    stolen = wallet.proof(key=thief, header=by_did)
    credential_refused(wallet.fetch(access_token, stolen), "invalid_proof")
    private = {"jwk": thief.to_jwk()}
    credential_refused(wallet.fetch(access_token, wallet.proof(header=private)), "invalid_proof")
    honest = wallet.proof().split(".")
    mixed = ".".join([*wallet.proof(key=thief).split(".")[:2], honest[2]])
    credential_refused(wallet.fetch(access_token, mixed), "invalid_proof")


def test_P13_what_is_issued_is_bound_to_the_key_that_signed(wallet, access_token):
    text = credential_of(wallet.fetch(access_token, wallet.proof()))
    claims = jose.parse(text.split("~", 1)[0]).claims()
    assert claims["cnf"] == {"jwk": wallet.key.public.to_jwk()}


@pytest.mark.usefixtures("unchanged")
def test_P14_one_key_gets_at_most_one_credential(wallet, access_token):
    nonce = wallet.nonce()
    twice = [wallet.proof(nonce=nonce), wallet.proof(nonce=nonce)]
    credential_refused(wallet.fetch(access_token, *twice), "invalid_proof")
    adorned = {**wallet.key.public.to_jwk(), "use": "sig", "alg": "ES256", "kid": "anders"}
    other = wallet.proof(nonce=nonce, header={"jwk": adorned})
    credential_refused(wallet.fetch(access_token, twice[0], other), "invalid_proof")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"credential_identifier": "een"}, "invalid_credential_request"),
        (
            {"credential_configuration_id": None, "credential_identifier": "een"},
            "invalid_credential_request",
        ),
        ({"credential_configuration_id": None}, "invalid_credential_request"),
        ({"credential_configuration_id": 7}, "invalid_credential_request"),
        ({"credential_configuration_id": "onbekend"}, "unknown_credential_configuration"),
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_P16_and_P17_what_is_wanted_is_named_once_and_known(wallet, access_token, changes, error):
    answer = wallet.fetch(access_token, wallet.proof(), **changes)
    credential_refused(answer, error)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"x"', b"{", b"\xff\xfe{\x00}\x00", b"{}"])
@pytest.mark.usefixtures("unchanged")
def test_P23_the_body_is_one_json_object(wallet, access_token, body):
    answer = wallet.request(access_token, data=body, headers={"Content-Type": "application/json"})
    credential_refused(answer, "invalid_credential_request")


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/jwt",
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_P23_another_media_type_is_not_read(wallet, access_token, media_type):
    body = {"credential_configuration_id": CONFIGURATION, "proofs": {"jwt": [wallet.proof()]}}
    headers = {"Content-Type": media_type}
    answer = wallet.request(access_token, data=json.dumps(body).encode(), headers=headers)
    refusal(answer, 415)


@pytest.mark.usefixtures("unchanged")
def test_P23_a_body_may_be_256_kibibytes_and_no_more(wallet, access_token):
    headers = {"Content-Type": "application/json"}
    limit = 256 * 1024
    answer = wallet.request(access_token, data=b" " * limit, headers=headers)
    credential_refused(answer, "invalid_credential_request")
    refusal(wallet.request(access_token, data=b" " * (limit + 1), headers=headers), 413)


def test_P26_a_notification_is_taken_from_the_wallet_it_is_about(
    world, boxtel, wallet, access_token
):
    url = f"{wallet.issuer}/notification"
    given = wallet.fetch(access_token, wallet.proof()).json()["notification_id"]
    other = wallet.access_token(boxtel.offer(world.residents[25].bsn).offer.pre_authorized_code)

    def notify(token, **members):
        headers = {"Authorization": f"Bearer {token}"}
        return send("POST", url, json=members, headers=headers)

    right = {"notification_id": given, "event": "credential_accepted"}
    notification_refused(
        notify(access_token, **{**right, "notification_id": "onbekend-id"}),
        "invalid_notification_id",
    )
    notification_refused(notify(other, **right), "invalid_notification_id")
    wrong = ({"event": "onbekend"}, {"event_description": "<b>é</b>"}, {"notification_id": 7})
    for changes in wrong:
        notification_refused(
            notify(access_token, **{**right, **changes}), "invalid_notification_request"
        )
    twice = json.dumps(right)[:-1] + ',"event":"credential_deleted"}'
    answer = send(
        "POST",
        url,
        data=twice.encode(),
        headers={"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"},
    )
    notification_refused(answer, "invalid_notification_request")
    assert [notify(access_token, **right).status for _ in range(2)] == [204, 204]


def test_P29_a_nonce_is_asked_by_post_and_kept_by_no_cache(boxtel, wallet):
    before = boxtel.books()
    refusal(send("GET", f"{wallet.issuer}/nonce"), 405)
    given = [send("POST", f"{wallet.issuer}/nonce") for _ in range(20)]
    assert {one.headers["Cache-Control"] for one in given} == {"no-store"}
    assert len({one.json()["c_nonce"] for one in given}) == 20
    assert boxtel.books() == before
