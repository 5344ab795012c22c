"""Rows J at entry point E1, `proofs.jwt`: whatever is wrong is CRED(invalid_proof)."""

import json
import time

import pytest

from tests.attacks import forging
from tests.attacks.holder import Holder, credential_of, new_key
from tests.attacks.reactions import credential_refused
from vckit.encoding import b64url_decode, b64url_encode
from vckit.keys import PrivateKey

pytestmark = pytest.mark.services


@pytest.fixture
def wallet(boxtel):
    return Holder(boxtel.config.base_url)


@pytest.fixture
def refused(world, boxtel, wallet):
    """Refuses each proof with nothing written; afterwards the honest one is taken."""
    code = boxtel.offer(world.residents[26].bsn).offer.pre_authorized_code
    access_token = wallet.access_token(code)
    before = boxtel.books()

    def refuse(proof):
        credential_refused(wallet.fetch(access_token, proof), "invalid_proof")

    yield refuse
    assert boxtel.books() == before
    credential_of(wallet.fetch(access_token, wallet.proof()))


@pytest.mark.parametrize("algorithm", forging.NONES)
def test_J01_a_proof_without_a_signature_is_refused(wallet, refused, algorithm):
    refused(forging.unsigned(wallet.proof(), algorithm))


def test_J01_a_proof_whose_signature_was_cut_off_is_refused(wallet, refused):
    refused(wallet.proof().rpartition(".")[0] + ".")
    refused(wallet.proof().rpartition(".")[0])


def test_J02_a_public_key_is_no_shared_secret(boxtel, wallet, refused):
    issuer_key = PrivateKey.from_pem(pem_of(boxtel)).public
    for key in (wallet.key.public, issuer_key):
        for secret in forging.public_bytes(key):
            refused(forging.hmac_signed(wallet.proof(), secret))


def pem_of(desk):
    return (desk.world.folder / desk.slug / "keys" / "credential.pem").read_bytes()


def test_J10_a_member_that_stands_twice_is_refused(wallet, refused):
    for proof in forging.duplicates(wallet.proof(), wallet.key, "aud").values():
        refused(proof)


def test_J04_a_key_is_not_fetched_from_an_address(wallet, refused, listener):
    for name in ("jku", "x5u"):
        refused(wallet.proof(header={name: f"{listener.origin}/keys"}))
        refused(wallet.proof(header={name: f"{listener.origin}/keys", "jwk": None, "kid": "a"}))
    assert listener.connections == 0


@pytest.mark.parametrize("critical", [[], ["exp"], ["b64"], "exp", ["alg"], ["exp", "exp"], None])
def test_J08_critical_extensions_are_not_known(wallet, refused, critical):
    header, payload = forging.parts(wallet.proof())
    refused(forging.signed({**header, "crit": critical}, payload, wallet.key))


def test_J11_base64_has_one_spelling(wallet, refused):
    head, body, signature = wallet.proof().split(".")
    last = "BCDEFGH"["AQgw".index(signature[-1])] if signature[-1] in "AQgw" else "B"
    for proof in (
        f"{head}.{body}.{signature}==",
        f"{head}.{body}.{signature[:-1]}{last}",
        f"{head}.{body} .{signature}",
        f"{head}\n.{body}.{signature}",
        f"{head}.{body}.+/{signature[2:]}",
    ):
        refused(proof)


def test_J13_a_signature_is_64_octets_of_numbers_in_range(wallet, refused):
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    head, body, signature = wallet.proof().split(".")
    raw = b64url_decode(signature)
    numbers = [0, 1, order, order + 1]
    forged = [raw[:63], raw + b"\0", bytes(64)]
    forged += [one.to_bytes(32) + raw[32:] for one in numbers]
    forged += [raw[:32] + one.to_bytes(32) for one in numbers]
    for one in forged:
        refused(f"{head}.{body}.{b64url_encode(one)}")


def test_J13_the_other_s_of_a_signature_is_valid(world, boxtel, wallet):
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    code = boxtel.offer(world.residents[26].bsn).offer.pre_authorized_code
    head, body, signature = wallet.proof().split(".")
    raw = b64url_decode(signature)
    other = raw[:32] + (order - int.from_bytes(raw[32:])).to_bytes(32)
    proof = f"{head}.{body}.{b64url_encode(other)}"
    credential_of(wallet.fetch(wallet.access_token(code), proof))


def test_J14_an_ed25519_signature_has_one_form(wallet, refused):
    order = 2**252 + 27742317777372353535851937790883648493
    other = Holder(wallet.issuer, PrivateKey.generate("EdDSA"))
    head, body, signature = other.proof().split(".")
    raw = b64url_decode(signature)
    malleable = (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little")
    for forged in (raw[:32] + malleable, raw[:63], raw + b"\0", b"\xff" * 32 + raw[32:]):
        refused(f"{head}.{body}.{b64url_encode(forged)}")


def test_J16_a_key_is_a_point_of_its_curve(wallet, refused):
    jwk = wallet.key.public.to_jwk()
    zero = b64url_encode(bytes(32))
    for changes in (
        {"y": zero},
        {"x": zero, "y": zero},
        {"x": b64url_encode(b"\xff" * 32)},
        {"x": jwk["x"][:-2]},
        {"crv": "P-384"},
        {"crv": "secp256k1"},
        {"kty": "OKP"},
        {"kty": "oct", "k": jwk["x"]},
        {"kty": "RSA", "n": jwk["x"], "e": "AQAB"},
    ):
        refused(wallet.proof(header={"jwk": {**jwk, **changes}}))


def test_J16_a_small_order_key_signs_for_nobody(wallet, refused):
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64url_encode(b"\x01" + bytes(31))}
    header = {"typ": "openid4vci-proof+jwt", "alg": "EdDSA", "jwk": jwk}
    _, claims = forging.parts(wallet.proof())
    refused(
        forging.compact(
            json.dumps(header).encode(), json.dumps(claims).encode(), b"\x01" + bytes(63)
        )
    )


def test_J22_a_key_is_used_for_its_own_job(wallet, refused):
    jwk = wallet.key.public.to_jwk()
    for changes in ({"use": "enc"}, {"key_ops": ["deriveKey"]}, {"alg": "EdDSA"}, {"alg": "ES384"}):
        refused(wallet.proof(header={"jwk": {**jwk, **changes}}))


def test_J25_a_large_header_is_refused_at_once(wallet, refused):
    begun = time.monotonic()
    refused(wallet.proof(header={"opvulling": "x" * 9_000}))
    refused(wallet.proof(header={"jwk": None, "x5c": ["AAAA"] * 500}))
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "payload",
    [
        # As deep and as long as a JSON string of 64 KiB carries; longer ones end before.
        b"[" * 45_000,
        b'{"iat":' + b"9" * 40_000 + b"}",
        b'{"a":"\\ud800"}',
        '{"a":1}'.encode("utf-16"),
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b"[]",
        b"",
    ],
    ids=["deep", "digits", "surrogate", "utf-16", "bom", "nan", "infinity", "array", "empty"],
)
def test_J26_a_payload_is_strict_json(wallet, refused, payload):
    header, _ = forging.parts(wallet.proof())
    refused(forging.signed(header, payload, wallet.key))


def test_J28_only_the_advertised_algorithms_are_taken(wallet, refused):
    head, body = forging.parts(wallet.proof())
    for algorithm in ("RS256", "PS256", "ES256K", "ES384", "ES512", "EdDSA", "HS256", "", 7, None):
        refused(forging.signed({**head, "alg": algorithm}, body, wallet.key))


def test_J23_a_proof_by_ed25519_is_taken(world, boxtel, wallet):
    """The twin of the refused algorithms: the other one that is advertised."""
    code = boxtel.offer(world.residents[26].bsn).offer.pre_authorized_code
    other = Holder(wallet.issuer, PrivateKey.generate("EdDSA"))
    credential_of(other.fetch(other.access_token(code), other.proof()))
    assert new_key().algorithm == "ES256"
