"""DIDs that hold their own key, wherever a stranger may name one: rows W16 and W17.

Three doors: who presents, who issues, and whose key proof it is.
"""

import re

import pytest

from tests.attacks import proving
from tests.attacks.holder import Holder, Presented, new_key
from tests.attacks.judging import assert_counts
from tests.attacks.presenting import presentation_jwt, shown
from tests.attacks.reactions import credential_refused
from vckit import strict_json
from vckit.did import jwk
from vckit.did import key as did_key
from vckit.encoding import b64url_encode, base58btc_encode
from vckit.keys import PrivateKey

pytestmark = pytest.mark.services

BINDING, METHOD = "holder_binding_failed", "INVALID_VERIFICATION_METHOD"
# A DID as DID Core 3.1 writes it, of a length that is taken.
PLAIN = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,2000}")
P256, ED25519, X25519, RSA = b"\x80\x24", b"\xed\x01", b"\xec\x01", b"\x85\x24"
SECP256K1 = b"\xe7\x01"


def own_method(did):
    return f"{did}#{did.rpartition(':')[2]}"


def did_keys(key):
    """W16: by name the DID URL of a did:key that is none, for a P-256 key."""
    good = did_key.of(key.public)
    compressed, point = key.public.compressed, key.public.point
    texts = {
        "trailing byte": base58btc_encode(P256 + compressed + b"\0"),
        "cut off": base58btc_encode(P256 + compressed[:-1]),
        "codec of Ed25519": base58btc_encode(ED25519 + compressed),
        "codec of X25519": base58btc_encode(X25519 + compressed[1:]),
        "codec of secp256k1": base58btc_encode(SECP256K1 + compressed),
        "RSA": base58btc_encode(RSA + bytes(270)),
        "no codec": base58btc_encode(compressed),
        "uncompressed": base58btc_encode(P256 + point),
        "off the curve": base58btc_encode(P256 + b"\x02" + b"\xff" * 32),
        "base64": "u" + b64url_encode(P256 + compressed),
        "empty": "z",
        "upper case": good.rpartition(":")[2].upper(),
        "other letters": "z0OIl",
    }
    urls = {name: own_method(f"did:key:{text}") for name, text in texts.items()}
    urls["version"] = own_method(good.replace("did:key:", "did:key:1.1:"))
    return urls | {
        "fragment of another": f"{good}#{did_key.of(new_key().public).rpartition(':')[2]}",
        "fragment 0": f"{good}#0",
        "no fragment text": f"{good}#",
        "query": f"{good}?x=1#{good.rpartition(':')[2]}",
    }


def did_jwks(key):
    """W17: the same of did:jwk."""
    honest, good = key.public.to_jwk(), jwk.of(key.public)

    def of(members):
        return f"did:jwk:{b64url_encode(strict_json.dumps(members))}#0"

    text = good.rpartition(":")[2]
    ed25519 = PrivateKey.generate("EdDSA").public.to_jwk()
    return {
        "private": of(key.to_jwk()),
        "X25519": of({**ed25519, "crv": "X25519"}),
        "for encryption": of({**honest, "use": "enc"}),
        "off the curve": of({**honest, "x": honest["y"], "y": honest["x"]}),
        "symmetric": of({"kty": "oct", "k": "AAAA"}),
        "P-384": of({**honest, "crv": "P-384"}),
        "no JSON": f"did:jwk:{b64url_encode(b'geen json')}#0",
        "array": of([honest]),
        "a member twice": f"did:jwk:{b64url_encode(_twice(honest))}#0",
        "padding": f"did:jwk:{text}=#0",
        "other base64": f"did:jwk:{text[:-1]}+#0",
        "100 KiB": of({**honest, "kid": "a" * 102_400}),
        "fragment 1": f"{good}#1",
        "fragment of the key": f"{good}#{key.public.thumbprint()}",
        "not canonical": f"did:jwk:{_loose(honest)}#0",
    }


def _twice(members):
    return strict_json.dumps(members)[:-1] + b',"kty":"EC"}'


def _loose(members):
    """Base64 whose last letter has bits that nobody reads."""
    data = strict_json.dumps(members)
    data = data[:-1] + b" " * ((1 - len(data)) % 3) + b"}"
    text = b64url_encode(data)
    last = text[-1]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + letters[letters.index(last) + 1]


FORMS = {"W16": did_keys, "W17": did_jwks}


@pytest.mark.parametrize("row", FORMS)
def test_W16_W17_a_presentation_names_a_key_that_is_one(identity, resident, refused, row):
    card = identity.card(resident, "jwt_vc")

    def under(url):
        return lambda asked: presentation_jwt(card, asked, header={"kid": url})

    urls = FORMS[row](card.key)
    long = {name: url for name, url in urls.items() if len(url) > 8_192}
    refused({n: under(url) for n, url in urls.items() if n not in long}, BINDING)
    # Over the budget of a JWS header, 8 KiB.
    refused({n: under(url) for n, url in long.items()}, "CRYPTOGRAPHIC_SECURITY_ERROR")


@pytest.mark.parametrize("row", FORMS)
def test_W16_W17_so_it_is_in_a_proof(w3c_card, refused, row):
    urls = FORMS[row](w3c_card.key)

    def under(url):
        def present(asked):
            entry = w3c_card.present(asked.client_id, asked.nonce)
            proof = {**entry.presentation["proof"], "verificationMethod": url}
            return Presented(entry.query_id, {**entry.presentation, "proof": proof})

        return present

    refused({name: under(url) for name, url in urls.items()}, BINDING)


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
@pytest.mark.parametrize("method", ["key", "jwk"])
def test_W16_W17_twin_a_holder_of_either_kind_is_taken(
    arena_counsellor, identity, resident, method, algorithm
):
    key = PrivateKey.generate(algorithm)
    holder_id = (did_key if method == "key" else jwk).of(key.public)
    for kind in ("eddsa", "jwt_vc", "vc_jwt"):
        card = identity.card(resident, kind, holder=key, holder_id=holder_id)
        assert_counts(arena_counsellor.open(resident), shown(card))


@pytest.mark.parametrize("row", FORMS)
def test_W16_W17_an_issuer_that_is_no_did_is_refused(identity, resident, all_told, row):
    """Off the scheme in any case, and told apart by what is wrong with it."""
    hostile = {}
    for name, url in FORMS[row](identity.keys["ES256"]).items():
        did, _, fragment = url.partition("#")
        if PLAIN.fullmatch(did) and fragment:
            hostile[name] = shown(identity.card(resident, "jwt_vc", issuer=did, method=url))
    assert len(hostile) > 8
    all_told(hostile, METHOD)


@pytest.mark.parametrize("row", FORMS)
def test_W16_W17_a_key_proof_names_a_key_that_is_one(world, boxtel, row):
    person, wallet = world.residents[32], Holder(boxtel.config.base_url)
    access_token = wallet.access_token(boxtel.offer(person.bsn).offer.pre_authorized_code)
    for url in FORMS[row](wallet.key).values():
        proof = wallet.proof(header={"jwk": None, "kid": url})
        # Over the budget of a JSON string, 64 KiB, there is no request.
        code = "invalid_proof" if len(proof) < 65_536 else "invalid_credential_request"
        credential_refused(wallet.fetch(access_token, proof), code)
    for url in (own_method(did_key.of(wallet.key.public)), f"{jwk.of(wallet.key.public)}#0"):
        answer = wallet.fetch(access_token, wallet.proof(header={"jwk": None, "kid": url}))
        assert answer.status == 200, answer.body


@pytest.mark.parametrize("row", FORMS)
def test_W16_W17_a_subject_that_is_no_did_is_nobodys(identity, resident, refused, row):
    """The issuer wrote it, so only the binding is against it."""
    key = new_key()
    honest, method = identity.card(resident, holder=key), identity.method("EdDSA")
    hostile = {}
    for name, url in FORMS[row](key).items():
        did = url.partition("#")[0]
        if did in (did_key.of(key.public), jwk.of(key.public)) or len(did) > 65_536:
            continue
        document = honest.document
        document["credentialSubject"]["id"] = did
        signed = proving.proven(document, identity.keys["EdDSA"], method)
        hostile[name] = lambda asked, one=signed: proving.presentation(asked, key, one)
    refused(hostile, BINDING)
