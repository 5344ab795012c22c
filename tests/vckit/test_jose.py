"""JWS: what the strict wrapper refuses, and that honest ones pass."""

import hashlib
import hmac
import json
import time

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws as second_opinion
from joserfc.jwk import ECKey

from tests.vckit import vectors
from vckit import jose
from vckit.encoding import b64url_decode, b64url_encode
from vckit.errors import (
    ConfigurationError,
    CryptographicSecurityError,
    MalformedValueError,
    ParsingError,
    VerificationError,
)
from vckit.keys import ALGORITHMS, PrivateKey, PublicKey

TYP = "example+jwt"
KEYS = {algorithm: PrivateKey.generate(algorithm) for algorithm in ALGORITHMS}
KEY, OTHER = KEYS["ES256"], PrivateKey.generate("ES256")
HONEST = jose.sign({"typ": TYP}, {"a": 1}, KEY)

every_kind = pytest.mark.parametrize("key", KEYS.values(), ids=ALGORITHMS)


def signed(header, payload=b'{"a":1}', key=KEY):
    """A JWS with a good signature under any header text, as an attacker with a key makes it."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    signing_input = f"{b64url_encode(text)}.{b64url_encode(payload)}"
    return f"{signing_input}.{b64url_encode(key.sign(signing_input.encode()))}"


def header(**changes):
    return {"typ": TYP, "alg": "ES256"} | changes


def refuse(compact, key=KEY.public, expected=CryptographicSecurityError, **options):
    with pytest.raises(expected) as refused:
        jose.verify(compact, key, typ=options.pop("typ", TYP), **options)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@every_kind
def test_what_is_signed_is_verified(key):
    compact = jose.sign({"typ": TYP, "kid": "1"}, {"naam": "Zoë"}, key)
    verified = jose.verify(compact, key.public, typ=TYP)
    assert verified.header == {"typ": TYP, "kid": "1", "alg": key.algorithm}
    assert verified.claims() == {"naam": "Zoë"}
    assert jose.verify(jose.parse(compact), key.public, typ=TYP) == verified


def test_bytes_are_signed_as_they_are():
    verified = jose.verify(jose.sign({"typ": TYP}, b"\x00\xff", KEY), KEY.public, typ=TYP)
    assert verified.payload == b"\x00\xff"
    with pytest.raises(ParsingError):
        verified.claims()


def test_the_algorithm_is_the_signers_whatever_the_header_says():
    assert jose.parse(jose.sign({"typ": TYP, "alg": "none"}, {}, KEY)).header["alg"] == "ES256"


def test_a_second_library_agrees_both_ways():
    key = ECKey.import_key(KEY.to_jwk())
    assert second_opinion.deserialize_compact(HONEST, key).payload == b'{"a":1}'
    theirs = second_opinion.serialize_compact({"alg": "ES256", "typ": TYP}, b"{}", key)
    assert jose.verify(theirs, KEY.public, typ=TYP).claims() == {}


def test_nothing_of_the_content_shows_in_text():
    compact = jose.sign({"typ": TYP}, {"bsn": "999990019"}, KEY)
    for shown in (jose.parse(compact), jose.verify(compact, KEY.public, typ=TYP)):
        assert "999990019" not in repr(shown)


JWS_VECTORS = ("json_web_signature_test", "json_web_key_test", "json_web_crypto_test")


def of_our_algorithms(jwks):
    return all(jwk.get("alg") in (None, "ES256", "EdDSA") and "crv" in jwk for jwk in jwks)


def verified_by(jwk, compact):
    try:
        unverified = jose.parse(compact)
        typ = unverified.header.get("typ")
        jose.verify(unverified, PublicKey.from_jwk(jwk), typ=typ)
    except VerificationError:
        return False
    return True


@pytest.mark.parametrize(("group", "test"), vectors.cases(*JWS_VECTORS, member="jws"))
def test_J13_J16_J22_every_wycheproof_jws_is_judged_right(group, test):
    public = group.get("public") or group["private"]
    jwks = public.get("keys", [public])
    compact = test["jws"] if isinstance(test["jws"], str) else json.dumps(test["jws"])
    held = any(verified_by(jwk, compact) for jwk in jwks)
    assert held is (test["result"] == "valid" and of_our_algorithms(jwks))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
@every_kind
def test_J01_a_jws_without_a_signature_is_refused(alg, key):
    protected, payload, signature = HONEST.split(".")
    unsigned = b64url_encode(json.dumps(header(alg=alg)).encode())
    for end in ("", signature):
        refuse(f"{unsigned}.{payload}.{end}", key.public)
        refuse(f"{unsigned}.{payload}.{end}", key.public, algorithms=[alg])
    refuse(f"{protected}.{payload}.")


def test_J02_a_public_key_is_no_hmac_secret():
    point = KEY.public.point
    encodings = serialization.Encoding
    secrets = [
        point,
        point[1:33],
        json.dumps(KEY.public.to_jwk()).encode(),
        *(
            KEY.public.raw.public_bytes(one, serialization.PublicFormat.SubjectPublicKeyInfo)
            for one in (encodings.PEM, encodings.DER)
        ),
    ]
    for secret in secrets:
        signing_input = jose.sign(header(alg="HS256"), {"a": 1}, KEY).rsplit(".", 1)[0]
        protected = b64url_encode(json.dumps(header(alg="HS256")).encode())
        signing_input = f"{protected}.{signing_input.split('.')[1]}"
        mac = hmac.digest(secret, signing_input.encode(), hashlib.sha256)
        refuse(f"{signing_input}.{b64url_encode(mac)}")
        refuse(f"{signing_input}.{b64url_encode(mac)}", algorithms=["HS256", "ES256"])


@pytest.mark.parametrize("name", ["jku", "x5u"])
def test_J04_a_header_that_names_an_address_of_keys_is_refused(name):
    refuse(signed(header(**{name: "https://attacker.example/keys"})))


@pytest.mark.parametrize(
    "crit",
    [[], ["exp"], ["kid"], ["alg"], ["b64"], ["exp", "exp"], "exp", None, {}, 5, [5]],
)
def test_J08_critical_extensions_are_refused(crit):
    refuse(signed(header(crit=crit, exp=1)))
    refuse(signed(header(crit=crit)))


def test_J08_an_unencoded_payload_is_refused():
    refuse(signed(header(b64=False)))


@pytest.mark.parametrize(
    "text",
    [
        b'{"alg":"none","alg":"ES256","typ":"example+jwt"}',
        b'{"alg":"ES256","typ":"example+jwt","typ":"example+jwt"}',
        b'{"alg":"ES256","typ":"example+jwt","\\u0061lg":"ES256"}',
    ],
)
def test_J10_a_header_member_named_twice_is_refused(text):
    refuse(signed(text), expected=ParsingError)


def test_J10_a_payload_member_named_twice_is_refused():
    verified = jose.verify(signed(header(), b'{"aud":1,"aud":2}'), KEY.public, typ=TYP)
    with pytest.raises(ParsingError):
        verified.claims()
    with pytest.raises(ParsingError):
        jose.parse(signed(header(), b'{"aud":1,"aud":2}')).claims()


def test_J10_twin_an_honest_header_passes_and_unknown_members_are_ignored():
    jose.verify(HONEST, KEY.public, typ=TYP)
    jose.verify(signed(header(unknown={"a": 1}, cty="x", kid="1")), KEY.public, typ=TYP)


def another_last_letter(segment):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return segment[:-1] + alphabet[alphabet.index(segment[-1]) + 1]


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(
    "respell",
    [
        lambda one: one + "=",
        lambda one: one + "==",
        lambda one: one + "\n",
        lambda one: " " + one,
        lambda one: one[:4] + " " + one[4:],
        lambda one: one[:4] + "+/" + one[6:],
        lambda one: one + "!",
        another_last_letter,
    ],
)
def test_J11_another_spelling_of_a_segment_is_refused(place, respell):
    segments = jose.sign({"typ": TYP}, {"a": 12}, KEY).split(".")
    assert len(b64url_decode(segments[1])) % 3
    segments[place] = respell(segments[place])
    if place == 0:  # sign again, so that only the spelling is wrong
        signing_input = f"{segments[0]}.{segments[1]}"
        segments[2] = b64url_encode(KEY.sign(signing_input.encode("utf-8")))
    refuse(".".join(segments))


def test_J23_only_the_expected_type_is_verified():
    kinds = [
        "openid4vci-proof+jwt",
        "dpop+jwt",
        "kb+jwt",
        "at+jwt",
        "dc+sd-jwt",
        "statuslist+jwt",
        "oauth-authz-req+jwt",
    ]
    for made in kinds:
        compact = jose.sign({"typ": made}, {}, KEY)
        for asked in kinds:
            if made == asked:
                jose.verify(compact, KEY.public, typ=asked)
            else:
                refuse(compact, typ=asked)


@pytest.mark.parametrize("typ", ["JWT", TYP.upper(), f"application/{TYP}", "", f"{TYP} "])
def test_J23_the_type_is_compared_exactly(typ):
    refuse(signed(header(typ=typ)))


@pytest.mark.parametrize(
    "changes",
    [
        {"typ": None},
        {"typ": ["example+jwt"]},
        {"alg": None},
        {"alg": ["ES256"]},
        {"alg": 5},
        {"kid": 5},
        {"cty": {}},
        {"jwk": "key"},
        {"x5c": "MII"},
        {"x5c": {}},
    ],
)
def test_header_members_of_the_wrong_type_are_refused(changes):
    refuse(signed(header(**changes)))


@pytest.mark.parametrize("missing", ["alg", "typ"])
def test_J23_a_missing_type_or_algorithm_is_refused(missing):
    refuse(signed({name: value for name, value in header().items() if name != missing}))


def padded_header(size):
    bare = len(json.dumps(header(pad="")))
    return json.dumps(header(pad="x" * (size - bare))).encode()


def test_J25_a_header_of_8_kib_passes_and_one_octet_more_is_refused_at_once():
    jose.verify(signed(padded_header(8_192)), KEY.public, typ=TYP)
    refuse(signed(padded_header(8_193)))
    huge = signed(padded_header(9 * 1_048_576))
    begun = time.perf_counter()
    refuse(huge)
    assert time.perf_counter() - begun < 0.1


def test_J25_five_certificates_pass_and_six_are_refused():
    jose.verify(signed(header(x5c=["MII"] * 5)), KEY.public, typ=TYP)
    refuse(signed(header(x5c=["MII"] * 6)))
    refuse(signed(header(x5c=["a"] * 500)))


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 4_000,
        b'{"a":' * 1_600,
        b'{"alg":NaN}',
        b"\xef\xbb\xbf{}",
        b'{"typ":"\\ud800"}',
        '{"alg":"ES256"}'.encode("utf-16"),
        b"null",
        b'["alg"]',
        b"",
    ],
)
def test_J26_a_header_that_is_no_strict_json_object_is_a_parsing_error(text):
    refuse(signed(text), expected=ParsingError)


@pytest.mark.parametrize(
    "alg", ["RS256", "PS256", "ES256K", "ES384", "ES512", "Ed25519", "EdDSA", "es256", "HS256"]
)
def test_J28_an_algorithm_that_is_not_the_keys_own_is_refused(alg):
    refuse(signed(header(alg=alg)))
    refuse(signed(header(alg=alg)), algorithms=[alg])


def test_an_ed25519_signature_may_stand_under_the_fully_specified_name():
    key = KEYS["EdDSA"]
    compact = signed(header(alg="Ed25519"), key=key)
    assert jose.verify(compact, key.public, typ=TYP).claims() == {"a": 1}
    refuse(compact, key.public, algorithms=["EdDSA"])
    refuse(jose.sign({"typ": TYP}, {}, key), key.public, algorithms=["Ed25519"])
    refuse(signed(header(alg="ES256"), key=key), key.public)


@every_kind
def test_J28_an_algorithm_that_is_not_allowed_is_refused(key):
    compact = jose.sign({"typ": TYP}, {}, key)
    others = [name for name in ALGORITHMS if name != key.algorithm]
    refuse(compact, key.public, algorithms=others)
    refuse(compact, key.public, algorithms=[])
    jose.verify(compact, key.public, typ=TYP, algorithms=[key.algorithm])


@every_kind
def test_another_key_or_another_kind_of_key_is_refused(key):
    compact = jose.sign({"typ": TYP}, {}, key)
    for other in (PrivateKey.generate(name) for name in ALGORITHMS):
        refuse(compact, other.public)


def test_a_key_in_the_header_is_not_used():
    refuse(jose.sign({"typ": TYP, "jwk": OTHER.public.to_jwk()}, {"a": 1}, OTHER))


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "a.b", "a.b.c.d", HONEST + ".", "." + HONEST, HONEST[:-86], "{}", "é.é.é"],
)
def test_what_is_no_compact_jws_is_refused(text):
    refuse(text, expected=VerificationError)


@pytest.mark.parametrize("value", [None, 5, b"a.b.c", ["a", "b", "c"]])
def test_what_is_no_text_is_refused(value):
    with pytest.raises(ParsingError):
        jose.parse(value)


@given(st.integers(0, len(HONEST) - 1), st.characters(max_codepoint=126, min_codepoint=33))
def test_one_changed_character_breaks_it(position, character):
    changed = HONEST[:position] + character + HONEST[position + 1 :]
    if changed != HONEST:
        refuse(changed, expected=VerificationError)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_gives_an_error_of_ours(first, second):
    refuse(f"{first}.{second}.", expected=VerificationError)


FIRST, SECOND, THIRD = KEY, KEYS["EdDSA"], OTHER
KNOWN = [FIRST.public, SECOND.public]


def general(*keys, payload=b"payload", typ=TYP):
    return jose.sign_general(payload, [({"typ": typ, "kid": "1"}, key) for key in keys])


def refuse_general(data, keys=KNOWN, threshold=1, expected=CryptographicSecurityError):
    with pytest.raises(expected):
        jose.verify_general(data, keys, typ=TYP, threshold=threshold)


@pytest.mark.parametrize(
    ("signers", "threshold"),
    [((FIRST,), 1), ((FIRST, SECOND), 2), ((SECOND, FIRST), 1), ((THIRD, FIRST, SECOND), 2)],
)
def test_enough_known_keys_give_the_payload(signers, threshold):
    payload = jose.verify_general(general(*signers), KNOWN, typ=TYP, threshold=threshold)
    assert payload == b"payload"


def test_signatures_of_too_few_different_known_keys_are_refused():
    refuse_general(general(THIRD))
    refuse_general(general(FIRST), threshold=2)
    refuse_general(general(FIRST, FIRST), threshold=2)
    refuse_general(general(FIRST, THIRD), threshold=2)
    refuse_general(general(FIRST, typ="other+jwt"))


def test_a_threshold_of_nothing_or_of_more_than_there_are_is_our_own_mistake():
    for threshold in (0, -1, 3):
        refuse_general(general(FIRST, SECOND), threshold=threshold, expected=ConfigurationError)
    twice = [FIRST.public, FIRST.public]
    refuse_general(general(FIRST), twice, threshold=2, expected=ConfigurationError)
    refuse_general(general(FIRST), [], expected=ConfigurationError)


def test_a_changed_payload_is_refused():
    document = json.loads(general(FIRST))
    document["payload"] = b64url_encode(b"another")
    refuse_general(json.dumps(document).encode())


def test_the_payload_of_one_document_does_not_go_with_the_signature_of_another():
    document, other = json.loads(general(FIRST)), json.loads(general(FIRST, payload=b"other"))
    document["signatures"] = other["signatures"]
    refuse_general(json.dumps(document).encode())


def with_signature(**changes):
    document = json.loads(general(FIRST))
    document["signatures"][0] |= changes
    return document


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        {"payload": "", "signatures": []},
        {"payload": "", "signatures": {}},
        {"payload": 5, "signatures": [1]},
        {"payload": "cA", "signatures": [None]},
        json.loads(general(FIRST)) | {"extra": 1},
        json.loads(general(FIRST)) | {"header": {}},
        json.loads(general(FIRST)) | {"signatures": json.loads(general(FIRST))["signatures"] * 17},
        with_signature(header={"alg": "none"}),
        with_signature(protected=5),
        with_signature(signature=None),
        with_signature(signature="not base64!"),
        with_signature(protected=""),
    ],
)
def test_another_shape_is_refused_whole(document):
    refuse_general(json.dumps(document).encode(), expected=VerificationError)


def test_the_flattened_form_is_refused():
    protected, payload, signature = HONEST.split(".")
    flattened = {"payload": payload, "protected": protected, "signature": signature}
    refuse_general(json.dumps(flattened).encode(), expected=MalformedValueError)


def test_J10_members_named_twice_in_the_general_form_are_refused():
    text = general(FIRST)
    refuse_general(text[:-1] + b',"payload":"cA"}', expected=ParsingError)
    inner = b64url_encode(b'{"typ":"example+jwt","alg":"ES256","alg":"ES256"}')
    refuse_general(json.dumps(with_signature(protected=inner)).encode(), expected=ParsingError)


def test_a_payload_longer_than_one_json_string_may_be_passes():
    payload = b"x" * 100_000
    verified = jose.verify_general(general(FIRST, payload=payload), KNOWN, typ=TYP, threshold=1)
    assert verified == payload
