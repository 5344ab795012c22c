"""JWE: ECDH-ES on P-256, refused from the header alone, and every refusal the same."""

import inspect
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe as second_opinion
from joserfc.jwk import ECKey

from tests.vckit import vectors
from vckit import jwe
from vckit.encoding import b64url_decode, b64url_encode
from vckit.errors import ConfigurationError, CryptographicSecurityError, MalformedValueError
from vckit.keys import PrivateKey

KEY = PrivateKey.generate("ES256")
JWK = KEY.public.to_jwk() | {"kid": "1", "use": "enc", "alg": "ECDH-ES"}
HONEST = jwe.encrypt(b"plaintext", JWK, enc="A128GCM")
ALL = ("A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512")


def decrypt(compact, **options):
    return jwe.decrypt(compact, KEY, **({"kid": "1", "max_plaintext": 1_000} | options))


def refuse(compact, **options):
    with pytest.raises(jwe.DecryptionError) as refused:
        decrypt(compact, **options)
    assert str(refused.value) == "The encrypted message cannot be used."
    assert (refused.value.code, refused.value.status) == ("invalid_request", 400)
    assert refused.value.__suppress_context__


def changed(**members):
    """HONEST under another header; a member None is left out."""
    header, *rest = HONEST.split(".")
    new = json.loads(b64url_decode(header)) | members
    text = json.dumps({name: value for name, value in new.items() if value is not None})
    return ".".join([b64url_encode(text.encode()), *rest])


def respelled(place, change):
    segments = HONEST.split(".")
    segments[place] = b64url_encode(change(b64url_decode(segments[place])))
    return ".".join(segments)


@pytest.mark.parametrize("enc", jwe.ENCRYPTIONS)
@pytest.mark.parametrize("parties", [{}, {"apu": b"wallet", "apv": b"nonce"}])
def test_what_is_encrypted_is_decrypted(enc, parties):
    compact = jwe.encrypt(b"hello", JWK, enc=enc, **parties)
    header = jwe.unverified_header(compact)
    assert (header["alg"], header["enc"], header["kid"]) == ("ECDH-ES", enc, "1")
    assert set(header) == {"alg", "enc", "kid", "epk", *parties}
    assert decrypt(compact) == b"hello"


def test_two_encryptions_share_nothing():
    one, two = (jwe.encrypt(b"hello", JWK, enc="A128GCM").split(".") for _ in range(2))
    assert all(left != right for left, right in zip(one, two, strict=True) if left)


def test_a_second_library_agrees_both_ways():
    key = ECKey.import_key(KEY.to_jwk())
    algorithms = ["ECDH-ES", "A256GCM"]
    ours = jwe.encrypt(b"ours", JWK, enc="A256GCM")
    assert second_opinion.decrypt_compact(ours, key, algorithms).plaintext == b"ours"
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": "1", "cty": "json"}
    theirs = second_opinion.encrypt_compact(header, b"theirs", key, algorithms)
    assert decrypt(theirs) == b"theirs"


@pytest.mark.parametrize(
    ("group", "test"),
    vectors.cases("json_web_encryption_test", "json_web_crypto_test", member="jwe"),
)
def test_J16_J20_every_wycheproof_jwe_is_judged_right(group, test):
    compact = test["jwe"] if isinstance(test["jwe"], str) else json.dumps(test["jwe"])
    jwk = group["private"]
    ours = jwk.get("alg") == "ECDH-ES" and jwk["crv"] == "P-256"
    key = KEY
    if jwk.get("crv") == "P-256":  # other kinds cannot even be imported
        key = PrivateKey.from_jwk({name: jwk[name] for name in ("kty", "crv", "x", "y", "d")})
    try:
        plaintext = jwe.decrypt(compact, key, kid=None, max_plaintext=10_000, encs=ALL)
    except jwe.DecryptionError:
        assert not (ours and test["result"] == "valid")
    else:
        assert ours
        assert test["result"] == "valid"
        assert plaintext == bytes.fromhex(test["pt"])


@pytest.mark.parametrize("enc", sorted(set(ALL) - set(jwe.ENCRYPTIONS)))
def test_J19_an_encryption_that_is_not_offered_is_refused(enc):
    compact = jwe.encrypt(b"hello", JWK, enc=enc)
    refuse(compact)
    assert decrypt(compact, encs=[enc]) == b"hello"
    refuse(HONEST, encs=[])


@pytest.mark.parametrize(
    "members",
    [
        {"alg": "dir"},
        {"alg": "RSA1_5"},
        {"alg": "RSA-OAEP"},
        {"alg": "A128KW"},
        {"alg": "ECDH-ES+A128KW"},
        {"alg": "ECDH-1PU"},
        {"alg": "PBES2-HS256+A128KW", "p2c": 10**9, "p2s": "AAAA"},
        {"alg": "none"},
        {"alg": ["ECDH-ES"]},
        {"alg": None},
        {"enc": None},
        {"enc": "A128GCMKW"},
        {"enc": ["A128GCM"]},
        {"enc": {}},
    ],
)
def test_J19_other_algorithms_are_refused_from_the_header_alone(members):
    begun = time.perf_counter()
    refuse(changed(**members))
    assert time.perf_counter() - begun < 0.05


@pytest.mark.parametrize("zipped", ["DEF", "", None, ["DEF"]])
def test_compression_is_always_refused(zipped):
    header = {"alg": "ECDH-ES", "enc": "A128GCM", "kid": "1", "zip": zipped}
    if zipped == "DEF":
        key = ECKey.import_key(KEY.to_jwk())
        refuse(
            second_opinion.encrypt_compact(header, b"a" * 100, key, ["ECDH-ES", "A128GCM", "DEF"])
        )
    head, *rest = HONEST.split(".")
    members = json.loads(b64url_decode(head)) | {"zip": zipped}
    refuse(".".join([b64url_encode(json.dumps(members).encode()), *rest]))


@pytest.mark.parametrize(
    "members",
    [
        {"crit": []},
        {"crit": ["exp"], "exp": 1},
        {"jku": "https://attacker.example"},
        {"x5u": "https://attacker.example"},
        {"apu": 5},
        {"apu": "not base64!"},
        {"apv": ["AAAA"]},
        {"kid": "2"},
        {"kid": None},
        {"kid": 1},
        {"cty": "changed"},  # it is authenticated
    ],
)
def test_J08_J20_another_header_is_refused(members):
    refuse(changed(**members))


EPK = jwe.unverified_header(HONEST)["epk"]
OTHER = PrivateKey.generate("ES256")


@pytest.mark.parametrize(
    "epk",
    [
        None,
        "key",
        [],
        {},
        EPK | {"d": OTHER.to_jwk()["d"]},
        EPK | {"y": EPK["x"]},
        EPK | {"x": b64url_encode(bytes(32)), "y": b64url_encode(bytes(32))},
        EPK | {"x": EPK["x"][:-2]},
        EPK | {"crv": "P-384"},
        EPK | {"crv": "Ed25519", "kty": "OKP"},
        PrivateKey.generate("EdDSA").public.to_jwk(),
        {"kty": "OKP", "crv": "X25519", "x": b64url_encode(bytes(32))},
        {"kty": "oct", "k": "AAAA"},
        OTHER.public.to_jwk(),
        EPK | {"use": "sig"},
    ],
)
def test_J17_another_ephemeral_key_is_refused(epk):
    refuse(changed(epk=epk))


@pytest.mark.parametrize("less", [1, 4, 8, 15, 16])
def test_J20_a_truncated_tag_is_refused(less):
    refuse(respelled(4, lambda tag: tag[:-less]))


@pytest.mark.parametrize("place", [2, 3, 4])
@pytest.mark.parametrize(
    "change",
    [
        lambda one: one + b"\0",
        lambda one: one[:-1],
        lambda one: bytes([one[0] ^ 1]) + one[1:],
        lambda one: one[:-1] + bytes([one[-1] ^ 0x80]),
        lambda _one: b"",
    ],
)
def test_J20_another_vector_ciphertext_or_tag_is_refused(place, change):
    refuse(respelled(place, change))


def test_an_encrypted_key_is_refused_with_direct_agreement():
    segments = HONEST.split(".")
    segments[1] = "AAAA"
    refuse(".".join(segments))


def test_J10_a_header_member_named_twice_is_refused():
    head, *rest = HONEST.split(".")
    text = b64url_decode(head)[:-1] + b',"alg":"ECDH-ES"}'
    refuse(".".join([b64url_encode(text), *rest]))
    with pytest.raises(jwe.DecryptionError):
        jwe.unverified_header(".".join([b64url_encode(text), *rest]))


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("end", ["=", "\n", "!", " "])
def test_J11_another_spelling_of_a_segment_is_refused(place, end):
    segments = HONEST.split(".")
    segments[place] += end
    refuse(".".join(segments))


def test_the_plaintext_may_be_as_long_as_the_budget_and_not_longer():
    for enc in jwe.ENCRYPTIONS:
        assert decrypt(jwe.encrypt(b"x" * 1_000, JWK, enc=enc)) == b"x" * 1_000
        refuse(jwe.encrypt(b"x" * 1_001, JWK, enc=enc))
    assert decrypt(jwe.encrypt(b"", JWK, enc="A128GCM"), max_plaintext=0) == b""


def test_large_plaintexts_within_the_budget_pass():
    plaintext = b"x" * 6_291_456
    compact = jwe.encrypt(plaintext, JWK, enc="A256GCM")
    assert decrypt(compact, max_plaintext=len(plaintext)) == plaintext


def test_J25_a_header_beyond_8_kib_is_refused():
    with_pad = changed(pad="x" * 8_192)
    refuse(with_pad)
    with pytest.raises(jwe.DecryptionError):
        jwe.unverified_header(with_pad)


def test_the_wrong_key_is_refused_in_the_same_words():
    with pytest.raises(jwe.DecryptionError) as refused:
        jwe.decrypt(HONEST, OTHER, kid="1", max_plaintext=1_000)
    assert str(refused.value) == "The encrypted message cannot be used."


def test_without_an_expected_kid_any_will_do():
    assert decrypt(HONEST, kid=None) == b"plaintext"
    bare = {name: value for name, value in JWK.items() if name != "kid"}
    compact = jwe.encrypt(b"hello", bare, enc="A128GCM")
    assert decrypt(compact, kid=None) == b"hello"
    refuse(compact)


@pytest.mark.parametrize(
    "value", [None, 5, b"a.b.c.d.e", "", "a.b.c", "a.b.c.d.e.f", "....", "é...."]
)
def test_what_is_no_compact_jwe_is_refused(value):
    refuse(value)
    with pytest.raises(jwe.DecryptionError):
        jwe.unverified_header(value)


@given(st.integers(0, len(HONEST) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_one_changed_character_breaks_it(position, character):
    text = HONEST[:position] + character + HONEST[position + 1 :]
    if text != HONEST:
        refuse(text)


@given(
    st.dictionaries(
        st.sampled_from(
            ["alg", "enc", "epk", "apu", "apv", "kid", "zip", "typ", "x5c", "jwk", "p2c"]
        ),
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.text()),
        min_size=1,
    )
)
def test_any_header_gives_the_same_error(members):
    compact = changed(**members)
    if compact != HONEST:
        refuse(compact)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"use": "sig"}, CryptographicSecurityError),
        ({"alg": "ES256"}, CryptographicSecurityError),
        ({"alg": "ECDH-ES+A128KW"}, CryptographicSecurityError),
        ({"key_ops": ["verify"]}, CryptographicSecurityError),
        ({"d": "AAAA"}, CryptographicSecurityError),
        ({"y": JWK["x"]}, CryptographicSecurityError),
        ({"kty": "OKP", "crv": "Ed25519"}, CryptographicSecurityError),
        ({"x": None}, MalformedValueError),
        ({"kid": 5}, MalformedValueError),
    ],
)
def test_J22_nothing_is_encrypted_to_a_key_for_another_job(change, error):
    with pytest.raises(error):
        jwe.encrypt(b"secret", JWK | change, enc="A128GCM")


def test_an_unknown_encryption_is_not_used():
    with pytest.raises(CryptographicSecurityError):
        jwe.encrypt(b"secret", JWK, enc="A128GCMKW")


def test_a_key_of_ours_on_another_curve_is_a_mistake_of_ours():
    with pytest.raises(ConfigurationError):
        jwe.decrypt(HONEST, PrivateKey.generate("EdDSA"), kid=None, max_plaintext=10)


def test_no_argument_switches_a_check_off():
    assert set(inspect.signature(jwe.decrypt).parameters) == {
        "compact", "private_key", "kid", "max_plaintext", "encs",
    }  # fmt: skip
