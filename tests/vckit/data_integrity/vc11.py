"""A data model 1.1 statement as `schuldenopgave_vc11` has it, and who signs it in the tests."""

import copy
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import contexts
from vckit import did
from vckit.data_integrity.ed25519_signature_2020 import CONTEXT_URL
from vckit.did import jwk as did_jwk
from vckit.did import key as did_key
from vckit.keys import PrivateKey
from vckit.rdf import JsonLd

NOW = 1_795_516_200  # 2026-11-24T10:30:00Z
JSON_LD = JsonLd()


def private_key(octet):
    """The same key in every run, so that the proofs are the same too."""
    return PrivateKey.from_raw(Ed25519PrivateKey.from_private_bytes(bytes([octet]) * 32))


KEY, OTHER_KEY, P256 = private_key(7), private_key(8), PrivateKey.generate("ES256")


def web_document(name, kind="Ed25519VerificationKey2020", key=KEY):
    """What a did:web resolved to: its Ed25519 key beside the P-256 key of its other formats."""
    methods = [("legacy", kind, key.public), ("es256", "JsonWebKey", P256.public)]
    return did.parse_document(did.build_document(name, methods), name)


# By kind of issuer: its DID, the verification method, the document that the caller resolved.
HTTPS, PATH, LOCALHOST = "did:web:boxtel.example", "did:web:x.example:a:b", "did:web:localhost"
ISSUERS = {
    "did:key": (did_key.of(KEY.public), did_key.of(KEY.public).replace("did:key:", "#"), None),
    "did:jwk": (did_jwk.of(KEY.public), "#0", None),
    "did:web on https": (HTTPS, "#legacy", web_document(HTTPS)),
    "did:web on https with a path": (PATH, "#legacy", web_document(PATH)),
    "did:web on http://localhost": (LOCALHOST, "#legacy", web_document(LOCALHOST)),
    "did:web with a Multikey": (HTTPS, "#legacy", web_document(HTTPS, "Multikey")),
    "did:web with a JsonWebKey": (HTTPS, "#legacy", web_document(HTTPS, "JsonWebKey")),
}


def inline():
    return json.loads(contexts.own("context/v1-1.1"))["@context"]


def credential(issuer, **changes):
    """The whole shape: statuses as didkit reads them, our context inline, debts with ids."""
    document = {
        "@context": ["https://www.w3.org/2018/credentials/v1", inline(), CONTEXT_URL],
        "id": "urn:uuid:8a3e0b4e-1111-4222-8333-123456789abc",
        "type": ["VerifiableCredential", "Schuldenopgave"],
        "issuer": issuer,
        "issuanceDate": "2026-11-23T23:00:00Z",
        "expirationDate": "2026-12-23T23:00:00Z",
        "credentialStatus": {
            "id": "https://boxtel.example/status/bitstring/1#4711",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "4711",
            "statusListCredential": "https://boxtel.example/status/bitstring/1",
        },
        "credentialSchema": {"id": "https://scheme.example/schemas/1", "type": "JsonSchema"},
        "credentialSubject": {
            "id": did_jwk.of(OTHER_KEY.public),
            "vernieuwing_uri": "https://boxtel.example/status/bitstring/2",
            "vernieuwing_index": 12,
            "geslachtsnaam": "d'Hondt",
            "voornamen": "José",
            "aantal_vorderingen": 1,
            "totaal_openstaand": 12_345,
            "vorderingen": [
                {
                    "id": "urn:uuid:9b3e0b4e-1111-4222-8333-123456789abc",
                    "type": ["Vordering", "gem_rioolheffing"],
                    "omschrijving": "Rioolheffing 2025 “zuid” à € 3",
                    "saldo": 12_345,
                }
            ],
        },
        **changes,
    }
    return copy.deepcopy(document)
