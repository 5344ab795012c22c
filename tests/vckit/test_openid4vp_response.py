"""Authorization responses: OpenID4VP 1.0 section 8, rows V07, J17, J19, J20, K06 and H19."""

import json

import pytest

from vckit import dcql, jwe
from vckit.errors import MalformedValueError, ParsingError, ProtocolError
from vckit.keys import PrivateKey
from vckit.oauth import InvalidRequest
from vckit.openid4vp import request, response

VP_TOKEN = {"opgave": ["a~b~kb", "c~d~kb"]}
QUERY = dcql.parse(
    {"credentials": [{"id": "opgave", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:x"]}}]}
)


@pytest.fixture(scope="module")
def key():
    return PrivateKey.generate("ES256")


def asked(mode=request.DIRECT_POST, metadata=None, state="s-1"):
    return request.VerifiedRequest(
        client_id="redirect_uri:https://a.example",
        response_uri="https://a.example",
        response_mode=mode,
        nonce="n-1",
        state=state,
        query=QUERY,
        client_metadata=metadata or {},
        organisation=None,
    )


def encrypted_to(key, state="s-1", **changes):
    metadata = {**request.client_metadata(key.public_key), **changes}
    return asked(request.DIRECT_POST_JWT, metadata, state)


def read(form, key=None, mode=None, state="s-1"):
    mode = mode or (request.DIRECT_POST_JWT if key else request.DIRECT_POST)
    kid = key.public_key.thumbprint() if key else None
    return response.read(form, response.Asked(mode, state, key, kid))


def sealed(key, members, **changes):
    jwk = request.client_metadata(key.public_key)["jwks"]["keys"][0]
    text = members if isinstance(members, bytes) else json.dumps(members).encode()
    return {"response": jwe.encrypt(text, {**jwk, **changes}, enc="A256GCM")}


@pytest.mark.parametrize("state", ["s-1", None])
def test_a_verifier_reads_a_plain_answer(state):
    form = response.build(VP_TOKEN, asked(state=state))
    assert set(form) == ({"vp_token", "state"} if state else {"vp_token"})
    assert read(form) == response.Plain(VP_TOKEN, state)


@pytest.mark.parametrize("state", ["s-1", None])
@pytest.mark.parametrize(
    ("offered", "enc"),
    [(["A128GCM", "A256GCM"], "A256GCM"), (["A128GCM"], "A128GCM"), (None, "A128GCM")],
)
def test_a_verifier_reads_an_encrypted_answer(key, state, offered, enc):
    asked_one = encrypted_to(key, state, encrypted_response_enc_values_supported=offered)
    if offered is None:
        del asked_one.client_metadata["encrypted_response_enc_values_supported"]
    form = response.build(VP_TOKEN, asked_one)
    assert set(form) == {"response"}
    header = jwe.unverified_header(form["response"])
    assert (header["alg"], header["enc"]) == ("ECDH-ES", enc)
    assert header["kid"] == response.parse_form(form).unverified_kid == key.public_key.thumbprint()
    assert read(form, key) == response.Plain(VP_TOKEN, state)


def test_apu_and_apv_are_accepted(key):
    jwk = request.client_metadata(key.public_key)["jwks"]["keys"][0]
    text = json.dumps({"vp_token": VP_TOKEN}).encode()
    compact = jwe.encrypt(text, jwk, enc="A128GCM", apu=b"wallet", apv=b"n-1")
    assert read({"response": compact}, key).vp_token == VP_TOKEN


def test_a_large_presentation_is_read(key):
    large = {"opgave": ["x" * 3_000_000]}
    assert read(response.build(large, encrypted_to(key)), key).vp_token == large


def test_V07_the_answer_comes_in_the_mode_that_was_asked(key):
    plain, sealed_one = response.build(VP_TOKEN, asked()), sealed(key, {"vp_token": VP_TOKEN})
    assert read(plain)
    assert read(sealed_one, key)
    with pytest.raises(InvalidRequest):
        read(plain, key)
    with pytest.raises(InvalidRequest):
        read(sealed_one, key, mode=request.DIRECT_POST)
    with pytest.raises(InvalidRequest):
        read(sealed_one, mode=request.DIRECT_POST_JWT)


def test_K06_errors_may_come_in_the_clear_or_encrypted(key):
    form = response.build_error(response.ACCESS_DENIED, "s-1")
    expected = response.ErrorResponse("access_denied", "s-1")
    assert read(form) == read(form, key) == expected
    assert read(sealed(key, {"error": "access_denied", "state": "s-1"}), key) == expected
    assert response.build_error("access_denied", None) == {"error": "access_denied"}


def test_H19_a_refusal_tells_nothing_more():
    assert response.build_error(response.ACCESS_DENIED, "s-1") == {
        "error": "access_denied",
        "state": "s-1",
    }


def test_V01_a_state_of_another_request_is_refused(key):
    for form in (response.build(VP_TOKEN, asked()), response.build_error("x", "s-1")):
        with pytest.raises(InvalidRequest):
            read(form, state="s-2")
    with pytest.raises(InvalidRequest):
        read(sealed(key, {"vp_token": VP_TOKEN, "state": "s-1"}), key, state="s-2")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"state": "s-1"},
        {"vp_token": ""},
        {"vp_token": "{"},
        {"vp_token": '{"a":[],"a":[]}'},
        {"vp_token": ["{}", "{}"]},
        {"vp_token": "{}", "error": "x"},
        {"error": "é"},
        {"error": "x" * 65},
        {"vp_token": "{}", "response": "a.b.c.d.e"},
        {"error": "x", "response": "a.b.c.d.e"},
        {"response": "a"},
        {"response": "a.b.c.d.e"},
    ],
)
def test_a_form_that_is_no_answer_is_an_invalid_request(form, key):
    with pytest.raises(ProtocolError) as caught:
        read(form, key)
    assert (caught.value.code, caught.value.status) == ("invalid_request", 400)


@pytest.mark.parametrize(
    "members",
    [
        b"x",
        [],
        {},
        {"vp_token": VP_TOKEN, "error": "x"},
        {"vp_token": VP_TOKEN, "state": 1},
        {"error": 1},
        {"vp_token": VP_TOKEN, "state": "s-2"},
    ],
)
def test_a_decrypted_answer_of_another_shape_is_an_invalid_request(members, key):
    with pytest.raises(InvalidRequest):
        read(sealed(key, members), key)


def test_unknown_parameters_are_ignored(key):
    form = {**response.build(VP_TOKEN, asked()), "iss": "wallet", "later": "1"}
    assert read(form).vp_token == VP_TOKEN
    assert read(sealed(key, {"vp_token": VP_TOKEN, "later": 1}), key).vp_token == VP_TOKEN


def test_V05_an_answer_to_another_requests_key_is_refused_alike(key):
    stranger = PrivateKey.generate("ES256")
    texts = set()
    form = response.build(VP_TOKEN, encrypted_to(key))
    compact = form["response"].split(".")
    broken = [
        sealed(stranger, {"vp_token": VP_TOKEN}),
        sealed(key, {"vp_token": VP_TOKEN}, kid="other"),
        {"response": ".".join([*compact[:4], compact[4][:-4]])},
        {"response": ".".join([*compact[:3], compact[3][:-4], compact[4]])},
    ]
    for one in broken:
        with pytest.raises(ProtocolError) as caught:
            read(one, key)
        texts.add((caught.value.code, str(caught.value)))
    assert len(texts) == 1


JWK = {"kty": "EC", "crv": "P-256", "alg": "ECDH-ES"}


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"jwks": []},
        {"jwks": {"keys": []}},
        {"jwks": {"keys": "x"}},
        {"jwks": {"keys": [1, {"kty": "RSA"}]}},
        {"jwks": {"keys": [{**JWK, "use": "sig"}]}},
        {"jwks": {"keys": [{**JWK, "alg": "ECDH-ES+A128KW"}]}},
        {"jwks": {"keys": [{**JWK, "crv": "P-384"}]}},
        {"jwks": {"keys": [JWK]}, "encrypted_response_enc_values_supported": ["A128CBC-HS256"]},
        {"jwks": {"keys": [JWK]}, "encrypted_response_enc_values_supported": 1},
    ],
)
def test_without_a_usable_key_nothing_is_sent(metadata):
    with pytest.raises(MalformedValueError):
        response.build(VP_TOKEN, asked(request.DIRECT_POST_JWT, metadata or {"x": 1}))


def test_the_first_fitting_key_is_taken(key):
    fitting = request.client_metadata(key.public_key)["jwks"]["keys"][0]
    del fitting["use"]
    keys = {"keys": [{**JWK, "use": "sig"}, fitting]}
    form = response.build(VP_TOKEN, encrypted_to(key, jwks=keys))
    assert read(form, key).vp_token == VP_TOKEN


@pytest.mark.parametrize(
    "redirect_uri", [None, "https://a.example/klaar#response_code=1", "https://a.example?c=1"]
)
def test_a_wallet_reads_where_the_person_goes_on(redirect_uri):
    body = json.dumps({**response.answer(redirect_uri), "later": 1}).encode()
    assert response.parse_answer(body) == redirect_uri


@pytest.mark.parametrize(
    "redirect_uri", [1, "", "javascript:alert(1)", "https://a.example/#a b", "https://a.example/#é"]
)
def test_a_wallet_follows_web_addresses_only(redirect_uri):
    with pytest.raises(MalformedValueError):
        response.parse_answer(json.dumps({"redirect_uri": redirect_uri}).encode())


def test_an_answer_is_a_json_object():
    assert response.answer() == {}
    with pytest.raises(ParsingError):
        response.parse_answer(b"ok")


@pytest.mark.parametrize("mode", [request.DC_API, request.DC_API_JWT])
def test_a_browser_brings_what_the_wallet_gave_it(key, mode):
    metadata = request.client_metadata(key.public_key)
    data = response.build_data(VP_TOKEN, asked(mode, metadata, None))
    kid = key.public_key.thumbprint()
    assert ("response" in data) is (mode == request.DC_API_JWT)
    assert response.read_data(data, response.Asked(mode, None, key, kid)) == response.Plain(
        VP_TOKEN, None
    )


@pytest.mark.parametrize(
    "data", [None, [], "x", {}, {"response": 1}, {"response": "a.b.c.d.e"}, {"vp_token": VP_TOKEN}]
)
def test_what_a_browser_brings_otherwise_is_refused(key, data):
    expected = response.Asked(request.DC_API_JWT, None, key, key.public_key.thumbprint())
    with pytest.raises(ProtocolError):
        response.read_data(data, expected)


def test_a_browser_may_bring_a_no(key):
    expected = response.Asked(request.DC_API_JWT, None, key, key.public_key.thumbprint())
    given = response.read_data({"error": "access_denied"}, expected)
    assert given == response.ErrorResponse("access_denied", None)
