"""A credential and a presentation with proofs, proofs that say anything, and their verifier."""

from functools import cache

from vckit.data_integrity import add_proof, rdfc, verify_proof
from vckit.did import key as did_key
from vckit.did import resolve_offline
from vckit.keys import PrivateKey
from vckit.rdf import JsonLd

NOW = 1_795_500_000  # 24 November 2026
V2 = "https://www.w3.org/ns/credentials/v2"
CHALLENGE = "n-0S6_WzA2Mj"
DOMAIN = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk"

EDDSA, ECDSA = "eddsa-rdfc-2022", "ecdsa-rdfc-2019"
KEYS = {EDDSA: PrivateKey.generate("EdDSA"), ECDSA: PrivateKey.generate("ES256")}
JSON_LD = JsonLd()


def method_of(key):
    (url,) = resolve_offline(did_key.of(key)).methods
    return url


def credential(**changes):
    return {
        "@context": [V2],
        "id": "urn:uuid:8a3e0b4e-1111-4222-8333-123456789abc",
        "type": ["VerifiableCredential"],
        "issuer": "did:web:boxtel.example",
        "validFrom": "2026-11-22T23:00:00Z",
        "name": "Schuldenopgave",
        "credentialSubject": {"id": "did:example:holder", "description": "123456"},
        **changes,
    }


@cache
def _issued(suite, name):
    return signed(credential(name=name), suite)


def issued(suite=EDDSA, name="Schuldenopgave"):
    """A signed credential; take a copy of what you change."""
    return _issued(suite, name)


def presentation(suite=EDDSA, **changes):
    return {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": did_key.of(KEYS[suite].public),
        "verifiableCredential": [issued()],
        **changes,
    }


def signed(document, suite=EDDSA, purpose="assertionMethod", **expected):
    return add_proof(
        document,
        cryptosuite=suite,
        signer=KEYS[suite],
        verification_method=method_of(KEYS[suite].public),
        purpose=purpose,
        created=NOW,
        json_ld=JSON_LD,
        **expected,
    )


def presented(suite=EDDSA, **changes):
    expected = {"challenge": CHALLENGE, "domain": DOMAIN, **changes}
    return signed(presentation(suite), suite, "authentication", **expected)


def proved(document, suite=EDDSA, signing=None, **options):
    """Sign any proof options; None takes a member away."""
    key = KEYS[signing or suite]
    stated = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": "2026-11-23T00:00:00Z",
        "verificationMethod": method_of(key.public),
        "proofPurpose": "assertionMethod",
        **options,
    }
    kept = {name: value for name, value in stated.items() if value is not None}
    value = rdfc.create(document, kept, key, JSON_LD)
    return {**document, "proof": {**kept, "proofValue": value}}


def with_proof(document, **changes):
    """The same signature under another proof object; None takes a member away."""
    changed = {**document["proof"], **changes}
    return {**document, "proof": {k: v for k, v in changed.items() if v is not None}}


def verified(document, suite=EDDSA, purpose="assertionMethod", **expected):
    key = KEYS[suite].public
    return verify_proof(
        document,
        key=key,
        purpose=purpose,
        json_ld=JSON_LD,
        now=expected.pop("now", NOW),
        **expected,
    )


def answered(document, suite=EDDSA, challenge=CHALLENGE, domain=DOMAIN):
    return verified(document, suite, "authentication", challenge=challenge, domain=domain)
