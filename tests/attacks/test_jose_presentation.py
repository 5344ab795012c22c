"""Rows J at entry point E6: the issuer-signed JWT and the KB-JWT of a presentation."""

import time

import pytest

from tests.attacks import forging
from tests.attacks.holder import Card, new_key
from tests.attacks.judging import counts, rejected
from tests.vckit.sd_jwt_forge import digest
from vckit import x509
from vckit.encoding import b64url_decode, b64url_encode
from vckit.keys import PrivateKey
from vckit.sd_jwt import disclosures_by_path

pytestmark = pytest.mark.services

CRYPTO, PARSING = "CRYPTOGRAPHIC_SECURITY_ERROR", "PARSING_ERROR"
MALFORMED, BINDING = "MALFORMED_VALUE_ERROR", "holder_binding_failed"


@pytest.fixture
def card(arena, resident):
    return arena.linden.card(resident)


@pytest.fixture
def judge(arena, arena_counsellor, resident, card):
    """Rejects a presentation for a reason, in a case of its own; then the honest card counts."""
    company = arena.eiken.card(resident)

    def judged(hostile, reason):
        rejected(arena_counsellor.open(resident), company, hostile, reason)

    yield judged
    counts(arena_counsellor.open(resident), company, card)


def issuer_jwt(card):
    return card.text.split("~", 1)[0]


def with_issuer_jwt(card, jwt):
    """The same disclosures behind another issuer-signed JWT, bound by the honest holder."""
    forged = Card(f"{jwt}~{card.text.split('~', 1)[1]}", card.key)
    return lambda asked: bind(forged, asked)


def bind(card, asked, change=lambda jwt, _key: jwt):
    """A presentation of everything whose KB-JWT is changed before it is sent."""
    members = {"iat": int(time.time()), "aud": asked.client_id, "nonce": asked.nonce}
    members["sd_hash"] = digest(card.text)
    jwt = forging.signed({"typ": "kb+jwt", "alg": card.key.algorithm}, members, card.key)
    return card.text + change(jwt, card.key)


@pytest.mark.parametrize("algorithm", forging.NONES)
def test_J01_an_issuer_jwt_without_a_signature_is_refused(card, judge, algorithm):
    judge(with_issuer_jwt(card, forging.unsigned(issuer_jwt(card), algorithm)), CRYPTO)


def test_J01_an_issuer_jwt_whose_signature_was_cut_off_is_refused(card, judge):
    judge(with_issuer_jwt(card, issuer_jwt(card).rpartition(".")[0] + "."), CRYPTO)


@pytest.mark.parametrize("algorithm", forging.NONES)
def test_J01_a_key_binding_without_a_signature_is_refused(card, judge, algorithm):
    judge(lambda asked: bind(card, asked, lambda jwt, _: forging.unsigned(jwt, algorithm)), CRYPTO)


@pytest.mark.parametrize("form", range(4))
def test_J02_the_issuers_public_key_is_no_shared_secret(arena, card, judge, form):
    secret = list(forging.public_bytes(arena.linden.key.public))[form]
    judge(with_issuer_jwt(card, forging.hmac_signed(issuer_jwt(card), secret)), CRYPTO)


@pytest.mark.parametrize("form", range(4))
def test_J02_the_holders_public_key_is_no_shared_secret(card, judge, form):
    def confused(jwt, key):
        return forging.hmac_signed(jwt, list(forging.public_bytes(key.public))[form])

    judge(lambda asked: bind(card, asked, confused), CRYPTO)


DUPLICATES = ("alg none first", "typ", "the same twice", "payload")


@pytest.mark.parametrize("which", DUPLICATES)
def test_J10_a_member_of_the_issuer_jwt_that_stands_twice_is_refused(arena, card, judge, which):
    forged = forging.duplicates(issuer_jwt(card), arena.linden.key, "iss")[which]
    judge(with_issuer_jwt(card, forged), PARSING)


@pytest.mark.parametrize("which", DUPLICATES)
def test_J10_a_member_of_the_key_binding_that_stands_twice_is_refused(card, judge, which):
    def doubled(jwt, key):
        return forging.duplicates(jwt, key, "aud")[which]

    judge(lambda asked: bind(card, asked, doubled), PARSING)


def test_J10_a_member_of_a_disclosure_that_stands_twice_is_refused(arena, card, judge):
    doubled = b64url_encode(b'["zout","extra",{"saldo":0,"saldo":1}]')
    _, payload = forging.parts(issuer_jwt(card))
    restated = arena.linden.forged(card, _sd=[*payload["_sd"], digest(doubled)])
    head, *rest = restated.text.split("~")
    judge(lambda asked: bind(Card("~".join([head, doubled, *rest]), card.key), asked), PARSING)


@pytest.mark.parametrize("name", ["jku", "x5u"])
def test_J04_a_key_is_not_fetched_from_an_address(arena, card, judge, listener, name):
    header = {name: f"{listener.origin}/keys"}
    forged = arena.linden.forged(card, header=header)
    judge(lambda asked: bind(forged, asked), CRYPTO)
    without = arena.linden.forged(card, header={**header, "x5c": None}, key=new_key())
    judge(lambda asked: bind(without, asked), CRYPTO)
    assert listener.connections == 0


@pytest.mark.parametrize("critical", [[], ["exp"], "exp", ["alg"], ["b64", "b64"]])
def test_J08_critical_extensions_are_not_known(arena, card, judge, critical):
    forged = arena.linden.forged(card, header={"crit": critical})
    judge(lambda asked: bind(forged, asked), CRYPTO)


def test_J11_base64_has_one_spelling(card, judge):
    head, body, signature = issuer_jwt(card).split(".")
    for forged in (
        f"{head}.{body}.{signature}==",
        f"{head}.{body}.{signature}\n",
        f"{head}=.{body}.{signature}",
    ):
        judge(with_issuer_jwt(card, forged), CRYPTO)


def test_J13_a_signature_is_64_octets_of_numbers_in_range(card, judge):
    head, body, signature = issuer_jwt(card).split(".")
    raw = b64url_decode(signature)
    for forged in (bytes(64), raw[:63], raw + b"\0", raw[:32] + bytes(32), bytes(32) + raw[32:]):
        judge(with_issuer_jwt(card, f"{head}.{body}.{b64url_encode(forged)}"), CRYPTO)


def test_J25_a_large_header_is_refused(arena, card, judge):
    chain = x509.to_x5c(arena.linden.chain)
    for header in ({"opvulling": "x" * 9_000}, {"x5c": chain * 250}, {"x5c": [*chain * 3]}):
        forged = arena.linden.forged(card, header=header)
        judge(lambda asked, forged=forged: bind(forged, asked), CRYPTO)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256K", "ES384", "EdDSA", "", 7])
def test_J28_an_algorithm_is_the_keys_own(card, arena, judge, algorithm):
    header, payload = forging.parts(issuer_jwt(card))
    forged = forging.signed({**header, "alg": algorithm}, payload, arena.linden.key)
    judge(with_issuer_jwt(card, forged), CRYPTO)


def test_J23_a_token_of_another_kind_is_no_statement(arena, card, judge):
    judge(lambda _: arena.linden.token("revocation") + "~", MALFORMED)
    for typ in ("statuslist+jwt", "openid4vci-proof+jwt", "kb+jwt", "oauth-authz-req+jwt"):
        forged = arena.linden.forged(card, header={"typ": typ})
        judge(lambda asked, forged=forged: bind(forged, asked), CRYPTO)


def test_a_holder_with_an_ed25519_key_is_taken(arena, arena_counsellor, resident):
    other = arena.linden.card(resident, holder=PrivateKey.generate("EdDSA"))
    assert disclosures_by_path(other.text)
    counts(arena_counsellor.open(resident), other)
