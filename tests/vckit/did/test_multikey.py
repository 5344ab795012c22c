"""Multikeys: one spelling of each key, and nothing but P-256 and Ed25519."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vckit import vectors
from vckit.did import multikey
from vckit.encoding import base58btc_encode
from vckit.errors import CryptographicSecurityError, InvalidVerificationMethodError
from vckit.keys import ALGORITHMS, PrivateKey, PublicKey

KEYS = {algorithm: PrivateKey.generate(algorithm).public for algorithm in ALGORITHMS}
P256, ED25519 = KEYS["ES256"], KEYS["EdDSA"]
every_kind = pytest.mark.parametrize("key", KEYS.values(), ids=ALGORITHMS)


@every_kind
def test_a_key_is_read_back(key):
    assert multikey.decode(multikey.encode(key)) == key


def test_the_prefixes_are_those_that_everybody_knows():
    assert multikey.encode(ED25519).startswith("z6Mk")
    assert multikey.encode(P256).startswith("zDn")


@vectors.needed
@pytest.mark.parametrize(
    ("file", "algorithm"),
    [
        ("vc-di-eddsa/TestVectors/keyPair.json", "EdDSA"),
        ("vc-di-ecdsa/TestVectors/p256KeyPair.json", "ES256"),
    ],
)
def test_published_multikeys_are_read_and_written(file, algorithm):
    text = json.loads((vectors.FOLDER / file).read_text())["publicKeyMultibase"]
    key = multikey.decode(text)
    assert key.algorithm == algorithm
    assert multikey.encode(key) == text


@vectors.needed
def test_W16_a_p384_key_is_of_another_kind():
    pair = json.loads((vectors.FOLDER / "vc-di-ecdsa/TestVectors/p384KeyPair.json").read_text())
    with pytest.raises(InvalidVerificationMethodError):
        multikey.decode(pair["publicKeyMultibase"])


def multibase(prefix, octets):
    return base58btc_encode(bytes.fromhex(prefix) + octets)


REFUSED = {
    "a byte follows the Ed25519 key": multibase("ed01", ED25519.point + b"\0"),
    "a byte follows the P-256 key": multibase("8024", P256.compressed + b"\0"),
    "too short": multibase("ed01", ED25519.point[:-1]),
    "uncompressed P-256": multibase("8024", P256.point),
    "raw coordinate of P-256": multibase("8024", P256.point[1:33]),
    "P-256 under the code of Ed25519": multibase("ed01", P256.compressed),
    "Ed25519 under the code of P-256": multibase("8024", ED25519.point),
    "a code without its varint": multibase("1200", P256.compressed),
    "the longer varint of the same code": multibase("ed8100", ED25519.point),
    "RSA": multibase("8524", bytes(270)),
    "X25519": multibase("ec01", ED25519.point),
    "secp256k1": multibase("e701", P256.compressed),
    "the private key": multibase("8026", bytes(range(32))),
    "a point of small order": multibase("ed01", b"\1" + bytes(31)),
    "no point of the curve": multibase("8024", b"\2" + b"\xff" * 32),
    "hybrid form of the point": multibase("8024", bytes([6 + P256.point[-1] % 2]) + P256.point[1:]),
    "no key": multibase("ed01", b""),
    "nothing": "z",
    "empty": "",
    "base64url": "u" + multikey.encode(ED25519)[1:],
    "upper case base": "Z" + multikey.encode(ED25519)[1:],
    "a character outside of base58": multikey.encode(ED25519)[:-1] + "0",
    "white space": multikey.encode(ED25519) + " ",
    "a leading zero": "z1" + multikey.encode(ED25519)[1:],
    "endless": "z" + "2" * 100_000,
    "no text": 5,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_W16_any_other_text_is_refused(text):
    with pytest.raises(InvalidVerificationMethodError):
        multikey.decode(text)


@given(st.integers(min_value=0, max_value=2**256 - 1))
def test_a_compressed_point_is_the_same_key_or_refused(x):
    encoded = b"\3" + x.to_bytes(32)
    try:
        key = PublicKey.from_compressed("ES256", encoded)
    except CryptographicSecurityError:
        return
    assert key.compressed == encoded
    assert PublicKey.from_jwk(key.to_jwk()) == key


def test_the_sign_of_a_point_is_kept():
    odd, even = (PublicKey.from_compressed("ES256", bytes([n]) + bytes(32)) for n in (3, 2))
    assert odd != even
    assert (odd.point[-1] % 2, even.point[-1] % 2) == (1, 0)
