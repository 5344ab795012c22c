"""Keys: what may come in, what they are pinned to, and the published signature vectors."""

import contextlib
import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, utils
from hypothesis import given
from hypothesis import strategies as st

from tests.vckit import vectors
from vckit.encoding import b64url_encode
from vckit.errors import (
    ConfigurationError,
    CryptographicSecurityError,
    MalformedValueError,
    VerificationError,
)
from vckit.keys import ALGORITHMS, PrivateKey, PublicKey

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
P256 = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF  # its field
P25519 = 2**255 - 19
D25519 = -121665 * pow(121666, -1, P25519) % P25519
Y8 = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)

KEYS = {algorithm: PrivateKey.generate(algorithm) for algorithm in ALGORITHMS}
EC, OKP = KEYS["ES256"], KEYS["EdDSA"]

every_kind = pytest.mark.parametrize("key", KEYS.values(), ids=ALGORITHMS)


def octets(number, size=32):
    return b64url_encode(number.to_bytes(size, "big"))


def ed25519_jwk(encoded):
    return {"kty": "OKP", "crv": "Ed25519", "x": b64url_encode(encoded)}


def holds(key, signature, data):
    try:
        key.verify(signature, data)
    except CryptographicSecurityError:
        return False
    return True


def wycheproof_key(group):
    """The key of a group; many groups give only the point."""
    if "publicKeyJwk" in group:
        return PublicKey.from_jwk(group["publicKeyJwk"])
    point = group["publicKey"]
    members = {name: octets(int(point[f"w{name}"], 16)) for name in "xy"}
    return PublicKey.from_jwk({"kty": "EC", "crv": "P-256", **members})


@pytest.mark.parametrize(
    ("group", "test"),
    vectors.cases("ecdsa_secp256r1_sha256_p1363_test", "ed25519_test"),
)
def test_J13_J14_every_wycheproof_signature_is_judged_right(group, test):
    signature, data = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
    assert holds(wycheproof_key(group), signature, data) is (test["result"] == "valid")


@vectors.needed
def test_J14_ed25519_speccheck_refuses_unsafe_keys_and_everything_but_rfc_8032():
    cases = json.loads((vectors.FOLDER / "ed25519-speccheck" / "cases.json").read_text())
    verdicts = []
    for case in cases:
        jwk = ed25519_jwk(bytes.fromhex(case["pub_key"]))
        try:
            key = PublicKey.from_jwk(jwk)
        except CryptographicSecurityError:
            verdicts.append("key")
            continue
        held = holds(key, bytes.fromhex(case["signature"]), bytes.fromhex(case["message"]))
        verdicts.append("holds" if held else "not")
    # 0, 1: small-order key; 2, 3: mixed order, sound without cofactor; 4, 5: only with cofactor;
    # 6, 7: S beyond the order; 8, 9: R not canonical; 10, 11: key not canonical.
    assert verdicts == ["key"] * 2 + ["holds"] * 2 + ["not"] * 6 + ["key"] * 2


@pytest.mark.parametrize(("_group", "test"), vectors.cases("ecdh_secp256r1_webcrypto_test"))
def test_J16_J17_invalid_curve_points_of_wycheproof_are_refused_at_import(_group, test):
    try:
        PublicKey.from_jwk(test["public"], use="enc")
    except VerificationError:
        assert test["result"] == "invalid"
    else:
        assert test["result"] == "valid"


@vectors.needed
def test_J17_x25519_is_no_curve_of_ours():
    keys = [test["public"] for _, test in vectors.wycheproof("x25519_jwk_test")]
    for jwk in keys:
        if jwk.get("crv") == "X25519":
            with pytest.raises(CryptographicSecurityError):
                PublicKey.from_jwk(jwk, use="enc")


def test_the_points_of_order_eight_are_where_doubling_gives_order_four():
    # Doubled, y becomes 0: x^2 = -y^2, and with the equation of the curve d y^4 + 2 y^2 = 1.
    for y in (Y8, P25519 - Y8):
        assert (D25519 * y**4 + 2 * y**2 - 1) % P25519 == 0


@pytest.mark.parametrize("y", [0, 1, P25519 - 1, Y8, P25519 - Y8])
@pytest.mark.parametrize("sign", [0, 1])
def test_every_encoding_of_the_small_order_points_is_refused(y, sign):
    for spelled in (y, y + P25519):
        if spelled < 2**255:
            encoded = (spelled | sign << 255).to_bytes(32, "little")
            with pytest.raises(CryptographicSecurityError):
                PublicKey.from_jwk(ed25519_jwk(encoded))


def test_encodings_beyond_the_field_are_refused():
    for y in range(P25519, 2**255):
        with pytest.raises(CryptographicSecurityError):
            PublicKey.from_jwk(ed25519_jwk(y.to_bytes(32, "little")))


def test_a_small_order_key_in_a_certificate_or_pem_is_refused_as_well():
    raw = ed25519.Ed25519PublicKey.from_public_bytes((1).to_bytes(32, "little"))
    with pytest.raises(CryptographicSecurityError):
        PublicKey.from_raw(raw)


@every_kind
def test_a_jwk_is_read_back_with_its_hints(key):
    jwk = key.public.to_jwk()
    hints = {"kid": "1", "use": "sig", "alg": key.algorithm, "key_ops": ["verify"], "exp": 5}
    assert PublicKey.from_jwk(jwk) == key.public
    for name in key.public.algorithm_names:
        assert PublicKey.from_jwk(jwk | hints | {"alg": name}) == key.public
    assert set(jwk) == ({"kty", "crv", "x", "y"} if key is EC else {"kty", "crv", "x"})


@every_kind
@pytest.mark.parametrize(
    "hint",
    [
        {"use": "enc"},
        {"use": None},
        {"use": ["sig"]},
        {"alg": "HS256"},
        {"alg": "ES384"},
        {"alg": "none"},
        {"alg": None},
        {"key_ops": []},
        {"key_ops": ["sign"]},
        {"key_ops": ["verify", "deriveKey"]},
        {"key_ops": ["verify", "verify"]},
        {"key_ops": "verify"},
        {"key_ops": [["verify"]]},
        {"use": "sig", "key_ops": ["deriveBits"]},
        {"d": "AAAA"},
        {"k": "AAAA"},
        {"p": "AAAA"},
    ],
)
def test_J22_a_jwk_for_another_job_or_with_a_secret_is_refused(key, hint):
    with pytest.raises(CryptographicSecurityError):
        PublicKey.from_jwk(key.public.to_jwk() | hint)


def test_J22_an_agreement_key_is_no_signing_key_and_the_reverse():
    jwk = EC.public.to_jwk()
    for hint in ({"use": "enc"}, {"alg": "ECDH-ES"}, {"key_ops": []}, {"key_ops": ["deriveKey"]}):
        assert PublicKey.from_jwk(jwk | hint, use="enc") == EC.public
        with pytest.raises(CryptographicSecurityError):
            PublicKey.from_jwk(jwk | hint)
    for hint in ({"use": "sig"}, {"alg": "ES256"}, {"key_ops": ["verify"]}, {"alg": "dir"}):
        with pytest.raises(CryptographicSecurityError):
            PublicKey.from_jwk(jwk | hint, use="enc")


X, Y = EC.public.to_jwk()["x"], EC.public.to_jwk()["y"]


@pytest.mark.parametrize(
    "change",
    [
        {"y": X},
        {"x": octets(0), "y": octets(0)},
        {"x": octets(P256)},
        {"x": octets(P256 + 5)},
        {"x": X[:-2]},
        {"x": octets(1, 33)},
        {"x": octets(0, 48), "y": octets(0, 48)},
        {"x": X + "="},
        {"x": 5},
        {"x": None},
        {"crv": "P-384"},
        {"crv": "p-256"},
        {"crv": ["P-256"]},
        {"crv": "Ed25519"},
        {"kty": "RSA"},
        {"kty": "oct"},
        {"kty": "OKP"},
        {"kty": "OKP", "crv": "Ed25519", "x": octets(7, 31)},
        {"kty": "OKP", "crv": "X25519"},
        {"kid": 5},
    ],
)
def test_J16_a_key_off_the_curve_or_malformed_is_refused_at_import(change):
    with pytest.raises((CryptographicSecurityError, MalformedValueError)):
        PublicKey.from_jwk(EC.public.to_jwk() | change)


@pytest.mark.parametrize("member", ["kty", "crv", "x", "y"])
def test_a_jwk_without_a_member_is_refused(member):
    jwk = {name: value for name, value in EC.public.to_jwk().items() if name != member}
    with pytest.raises((CryptographicSecurityError, MalformedValueError)):
        PublicKey.from_jwk(jwk)


@pytest.mark.parametrize("jwk", [None, [], "jwk", 5])
def test_what_is_no_object_is_no_jwk(jwk):
    with pytest.raises(MalformedValueError):
        PublicKey.from_jwk(jwk)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.none() | st.text(max_size=5) | st.integers() | st.lists(st.text(max_size=3))
            for name in ("kty", "crv", "x", "y", "use", "alg", "key_ops", "kid")
        },
    )
)
def test_any_jwk_gives_a_key_or_a_verification_error(changes):
    with contextlib.suppress(VerificationError):
        PublicKey.from_jwk(EC.public.to_jwk() | changes)


def test_thumbprints_are_those_of_the_rfcs():
    # RFC 8037 appendix A.3.
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert PublicKey.from_jwk(jwk).thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@every_kind
def test_a_signature_is_64_octets_and_the_same_every_time(key):
    signature = key.sign(b"data")
    assert len(signature) == 64
    assert key.sign(b"data") == signature
    key.public.verify(signature, b"data")


def test_ecdsa_is_deterministic_as_rfc_6979_a_2_5_says():
    d = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    key = PrivateKey.from_raw(ec.derive_private_key(d, ec.SECP256R1()))
    assert key.sign(b"sample").hex().upper() == (
        "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
        "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"
    )


@every_kind
@given(position=st.integers(0, 511))
def test_one_flipped_bit_breaks_a_signature(key, position):
    signature = bytearray(key.sign(b"data"))
    signature[position // 8] ^= 1 << position % 8
    assert not holds(key.public, bytes(signature), b"data")


def test_J13_bad_r_and_s_are_refused_and_a_high_s_is_valid():
    signature = EC.sign(b"data")
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    good = [(r, s), (r, ORDER - s)]
    bad = [(0, s), (r, 0), (0, 0), (1, 1), (ORDER, s), (r, ORDER), (ORDER + 1, s), (r, ORDER + 1)]
    for verdict, pairs in ((True, good), (False, bad)):
        for one, two in pairs:
            assert holds(EC.public, one.to_bytes(32) + two.to_bytes(32), b"data") is verdict


def test_J13_der_and_other_lengths_are_refused():
    signature = EC.sign(b"data")
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    for other in (utils.encode_dss_signature(r, s), signature[:-1], signature + b"\0", b""):
        assert not holds(EC.public, other, b"data")


def test_J14_s_beyond_the_order_is_refused():
    order = 2**252 + 27742317777372353535851937790883648493
    signature = OKP.sign(b"data")
    s = int.from_bytes(signature[32:], "little") + order
    assert not holds(OKP.public, signature[:32] + s.to_bytes(32, "little"), b"data")
    for other in (signature[:-1], signature + b"\0", b""):
        assert not holds(OKP.public, other, b"data")


@every_kind
def test_keys_are_equal_and_hashable_by_value(key):
    again = PrivateKey.from_pem(key.to_pem())
    assert again == key
    assert hash(again) == hash(key)
    assert {again.public, key.public} == {key.public_key}
    assert PrivateKey.generate(key.algorithm) != key


@every_kind
def test_a_private_key_never_shows_in_text(key):
    secret = key.to_jwk()["d"]
    assert secret not in repr(key)
    assert "raw" not in repr(key)


@every_kind
def test_a_private_jwk_is_read_back(key):
    assert PrivateKey.from_jwk(key.to_jwk()) == key
    assert PrivateKey.from_jwk({**key.to_jwk(), "key_ops": ["sign"]}) == key


def test_a_private_agreement_jwk_is_read_back():
    assert PrivateKey.from_jwk({**EC.to_jwk(), "use": "enc", "alg": "ECDH-ES"}) == EC


@pytest.mark.parametrize(
    "change",
    [
        {"d": octets(5)},
        {"d": octets(0)},
        {"d": octets(ORDER)},
        {"d": "AAAA"},
        {"d": None},
        {"x": Y},
    ],
)
def test_a_private_jwk_that_does_not_fit_is_refused(change):
    with pytest.raises(ConfigurationError):
        PrivateKey.from_jwk(EC.to_jwk() | change)


def pem(raw):
    return raw.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no pem",
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(rsa.generate_private_key(65537, 2048)),
        EC.to_pem().replace(b"PRIVATE", b"PUBLIC"),
    ],
    ids=["empty", "text", "P-384", "RSA", "public"],
)
def test_a_pem_of_another_kind_is_refused(content):
    with pytest.raises(ConfigurationError):
        PrivateKey.from_pem(content)


def test_other_algorithms_are_not_made():
    for algorithm in ("RS256", "es256", "none", ""):
        with pytest.raises(ConfigurationError):
            PrivateKey.generate(algorithm)


def test_keys_of_other_curves_are_refused():
    for raw in (ec.generate_private_key(ec.SECP384R1()).public_key(), "key", None):
        with pytest.raises(CryptographicSecurityError):
            PublicKey.from_raw(raw)
