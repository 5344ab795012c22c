"""Key proofs of type jwt: OpenID4VCI 1.0 Appendix F, rows J, P04 to P14 of security.md."""

import hashlib
import hmac
import json
from dataclasses import dataclass

import pytest

from vckit import jose
from vckit.did import jwk as did_jwk
from vckit.did import key as did_key
from vckit.encoding import b64url_encode
from vckit.errors import MalformedValueError, ParsingError
from vckit.keys import PrivateKey
from vckit.openid4vci import key_proof
from vckit.openid4vci.credential import InvalidProof

NOW = 1_795_000_000
ISSUER = "https://boxtel.example"


@pytest.fixture(scope="module", params=["ES256", "EdDSA"])
def holder(request):
    return PrivateKey.generate(request.param)


@pytest.fixture(scope="module")
def other():
    return PrivateKey.generate("ES256")


def verify(jwt, now=NOW, audience=ISSUER):
    return key_proof.verify(jwt, audience=audience, now=now)


def refused(jwt, **expected):
    with pytest.raises(InvalidProof) as caught:
        verify(jwt, **expected)
    assert caught.value.code == "invalid_proof"
    assert caught.value.status == 400


def forged(holder, header=(), claims=(), without=(), signer=None):
    """A proof that is right but for what is given; None leaves a member out."""
    head = {"typ": key_proof.TYP, "jwk": holder.public_key.to_jwk(), **dict(header)}
    body = {"aud": ISSUER, "iat": NOW, "nonce": "n-1", **dict(claims)}
    for name in without:
        head.pop(name, None)
        body.pop(name, None)
    return jose.sign(head, body, signer or holder)


@dataclass(frozen=True)
class Renamed:
    """A signer that names its algorithm as another library does."""

    key: PrivateKey
    algorithm: str

    @property
    def public_key(self):
        return self.key.public_key

    def sign(self, data):
        return self.key.sign(data)


def test_an_issuer_verifies_what_a_wallet_makes(holder):
    jwt = key_proof.create(holder, audience=ISSUER, nonce="n-1", now=NOW)
    assert verify(jwt) == key_proof.UnspentProof(holder.public_key, "n-1", NOW)
    assert "iss" not in jose.parse(jwt).claims()


def test_ed25519_has_two_names(other):
    holder = PrivateKey.generate("EdDSA")
    jwk = {**holder.public_key.to_jwk(), "alg": "Ed25519"}
    renamed = forged(holder, header={"jwk": jwk}, signer=Renamed(holder, "Ed25519"))
    assert verify(renamed).holder_key == holder.public_key
    refused(forged(other, signer=Renamed(other, "Ed25519")))
    refused(forged(holder, signer=Renamed(holder, "ES256")))


@pytest.mark.parametrize("moment", [{"exp": NOW - 59}, {"nbf": NOW + 60}, {"exp": NOW + 0.5}])
def test_a_proof_that_states_when_it_holds_is_taken_then(holder, moment):
    assert verify(forged(holder, claims=moment)).nonce == "n-1"


@pytest.mark.parametrize(
    "moment", [{"exp": NOW - 60}, {"nbf": NOW + 61}, {"exp": "later"}, {"nbf": True}]
)
def test_a_proof_that_states_when_it_holds_is_refused_at_other_times(holder, moment):
    refused(forged(holder, claims=moment))


def test_unknown_members_are_ignored(holder):
    jwt = forged(holder, header={"later": 1}, claims={"later": 1, "iss": "wallet"})
    assert verify(jwt).nonce == "n-1"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE"])
def test_J01_an_unsigned_proof_is_refused(holder, alg):
    header, payload, _ = forged(holder).split(".")
    unsigned = json.dumps(
        {"typ": key_proof.TYP, "alg": alg, "jwk": holder.public_key.to_jwk()}
    ).encode()
    refused(f"{b64url_encode(unsigned)}.{payload}.")
    refused(f"{header}.{payload}.")


def test_J02_the_public_key_is_no_secret(holder):
    header = {"typ": key_proof.TYP, "alg": "HS256", "jwk": holder.public_key.to_jwk()}
    body = {"aud": ISSUER, "iat": NOW, "nonce": "n-1"}
    signed = ".".join(b64url_encode(json.dumps(one).encode()) for one in (header, body))
    for secret in (json.dumps(header["jwk"]).encode(), holder.public_key.thumbprint().encode()):
        mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        refused(f"{signed}.{b64url_encode(mac)}")


def test_J10_members_named_twice_are_refused(holder):
    header = b64url_encode(
        json.dumps({"typ": key_proof.TYP, "alg": holder.algorithm})[:-1].encode()
        + b',"alg":"none","jwk":'
        + json.dumps(holder.public_key.to_jwk()).encode()
        + b"}"
    )
    payload = b64url_encode(json.dumps({"aud": ISSUER, "iat": NOW, "nonce": "n-1"}).encode())
    signature = holder.sign(f"{header}.{payload}".encode())
    refused(f"{header}.{payload}.{b64url_encode(signature)}")
    doubled = f'{{"aud":"x","aud":"{ISSUER}","iat":{NOW},"nonce":"n-1"}}'.encode()
    head = {"typ": key_proof.TYP, "jwk": holder.public_key.to_jwk()}
    refused(jose.sign(head, doubled, holder))


@pytest.mark.parametrize(
    "audience",
    [
        None,
        "https://gestel.example",
        f"{ISSUER}/",
        "https://BOXTEL.example",
        "http://boxtel.example",
        [ISSUER],
        f"{ISSUER}/tenant",
    ],
)
def test_P08_the_audience_is_the_issuer_as_a_simple_string(holder, audience):
    assert verify(forged(holder))
    refused(forged(holder, claims={"aud": audience}))


@pytest.mark.parametrize("typ", ["JWT", "kb+jwt", "OPENID4VCI-PROOF+JWT", "dpop+jwt", ""])
def test_P10_only_key_proofs_are_key_proofs(holder, typ):
    refused(forged(holder, header={"typ": typ}))
    refused(forged(holder, without=["typ"]))


def test_P11_a_proof_names_its_key_exactly_once(holder):
    did = "did:key:z6MkvrFpBNCoYewiaeBLgjUDvLxUtnK5R6mqh5XPvLsrPsro"
    for header in ({"kid": did}, {"x5c": ["AA=="]}, {"kid": did, "x5c": ["AA=="]}):
        refused(forged(holder, header=header))
        refused(forged(holder, header=header, without=["jwk"]))
    refused(forged(holder, without=["jwk"]))


def test_P13_a_proof_is_signed_by_the_key_it_names(holder, other):
    jwk = {"jwk": other.public_key.to_jwk()}
    if holder.algorithm == other.algorithm:
        assert verify(forged(holder, header=jwk, signer=other)).holder_key == other.public_key
    refused(forged(holder, header=jwk))
    head, payload, signature = forged(holder).split(".")
    changed = b64url_encode(json.dumps({"aud": ISSUER, "iat": NOW, "nonce": "n-2"}).encode())
    refused(f"{head}.{changed}.{signature}")
    assert payload != changed


def test_F4_a_header_never_carries_a_private_key(holder):
    refused(forged(holder, header={"jwk": holder.to_jwk()}))


@pytest.mark.parametrize("jwk", [{}, {"kty": "oct", "k": "AA"}, {"kty": "RSA"}, "x", None])
def test_J16_a_key_that_is_none_is_refused(holder, jwk):
    head = {"typ": key_proof.TYP, "jwk": jwk}
    refused(jose.sign(head, {"aud": ISSUER, "iat": NOW, "nonce": "n-1"}, holder))


@pytest.mark.parametrize("nonce", [None, "", 1, ["n-1"]])
def test_P04_a_proof_without_a_nonce_is_invalid(holder, nonce):
    refused(forged(holder, claims={"nonce": nonce}))
    refused(forged(holder, without=["nonce"]))


def test_a_proof_is_of_this_moment(holder):
    for age in (-60, 0, 300):
        assert verify(forged(holder, claims={"iat": NOW - age})).issued_at == NOW - age
    assert verify(forged(holder, claims={"iat": NOW + 0.5})).issued_at == NOW
    for issued_at in (NOW - 301, NOW + 61, None, str(NOW), True, -1):
        refused(forged(holder, claims={"iat": issued_at}))
    refused(forged(holder, without=["iat"]))


@pytest.mark.parametrize("jwt", ["", "a.b", "a.b.c", "...", "x" * 100])
def test_what_is_no_jwt_is_no_proof(jwt):
    refused(jwt)


def test_P14_one_key_gets_one_credential(holder, other):
    proofs = [
        key_proof.create(one, audience=ISSUER, nonce="n-1", now=NOW) for one in (holder, other)
    ]
    both = key_proof.verify_all(proofs, audience=ISSUER, now=NOW)
    assert [one.holder_key for one in both] == [holder.public_key, other.public_key]
    twice = [*proofs, key_proof.create(holder, audience=ISSUER, nonce="n-2", now=NOW)]
    with pytest.raises(InvalidProof):
        key_proof.verify_all(twice, audience=ISSUER, now=NOW)


def test_P07_one_bad_proof_refuses_the_whole_batch(holder, other):
    good = key_proof.create(holder, audience=ISSUER, nonce="n-1", now=NOW)
    bad = key_proof.create(other, audience="https://gestel.example", nonce="n-1", now=NOW)
    with pytest.raises(InvalidProof):
        key_proof.verify_all([good, bad], audience=ISSUER, now=NOW)


def test_J28_only_published_algorithms_are_accepted(holder):
    jwt = forged(holder)
    with pytest.raises(InvalidProof):
        key_proof.verify(jwt, audience=ISSUER, now=NOW, algorithms=("ES384",))


def test_nonces_are_fresh_and_travel_as_the_specification_says():
    assert len({key_proof.new_nonce() for _ in range(1000)}) == 1000
    body = json.dumps(key_proof.nonce_response("n-1")).encode()
    assert key_proof.parse_nonce_response(body) == "n-1"
    for other in (b"{}", b'{"c_nonce":1}', b'{"c_nonce":""}'):
        with pytest.raises(MalformedValueError):
            key_proof.parse_nonce_response(other)
    with pytest.raises(ParsingError):
        key_proof.parse_nonce_response(b"n-1")


DID_METHODS = {"did:jwk": did_jwk, "did:key": did_key}


def did_url(holder, method):
    named = DID_METHODS[method].of(holder.public_key)
    return f"{named}#0" if method == "did:jwk" else f"{named}#{named.removeprefix('did:key:')}"


@pytest.mark.parametrize("method", DID_METHODS)
def test_a_key_is_named_by_the_did_that_holds_it(holder, method):
    kid = did_url(holder, method)
    jwt = key_proof.create(holder, audience=ISSUER, nonce="n-1", now=NOW, kid=kid)
    assert "jwk" not in jose.parse(jwt).header
    proof = verify(jwt)
    assert proof.holder_key == holder.public_key
    assert proof.holder_id == kid.partition("#")[0]


@pytest.mark.parametrize("method", DID_METHODS)
def test_P04_the_key_of_a_did_must_have_signed(holder, other, method):
    kid = did_url(other, method)
    refused(key_proof.create(holder, audience=ISSUER, nonce="n-1", now=NOW, kid=kid))


@pytest.mark.parametrize("method", DID_METHODS)
def test_W16_W17_a_kid_is_the_dids_only_method(holder, method):
    kid = did_url(holder, method)
    for wrong in (f"{kid}x", f"{kid.partition('#')[0]}#1", kid.partition("#")[2], f"{kid}#0"):
        refused(forged(holder, header={"kid": wrong}, without=["jwk"]))


@pytest.mark.parametrize(
    "kid", ["key-1", "", None, 1, ["did:jwk:a"], "did:web:boxtel.example#key-1", "did:jwk:e30#0"]
)
def test_a_kid_that_holds_no_key_is_refused_and_nothing_is_looked_up(holder, kid):
    refused(forged(holder, header={"kid": kid}, without=["jwk"]))


def test_one_key_under_two_names_is_one_key(holder):
    proofs = [
        key_proof.create(holder, audience=ISSUER, nonce="n-1", now=NOW, kid=kid)
        for kid in (None, did_url(holder, "did:jwk"), did_url(holder, "did:key"))
    ]
    for two in (proofs[:2], proofs[1:]):
        with pytest.raises(InvalidProof):
            key_proof.verify_all(two, audience=ISSUER, now=NOW)
    assert len(key_proof.verify_all(proofs[:1], audience=ISSUER, now=NOW)) == 1
