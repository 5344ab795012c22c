"""Rows J at entry point E8, the encrypted response at the response URI: always RSP-REJ."""

import base64
import json
import time

import pytest
from joserfc.jwe import JWERegistry, encrypt_compact
from joserfc.jwk import OctKey

from tests.attacks import forging
from tests.attacks.counsellor import (
    QUERY_ID,
    encrypted,
    post_form,
    presented,
    recipient,
    respond,
)
from tests.attacks.judging import counts
from tests.attacks.reactions import response_refused
from vckit import jwe, strict_json
from vckit.encoding import b64url_decode, b64url_encode
from vckit.keys import PublicKey

pytestmark = pytest.mark.services


@pytest.fixture
def cards(arena, resident):
    return [arena.linden.card(resident), arena.eiken.card(resident)]


@pytest.fixture
def refused(case, cards):
    """RSP-REJ in less than 50 ms beyond an honest refusal; the honest response then counts."""

    def refuse(make):
        before, asked = case.found(), case.ask()
        answer = post_form(asked, make(asked))
        response_refused(answer)
        assert case.report()["state"] == "FAILED"
        assert case.found() == before
        return answer

    yield refuse
    counts(case, *cards)


def members_of(asked, cards):
    return {"vp_token": {QUERY_ID: presented(asked, *cards)}, "state": asked.state}


def honest(asked, cards):
    return encrypted(asked, members_of(asked, cards))["response"]


def with_header(compact, **changes):
    """The same JWE with other members in its header; None leaves one out."""
    header, *rest = compact.split(".")
    members = {**json.loads(b64url_decode(header)), **changes}
    kept = {name: value for name, value in members.items() if value is not None}
    return ".".join([b64url_encode(strict_json.dumps(kept)), *rest])


@pytest.mark.parametrize("algorithm", forging.NONES)
def test_J01_a_response_without_encryption_or_signature_is_refused(cards, refused, algorithm):
    refused(lambda asked: {"response": with_header(honest(asked, cards), alg=algorithm)})

    def unsecured(asked):
        header = json.dumps({"alg": algorithm, "typ": "JWT"}).encode()
        return {"response": forging.compact(header, json.dumps(members_of(asked, cards)).encode())}

    refused(unsecured)


def test_J02_the_public_key_is_no_shared_secret(cards, refused):
    for form in range(4):

        def signed(asked, form=form):
            secret = list(forging.public_bytes(PublicKey.from_jwk(recipient(asked), use="enc")))
            jws = forging.compact(b'{"alg":"none"}', json.dumps(members_of(asked, cards)).encode())
            return {"response": forging.hmac_signed(jws, secret[form])}

        refused(signed)


def test_J02_the_public_key_is_no_content_key(cards, refused):
    def directly(asked):
        secret = b64url_decode(recipient(asked)["x"])
        header = {"alg": "dir", "enc": "A256GCM", "kid": recipient(asked)["kid"]}
        plaintext = json.dumps(members_of(asked, cards)).encode()
        registry = JWERegistry(algorithms=["dir", "A256GCM"])
        return {
            "response": encrypt_compact(
                header, plaintext, OctKey.import_key(secret), registry=registry
            )
        }

    refused(directly)


@pytest.mark.parametrize("name", ["alg", "enc", "kid", "epk"])
def test_J10_a_member_of_the_header_that_stands_twice_is_refused(cards, refused, name):
    def twice(asked):
        header, *rest = honest(asked, cards).split(".")
        members = json.loads(b64url_decode(header))
        doubled = forging.first_twice(members, name, "none")
        return {"response": ".".join([b64url_encode(doubled), *rest])}

    refused(twice)


@pytest.mark.parametrize("name", ["vp_token", "state"])
def test_J10_a_member_of_the_answer_that_stands_twice_is_refused(cards, refused, name):
    def twice(asked):
        return encrypted(asked, forging.first_twice(members_of(asked, cards), name, "anders"))

    refused(twice)


def test_J10_a_query_that_is_answered_twice_is_refused(cards, refused):
    def twice(asked):
        members = members_of(asked, cards)
        inner = forging.first_twice(members["vp_token"], QUERY_ID, ["anders"])
        return encrypted(asked, b'{"vp_token":' + inner + b"}")

    refused(twice)


def test_J17_an_ephemeral_key_is_a_point_of_our_curve(cards, refused):
    zero, one = b64url_encode(bytes(32)), b64url_encode(bytes(31) + b"\x01")
    for changes in (
        {"x": zero, "y": zero},
        {"y": one},
        {"crv": "P-384"},
        {"kty": "OKP", "crv": "X25519", "x": zero, "y": None},
        {"kty": "OKP", "crv": "X25519", "x": one, "y": None},
        {"d": one},
        {"x": zero[:-4]},
    ):

        def invalid(asked, changes=changes):
            text = honest(asked, cards)
            epk = json.loads(b64url_decode(text.split(".")[0]))["epk"]
            forged = {
                name: value for name, value in {**epk, **changes}.items() if value is not None
            }
            return {"response": with_header(text, epk=forged)}

        refused(invalid)


@pytest.mark.parametrize(
    "changes",
    [
        {"alg": "dir"},
        {"alg": "RSA1_5"},
        {"alg": "PBES2-HS256+A128KW", "p2c": 1_000_000_000, "p2s": "AAAA"},
        {"alg": "A128KW"},
        {"alg": "ECDH-ES+A128KW"},
        {"alg": "ECDH-1PU"},
        {"enc": "A128CBC-HS256"},
        {"enc": "none"},
        {"zip": "DEF"},
        {"crit": ["exp"], "exp": 1},
        {"kid": "een andere"},
        {"kid": None},
        {"epk": None},
        {"epk": "AAAA"},
        {"apu": "=="},
        {"opvulling": "x" * 9_000},
    ],
    ids=lambda changes: " ".join(f"{name} {value}" for name, value in changes.items())[:24],
)
def test_J19_the_header_alone_is_reason_enough(cards, refused, changes):
    answer = refused(lambda asked: {"response": with_header(honest(asked, cards), **changes)})
    assert answer.seconds < 0.5


@pytest.mark.parametrize("cut", [1, 4, 8, 16])
def test_J20_a_shorter_tag_is_no_tag(cards, refused, cut):
    def truncated(asked):
        *rest, tag = honest(asked, cards).split(".")
        return {"response": ".".join([*rest, b64url_encode(b64url_decode(tag)[:-cut])])}

    refused(truncated)


@pytest.mark.parametrize("segment", [2, 3, 4])
def test_J20_one_changed_bit_is_refused(cards, refused, segment):
    def changed(asked):
        segments = honest(asked, cards).split(".")
        raw = bytearray(b64url_decode(segments[segment]))
        raw[0] ^= 1
        segments[segment] = b64url_encode(bytes(raw))
        return {"response": ".".join(segments)}

    refused(changed)


def test_J20_every_refusal_of_a_jwe_reads_the_same(cards, refused):
    forms = [
        lambda asked: {"response": honest(asked, cards)[:-4] + "AAAA"},
        lambda asked: {"response": with_header(honest(asked, cards), alg="dir")},
        lambda _: {"response": "geen jwe"},
        lambda asked: {"response": "....", "state": asked.state},
        lambda asked: encrypted(asked, b"\xff"),
        lambda asked: encrypted(asked, b'{"vp_token":{}}'),
    ]
    assert len({refused(form).body for form in forms}) == 1


@pytest.mark.parametrize(
    "plaintext",
    [
        b'{"vp_token":' * 2_000,
        b'{"vp_token":' + b"[" * 100_000,
        b'{"state":' + b"9" * 1_000_000 + b"}",
        b'{"state":"\\ud800"}',
        '{"state":"a"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"state":"a"}',
        b'{"state":NaN}',
        b"[]",
    ],
    ids=["objects", "arrays", "digits", "surrogate", "utf-16", "bom", "nan", "array"],
)
def test_J26_the_plaintext_is_strict_json(refused, plaintext):
    refused(lambda asked: encrypted(asked, plaintext))


def test_J11_base64_has_one_spelling(cards, refused):
    def standard(asked):
        segments = honest(asked, cards).split(".")
        segments[4] = base64.b64encode(b64url_decode(segments[4])).decode()
        return {"response": ".".join(segments)}

    refused(standard)
    refused(lambda asked: {"response": honest(asked, cards) + "="})
    refused(lambda asked: {"response": honest(asked, cards) + "\n"})


def test_both_listed_encryptions_are_taken(case, cards):
    for enc in ("A128GCM", "A256GCM"):
        asked = case.ask()
        plaintext = json.dumps(members_of(asked, cards)).encode()
        compact = jwe.encrypt(plaintext, recipient(asked), enc=enc)
        assert post_form(asked, {"response": compact}).status == 200
        assert case.report()["state"] == "DONE"


def test_a_response_may_be_long_and_no_longer_than_the_limit(case, cards):
    asked, limit = case.ask(), 8 * 1024 * 1024
    begun = time.monotonic()
    answer = post_form(asked, {"response": "A" * limit})
    assert answer.status == 413
    assert time.monotonic() - begun < 5
    assert respond(asked, *presented(asked, *cards)).status == 200
