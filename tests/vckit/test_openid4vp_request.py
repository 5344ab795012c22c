"""Authorization requests: OpenID4VP 1.0 section 5, rows V25, H04, H05 and H08 of security.md."""

import dataclasses
import json

import pytest

from tests.vckit.participants import NOW, participant, scheme, verifier_entry
from vckit import jose, oauth, x509
from vckit.errors import (
    CryptographicSecurityError,
    MalformedValueError,
    ParsingError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.keys import PrivateKey
from vckit.openid4vp import client_id, request

RESPONSE_URI = "https://schuldhulp.example/antwoord/1"
QUERY = {
    "credentials": [
        {"id": "opgave", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:schuldenopgave"]}}
    ]
}


@pytest.fixture(scope="module")
def counsellor():
    return participant("https://schuldhulp.example")


@pytest.fixture(scope="module")
def trust(counsellor):
    known = scheme(PrivateKey.generate("ES256"), verifier_entry(counsellor))
    return lambda chain: known.verifier(chain, NOW)


@pytest.fixture(scope="module")
def asked(counsellor):
    return request.AuthorizationRequest(
        client_id=client_id.x509_hash_client_id(counsellor.leaf),
        response_uri=RESPONSE_URI,
        response_mode=request.DIRECT_POST_JWT,
        nonce="n-1._~",
        state="s-1",
        dcql_query=QUERY,
        client_metadata=request.client_metadata(PrivateKey.generate("ES256").public_key),
        issued_at=NOW,
        expires=NOW + request.MAX_LIFE,
    )


@pytest.fixture(scope="module")
def unsigned(asked):
    return dataclasses.replace(
        asked,
        client_id=client_id.redirect_uri_client_id(RESPONSE_URI),
        response_mode=request.DIRECT_POST,
        client_metadata=request.client_metadata(),
    )


def forged(asked, counsellor, *, header=(), claims=(), without=(), signer=None):
    """A request object that is right but for what is given."""
    head = {"typ": request.TYP, "x5c": counsellor.x5c, **dict(header)}
    body = {**asked.parameters(), "aud": request.AUDIENCE, "iat": NOW, "exp": NOW + 300}
    body.update(claims)
    for name in without:
        head.pop(name, None)
        body.pop(name, None)
    return jose.sign(head, body, signer or counsellor.key)


def verify(jwt, asked, trust, **changes):
    expected = {"expected_client_id": asked.client_id, "now": NOW, "trust": trust}
    return request.verify(jwt, **{**expected, **changes})


def test_a_wallet_verifies_what_a_verifier_signs(asked, counsellor, trust):
    jwt = request.sign(asked, signer=counsellor.key, chain=counsellor.chain)
    read = verify(jwt, asked, trust)
    assert read.client_id == asked.client_id
    assert read.response_uri == RESPONSE_URI
    assert read.response_mode == request.DIRECT_POST_JWT
    assert (read.nonce, read.state) == ("n-1._~", "s-1")
    assert read.query.credentials[0].id == "opgave"
    assert read.client_metadata == asked.client_metadata
    assert read.organisation.name == "Schuldhulp Proef"


def test_V25_a_request_object_has_what_the_specification_demands(asked, counsellor):
    unverified = jose.parse(request.sign(asked, signer=counsellor.key, chain=counsellor.chain))
    claims = unverified.claims()
    assert unverified.header["typ"] == "oauth-authz-req+jwt"
    assert unverified.header["x5c"] == counsellor.x5c
    assert claims["aud"] == "https://self-issued.me/v2"
    assert claims["response_type"] == "vp_token"
    assert claims["exp"] - claims["iat"] <= 300
    forbidden = {"presentation_definition", "client_id_scheme", "scope", "redirect_uri", "iss"}
    assert forbidden.isdisjoint(claims)
    assert request.MEDIA_TYPE == "application/oauth-authz-req+jwt"


def test_metadata_offers_one_fresh_key_and_both_encryptions():
    key = PrivateKey.generate("ES256").public_key
    metadata = request.client_metadata(key)
    (jwk,) = metadata["jwks"]["keys"]
    assert jwk == {**key.to_jwk(), "kid": key.thumbprint(), "use": "enc", "alg": "ECDH-ES"}
    assert metadata["encrypted_response_enc_values_supported"] == ["A256GCM", "A128GCM"]
    assert metadata["vp_formats_supported"] == {
        "dc+sd-jwt": {
            "sd-jwt_alg_values": ["ES256"],
            "kb-jwt_alg_values": ["ES256", "Ed25519", "EdDSA"],
        }
    }
    assert request.client_metadata(key, kid="k-1")["jwks"]["keys"][0]["kid"] == "k-1"
    assert set(request.client_metadata()) == {"vp_formats_supported"}


@pytest.mark.parametrize(
    "changes",
    [
        {"response_mode": "fragment"},
        {"expires": NOW},
        {"expires": NOW + 301},
        {"nonce": ""},
        {"nonce": "a b"},
        {"state": "é"},
    ],
)
def test_V25_a_verifier_does_not_make_a_request_that_breaks_the_rules(asked, changes):
    with pytest.raises(ValueError, match=r"^[A-Z]"):
        dataclasses.replace(asked, **changes)


def test_a_request_without_a_state_is_allowed(asked, counsellor, trust):
    stateless = dataclasses.replace(asked, state=None)
    jwt = request.sign(stateless, signer=counsellor.key, chain=counsellor.chain)
    assert verify(jwt, asked, trust).state is None


def test_H05_the_wallets_nonce_comes_back(asked, counsellor, trust):
    form = {"wallet_nonce": ["w-1"], "wallet_metadata": ["{}"]}
    posted = request.parse_wallet_post(form).nonce
    jwt = request.sign(asked, signer=counsellor.key, chain=counsellor.chain, wallet_nonce=posted)
    assert verify(jwt, asked, trust, wallet_nonce="w-1").nonce
    silent = request.sign(asked, signer=counsellor.key, chain=counsellor.chain)
    for other in (silent, forged(asked, counsellor, claims={"wallet_nonce": "w-2"})):
        with pytest.raises(MalformedValueError):
            verify(other, asked, trust, wallet_nonce="w-1")


def test_a_wallets_form_may_be_empty_but_not_doubled():
    assert request.parse_wallet_post({}) == request.WalletPost()
    for form in ({"wallet_nonce": ["a", "b"]}, {"wallet_nonce": "x" * 1025}):
        with pytest.raises(oauth.InvalidRequest):
            request.parse_wallet_post(form)


def test_H04_the_client_is_the_links_and_no_other(asked, counsellor, trust, unsigned):
    jwt = forged(asked, counsellor)
    assert verify(jwt, asked, trust)
    stranger = client_id.x509_hash_client_id(participant("https://vreemd.example").leaf)
    with pytest.raises(UntrustedIssuerError):
        verify(jwt, asked, trust, expected_client_id=stranger)
    other_inside = forged(asked, counsellor, claims={"client_id": "x509_hash:abc"})
    with pytest.raises(MalformedValueError):
        verify(other_inside, asked, trust)
    for expected in (unsigned.client_id, "origin:https://a.example", "abc", "x509_hash:"):
        with pytest.raises(MalformedValueError):
            verify(jwt, asked, trust, expected_client_id=expected)


def test_H04_a_request_is_signed_by_its_certificates_key(asked, counsellor, trust):
    stranger = PrivateKey.generate("ES256")
    with pytest.raises(CryptographicSecurityError):
        verify(forged(asked, counsellor, signer=stranger), asked, trust)
    unknown = participant("https://vreemd.example")
    with pytest.raises(UntrustedIssuerError):
        verify(forged(asked, counsellor, header={"x5c": unknown.x5c}), asked, trust)
    with pytest.raises(VerificationError):
        verify(forged(asked, counsellor, without=["x5c"]), asked, trust)


def test_H10_a_stranger_can_be_shown_as_nobody_but_its_signature_still_counts(asked, counsellor):
    stranger = participant("https://vreemd.example")
    name = client_id.x509_hash_client_id(stranger.leaf)
    strange = dataclasses.replace(asked, client_id=name)
    jwt = request.sign(strange, signer=stranger.key, chain=stranger.chain)
    assert verify(jwt, strange, lambda _chain: None).organisation is None
    forgery = request.sign(strange, signer=counsellor.key, chain=stranger.chain)
    with pytest.raises(CryptographicSecurityError):
        verify(forgery, strange, lambda _chain: None)


def test_H04_keys_of_the_metadata_never_verify_a_request(asked, counsellor, trust):
    attacker = PrivateKey.generate("ES256")
    jwk = {**attacker.public_key.to_jwk(), "kid": "k", "use": "sig", "alg": "ES256"}
    claims = {"client_metadata": {"jwks": {"keys": [jwk]}}}
    jwt = forged(asked, counsellor, header={"kid": "k"}, claims=claims, signer=attacker)
    with pytest.raises(CryptographicSecurityError):
        verify(jwt, asked, trust)


@pytest.mark.parametrize("typ", ["JWT", "oauth-authz-req+JWT", ""])
def test_J23_only_request_objects_are_requests(asked, counsellor, trust, typ):
    with pytest.raises(CryptographicSecurityError):
        verify(forged(asked, counsellor, header={"typ": typ}), asked, trust)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://wallet.example"},
        {"aud": ["https://self-issued.me/v2"]},
        {"exp": NOW - 60},
        {"iat": NOW + 61},
        {"exp": "morgen"},
        {"iat": True},
        {"response_uri": None},
        {"response_uri": "javascript:1"},
        {"state": "a b"},
        {"state": 1},
    ],
)
def test_a_request_for_another_wallet_or_moment_is_told_to_nobody(asked, counsellor, trust, claims):
    with pytest.raises(MalformedValueError):
        verify(forged(asked, counsellor, claims=claims), asked, trust)


def test_times_are_optional_and_a_little_drift_is_allowed(asked, counsellor, trust):
    assert verify(forged(asked, counsellor, without=["iat", "exp"]), asked, trust)
    drift = {"iat": NOW + 60, "exp": NOW - 59}
    assert verify(forged(asked, counsellor, claims=drift), asked, trust)


@pytest.mark.parametrize(
    "claims",
    [
        {"response_type": "code"},
        {"response_type": None},
        {"response_mode": "fragment"},
        {"response_mode": None},
        {"redirect_uri": RESPONSE_URI},
        {"scope": "openid"},
        {"nonce": None},
        {"nonce": "a b"},
        {"nonce": "é"},
        {"dcql_query": None},
        {"dcql_query": {"credentials": []}},
        {"client_metadata": "x"},
    ],
)
def test_H04_a_request_that_cannot_be_followed_is_refused_by_name(asked, counsellor, trust, claims):
    with pytest.raises(request.RequestRefused) as caught:
        verify(forged(asked, counsellor, claims=claims), asked, trust)
    refused = caught.value
    assert (refused.code, refused.response_uri, refused.state) == (
        "invalid_request",
        RESPONSE_URI,
        "s-1",
    )


def test_H08_transaction_data_is_refused_and_other_unknowns_are_ignored(asked, counsellor, trust):
    assert verify(forged(asked, counsellor, claims={"later": 1, "iss": "x"}), asked, trust)
    with pytest.raises(request.TransactionDataRefused) as caught:
        verify(forged(asked, counsellor, claims={"transaction_data": []}), asked, trust)
    assert caught.value.code == "invalid_transaction_data"


def test_J10_a_parameter_named_twice_is_refused(asked, counsellor, trust):
    body = {**asked.parameters(), "aud": request.AUDIENCE}
    doubled = json.dumps(body)[:-1] + ',"nonce":"n-2"}'
    head = {"typ": request.TYP, "x5c": counsellor.x5c}
    with pytest.raises(ParsingError):
        verify(jose.sign(head, doubled.encode(), counsellor.key), asked, trust)


def test_the_leaf_decides_the_client_id(asked, counsellor):
    assert asked.client_id.endswith(x509.digest(counsellor.leaf))


DID = "did:web:schuldhulp.example"
KID = f"{DID}#key-1"


def by_did(asked):
    return dataclasses.replace(asked, client_id=client_id.decentralized_identifier_client_id(DID))


def resolver(counsellor, trust):
    """DID resolution that knows one key."""

    def resolve(did, did_url):
        assert (did, did_url) == (DID, KID)
        return client_id.Verifier(trust(counsellor.chain), counsellor.key.public_key)

    return resolve


def test_a_request_signed_by_a_dids_key_is_verified(asked, counsellor, trust):
    question = by_did(asked)
    jwt = request.sign(question, signer=counsellor.key, kid=KID)
    header = jose.parse(jwt).header
    assert header["kid"] == KID
    assert "x5c" not in header
    read = verify(jwt, question, trust, resolve_did=resolver(counsellor, trust))
    assert read.client_id == "decentralized_identifier:did:web:schuldhulp.example"
    assert read.organisation.name == "Schuldhulp Proef"


def test_H04_another_key_than_the_dids_does_not_hold(asked, counsellor, trust):
    question = by_did(asked)
    jwt = request.sign(question, signer=PrivateKey.generate("ES256"), kid=KID)
    with pytest.raises(VerificationError):
        verify(jwt, question, trust, resolve_did=resolver(counsellor, trust))


def test_H04_a_certificate_does_not_prove_a_did_and_the_reverse(asked, counsellor, trust):
    question = by_did(asked)
    by_chain = request.sign(asked, signer=counsellor.key, chain=counsellor.chain)
    by_kid = request.sign(question, signer=counsellor.key, kid=KID)
    for jwt, expected in ((by_chain, question), (by_kid, asked)):
        with pytest.raises(VerificationError):
            verify(jwt, expected, trust, resolve_did=resolver(counsellor, trust))


def test_a_wallet_without_did_resolution_refuses_such_a_request(asked, counsellor, trust):
    question = by_did(asked)
    jwt = request.sign(question, signer=counsellor.key, kid=KID)
    with pytest.raises(VerificationError):
        verify(jwt, question, trust)


@pytest.mark.parametrize("kid", ["#key-1", "did:web:elders.example#key-1"])
def test_a_request_is_signed_by_a_key_of_its_own_client(asked, counsellor, kid):
    with pytest.raises(ValueError, match="DID"):
        request.sign(by_did(asked), signer=counsellor.key, kid=kid)


def test_a_request_names_its_key_in_one_way(asked, counsellor):
    for names in ({}, {"kid": KID, "chain": counsellor.chain}):
        with pytest.raises(ValueError, match="certificates or by DID"):
            request.sign(by_did(asked), signer=counsellor.key, **names)


def test_metadata_names_the_formats_that_are_asked_and_no_others():
    supported = request.client_metadata(formats=["ldp_vc", "jwt_vc_json"])["vp_formats_supported"]
    assert supported == {
        "ldp_vc": {
            "proof_type_values": ["DataIntegrityProof", "Ed25519Signature2020"],
            "cryptosuite_values": ["eddsa-rdfc-2022", "ecdsa-rdfc-2019"],
        },
        "jwt_vc_json": {"alg_values": ["ES256", "Ed25519", "EdDSA"]},
    }


INFO = ({"format": "https://a.example/kind", "data": {"doel": "Plan"}},)
ORIGIN = "https://schuldhulp.example"


def test_what_a_verifier_tells_of_itself_reaches_the_wallet(asked, counsellor, trust):
    telling = dataclasses.replace(asked, verifier_info=INFO)
    jwt = request.sign(telling, signer=counsellor.key, chain=counsellor.chain)
    assert verify(jwt, asked, trust).verifier_info == INFO


def test_by_value_it_travels_as_json_text(unsigned):
    link = request.by_value("openid4vp", dataclasses.replace(unsigned, verifier_info=INFO))
    assert request.verify_by_value(request.parse_link(link)).verifier_info == INFO


@pytest.mark.parametrize(
    "info", [None, "tekst", {}, [], ["x"], [{"format": "a"}], [{"data": 1}], [[1]]]
)
def test_what_is_no_verifier_info_is_ignored(asked, counsellor, trust, info):
    jwt = forged(asked, counsellor, claims={"verifier_info": info})
    assert verify(jwt, asked, trust).verifier_info == ()


@pytest.fixture(scope="module")
def by_host(asked, counsellor):
    name = client_id.x509_san_dns_client_id(counsellor.leaf, "schuldhulp.example")
    return dataclasses.replace(asked, client_id=name)


def test_a_request_in_the_name_of_a_host_is_verified(by_host, counsellor, trust):
    jwt = request.sign(by_host, signer=counsellor.key, chain=counsellor.chain)
    assert verify(jwt, by_host, trust).organisation.name == "Schuldhulp Proef"


@pytest.mark.parametrize(
    "uri",
    [
        "https://vreemd.example/antwoord",
        "https://schuldhulp.example.vreemd.example/antwoord",
        "https://a.schuldhulp.example/antwoord",
        "https://schuldhulp.example:pw@vreemd.example/antwoord",
    ],
)
def test_H04_a_host_is_answered_at_that_host_alone(by_host, counsellor, trust, uri):
    with pytest.raises(MalformedValueError):
        verify(forged(by_host, counsellor, claims={"response_uri": uri}), by_host, trust)


def test_a_wallet_tells_what_it_can_do():
    metadata = {
        "vp_formats_supported": {"dc+sd-jwt": {}, "mso_mdoc": {}},
        "request_object_signing_alg_values_supported": ["ES256"],
        "onbekend": 1,
    }
    posted = request.parse_wallet_post({"wallet_metadata": [json.dumps(metadata)]})
    assert posted.formats(["dc+sd-jwt", "ldp_vc"]) == ["dc+sd-jwt"]
    assert posted.formats(["ldp_vc"]) == ["ldp_vc"]
    assert posted.takes_signature("ES256")
    assert not posted.takes_signature("EdDSA")
    silent = request.WalletPost()
    assert silent.formats(["ldp_vc"]) == ["ldp_vc"]
    assert silent.takes_signature("EdDSA")


@pytest.mark.parametrize("text", ["x", "[]", '"a"', '{"a":1,"a":1}', "{" * 40])
def test_metadata_that_cannot_be_read_is_an_invalid_request(text):
    with pytest.raises(oauth.InvalidRequest):
        request.parse_wallet_post({"wallet_metadata": [text]})


@pytest.fixture(scope="module")
def for_browser(asked):
    return dataclasses.replace(
        asked,
        response_uri=None,
        state=None,
        response_mode=request.DC_API_JWT,
        expected_origins=[ORIGIN],
    )


def test_a_browser_hands_over_a_request_for_its_origin(for_browser, counsellor, trust):
    jwt = request.sign(for_browser, signer=counsellor.key, chain=counsellor.chain)
    claims = jose.parse(jwt).claims()
    assert claims["expected_origins"] == [ORIGIN]
    assert not {"response_uri", "state", "redirect_uri"} & set(claims)
    given = request.verify_for_origin(jwt, origin=ORIGIN, now=NOW, trust=trust)
    assert given.audience == f"origin:{ORIGIN}"
    assert given.organisation.name == "Schuldhulp Proef"


@pytest.mark.parametrize(
    "origin",
    [
        "https://vreemd.example",
        f"{ORIGIN}/",
        f"{ORIGIN}:443",
        "http://schuldhulp.example",
        "HTTPS://SCHULDHULP.EXAMPLE",
        "",
    ],
)
def test_a_request_that_another_site_replays_is_refused(for_browser, counsellor, trust, origin):
    jwt = request.sign(for_browser, signer=counsellor.key, chain=counsellor.chain)
    with pytest.raises(MalformedValueError):
        request.verify_for_origin(jwt, origin=origin, now=NOW, trust=trust)


@pytest.mark.parametrize(
    "claims",
    [
        {"expected_origins": None},
        {"expected_origins": ORIGIN},
        {"response_mode": "direct_post"},
        {"client_id": None},
        {"client_id": f"origin:{ORIGIN}"},
        {"nonce": "a b"},
        {"exp": NOW - 120},
    ],
)
def test_what_is_not_for_a_browser_is_refused(for_browser, counsellor, trust, claims):
    jwt = forged(for_browser, counsellor, claims=claims)
    with pytest.raises(VerificationError):
        request.verify_for_origin(jwt, origin=ORIGIN, now=NOW, trust=trust)


@pytest.mark.parametrize(
    "changes",
    [
        {"response_uri": RESPONSE_URI},
        {"state": "s-1"},
        {"expected_origins": ()},
        {"response_mode": request.DIRECT_POST},
    ],
)
def test_a_verifier_makes_no_half_request_for_a_browser(for_browser, changes):
    with pytest.raises(ValueError, match="brings the answer"):
        dataclasses.replace(for_browser, **changes)
