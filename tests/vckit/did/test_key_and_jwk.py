"""did:key and did:jwk: DIDs that are their own key."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from vckit.did import holder_key, jwk, key, multikey, resolve_offline, split
from vckit.encoding import b64url_encode
from vckit.errors import (
    InvalidVerificationMethodError,
    InvalidVerificationMethodUrlError,
    VerificationError,
)
from vckit.keys import ALGORITHMS, PrivateKey

# Fixed keys: they stand in the names of tests, which two processes must collect alike.
PRIVATE = {
    "ES256": PrivateKey.from_raw(ec.derive_private_key(2026, ec.SECP256R1())),
    "EdDSA": PrivateKey.from_raw(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))),
}
P256, ED25519 = (PRIVATE[algorithm].public for algorithm in ALGORITHMS)
every_kind = pytest.mark.parametrize("holder", [P256, ED25519], ids=ALGORITHMS)
every_method = pytest.mark.parametrize("method", [key, jwk], ids=["key", "jwk"])

# The example of the did:jwk specification.
EXAMPLE = (
    "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6"
    "OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
)


def did_of(members):
    return jwk.PREFIX + b64url_encode(json.dumps(members).encode())


@every_kind
@every_method
def test_W16_W17_twin_the_key_comes_back_by_did_and_by_did_url(method, holder):
    did = method.of(holder)
    (url,) = resolve_offline(did).methods
    assert split(url)[0] == did
    assert holder_key(did) == holder_key(url) == holder


@every_kind
@every_method
@pytest.mark.parametrize("use", ["authentication", "assertionMethod"])
def test_the_key_is_for_signing_only(method, holder, use):
    document = resolve_offline(method.of(holder))
    (url,) = document.methods
    assert document.key(url, use, now=0) == holder
    with pytest.raises(VerificationError):
        document.key(url, "keyAgreement", now=0)


@every_kind
def test_the_fragment_of_a_did_key_is_its_multikey(holder):
    (url,) = resolve_offline(key.of(holder)).methods
    assert split(url)[1] == multikey.encode(holder)


def test_the_example_of_the_specification_is_written_and_read():
    example = holder_key(EXAMPLE + "#0")
    assert example.to_jwk()["x"] == "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0"
    assert jwk.of(example) == EXAMPLE


@pytest.mark.parametrize(
    "fragment", ["0", "z6Mk", multikey.encode(P256), multikey.encode(ED25519)[:-1], ""]
)
def test_W16_a_fragment_that_is_not_the_multikey_is_refused(fragment):
    with pytest.raises(VerificationError):
        holder_key(f"{key.of(ED25519)}#{fragment}")


@pytest.mark.parametrize("fragment", ["1", "00", "key-1", P256.thumbprint(), ""])
def test_W17_a_fragment_other_than_zero_is_refused(fragment):
    with pytest.raises(VerificationError):
        holder_key(f"{jwk.of(P256)}#{fragment}")


@pytest.mark.parametrize(
    "did",
    [
        "did:key:",
        "did:key:" + multikey.encode(ED25519) + "1",
        "did:key:1.1:" + multikey.encode(ED25519),
        "did:key:u" + multikey.encode(ED25519)[1:],
        "did:key:" + multikey.encode(ED25519) + "?versionId=1",
        "did:key:" + multikey.encode(ED25519) + "/path",
        "did:Key:" + multikey.encode(ED25519),
        "DID:key:" + multikey.encode(ED25519),
        " did:key:" + multikey.encode(ED25519),
        "did:key:" + multikey.encode(ED25519) + "\n",
        "did:key:" + "z" * 3000,
        multikey.encode(ED25519),
    ],
)
def test_W16_any_other_did_key_is_refused(did):
    with pytest.raises((InvalidVerificationMethodError, InvalidVerificationMethodUrlError)):
        holder_key(did)


JWK = P256.to_jwk()
REFUSED = {
    "private": did_of(PRIVATE["ES256"].to_jwk()),
    "for encryption": did_of({**JWK, "use": "enc"}),
    "for key agreement": did_of({**JWK, "alg": "ECDH-ES"}),
    "for another algorithm": did_of({**JWK, "alg": "EdDSA"}),
    "X25519": did_of({**ED25519.to_jwk(), "crv": "X25519"}),
    "secp256k1": did_of({**JWK, "crv": "secp256k1"}),
    "symmetric": did_of({"kty": "oct", "k": "AAAA"}),
    "off the curve": did_of({**JWK, "x": JWK["y"], "y": JWK["x"]}),
    "member twice": jwk.PREFIX + b64url_encode(b'{"kty":"EC",' + json.dumps(JWK).encode()[1:]),
    "padded": jwk.of(P256) + "=",
    "other base64": jwk.of(ED25519)[:-2] + "+/",
    "no object": jwk.PREFIX + b64url_encode(b"[]"),
    "no JSON": jwk.PREFIX + b64url_encode(b"{"),
    "100 KiB": did_of({**JWK, "kid": "a" * 102_400}),
    "nothing": jwk.PREFIX,
}


@pytest.mark.parametrize("did", REFUSED.values(), ids=REFUSED)
def test_W17_any_other_did_jwk_is_refused(did):
    with pytest.raises((InvalidVerificationMethodError, InvalidVerificationMethodUrlError)):
        holder_key(did)


def test_W17_unused_bits_at_the_end_of_base64_are_refused():
    dids = [did_of({**JWK, "kid": "a" * count}) for count in range(3)]
    (did,) = [one for one in dids if len(one.removeprefix(jwk.PREFIX)) % 4 == 2]
    assert did.endswith("Q")  # the closing brace: two bits of it and four that are not used
    assert holder_key(did) == P256
    with pytest.raises(InvalidVerificationMethodError):
        holder_key(did[:-1] + "R")


def test_W17_twin_a_jwk_with_hints_of_its_own_is_another_did_of_the_same_key():
    did = did_of({**JWK, "use": "sig", "kid": "mine", "alg": "ES256"})
    assert did != jwk.of(P256)
    assert holder_key(did + "#0") == P256


def test_a_did_of_another_method_holds_no_key():
    for did in ("did:web:example.nl", "did:example:123", "did:jwk", "nonsense", ""):
        with pytest.raises(InvalidVerificationMethodUrlError):
            holder_key(did)
