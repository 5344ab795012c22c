"""Presentations that a wallet of ours would not make, signed well."""

from tests.vckit.statements import ISSUED
from tests.vckit.w3c import AUDIENCE, HOLDER, JSON_LD, NONCE
from vckit import data_integrity, did, jose
from vckit.did import jwk

V2, V1 = "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
SUITES = {"ES256": "ecdsa-rdfc-2019", "EdDSA": "eddsa-rdfc-2022"}


def method_of(key):
    holder = jwk.of(key.public_key)
    (method,) = did.resolve_offline(holder).methods
    return holder, method


def presentation(contexts, credentials, **members):
    return {
        "@context": contexts,
        "type": ["VerifiablePresentation"],
        "verifiableCredential": credentials,
        **members,
    }


def secured(document, *, signer=HOLDER, audience=AUDIENCE, nonce=NONCE, **changes):
    """A presentation with a Data Integrity proof."""
    settings = {
        "cryptosuite": SUITES[signer.algorithm],
        "signer": signer,
        "verification_method": method_of(signer)[1],
        "purpose": "authentication",
        "created": ISSUED,
        "json_ld": JSON_LD,
        "challenge": nonce,
        "domain": audience,
    }
    return data_integrity.add_proof(document, **{**settings, **changes})


def signed(claims, *, signer=HOLDER, typ="JWT", **header):
    """A presentation as a JWT; a `kid` of None leaves it out."""
    members = {"typ": typ, "kid": method_of(signer)[1], **header}
    return jose.sign(
        {name: one for name, one in members.items() if one is not None}, claims, signer
    )


def request(*, signer=HOLDER, audience=AUDIENCE, nonce=NONCE, **changes):
    claims = {
        "iss": method_of(signer)[0],
        "aud": audience,
        "nonce": nonce,
        "iat": ISSUED,
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def enveloped(text):
    return {
        "@context": V2,
        "id": f"data:application/vc+jwt,{text}",
        "type": "EnvelopedVerifiableCredential",
    }


def rewrapped(kind, texts, *, signer=HOLDER, **asked):
    """A good presentation of `texts` by `signer`, whoever they belong to."""
    if kind.format.FORMAT == "ldp_vc":
        contexts = [V1, DATA_INTEGRITY] if "1.1" in kind.name else [V2]
        held = [kind.entry(text) for text in texts]
        return secured(presentation(contexts, held), signer=signer, **asked)
    claims = request(signer=signer, **asked)
    if kind.format.FORMAT == "jwt_vc_json":
        return signed({**claims, "vp": presentation([V1], texts)}, signer=signer)
    held = presentation([V2], [enveloped(text) for text in texts])
    return signed({**claims, **held}, signer=signer, typ="vp+jwt")
