"""Documents that the tests of JSON-LD share, and how they are changed."""

import json

from pyld import jsonld

import contexts
from vckit.rdf import JsonLd, canonicalize, parse_nquads

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
ED25519 = "https://w3id.org/security/suites/ed25519-2020/v1"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
OWN = "https://stelsel.example/contexts/v1"
INLINE = json.loads(contexts.own("context/v1"))["@context"]
INLINE_1_1 = json.loads(contexts.own("context/v1-1.1"))["@context"]
JSON_LD = JsonLd({OWN: "context/v1"})
TERM = "https://w3id.org/blauwe-knop/v1#"


def debt(number=1, **changes):
    return {
        "id": f"urn:uuid:8a3e0b4e-1111-4222-8333-{number:012}",
        "type": ["Vordering", "gem_rioolheffing"],
        "saldo": 10_000 + number,
        "zaakkenmerk": f"Z-{number}",
        "vervaldatum": "2026-03-31",
        "zakelijk": False,
        "schuldeiser": {"naam": "Gemeente Boxtel", "oin": "00000001001234567000"},
        **changes,
    }


def credential(*debts, context=(V2, OWN), **changes):
    """A statement in data model 2.0, or 1.1 where `context` begins so."""
    purposes = ("revocation", "refresh")
    return {
        "@context": list(context),
        "id": "urn:uuid:8a3e0b4e-0000-4222-8333-123456789abc",
        "type": ["VerifiableCredential", "Schuldenopgave"],
        "issuer": "did:web:boxtel.example",
        "validFrom" if context[0] == V2 else "issuanceDate": "2026-11-23T23:00:00Z",
        "credentialStatus": [entry(purpose) for purpose in purposes],
        "credentialSchema": {"id": "https://stelsel.example/schemas/1", "type": "JsonSchema"},
        "credentialSubject": {
            "id": "did:jwk:eyJ9",
            "totaal_openstaand": 42_900,
            "bronnen": [{"code": "belastingen", "status": "ok"}],
            "vorderingen": list(debts) or [debt(1), debt(2)],
        },
        **changes,
    }


def entry(purpose):
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": "94567",
        "statusListCredential": "https://boxtel.example/status/1",
    }


def proof(kind="DataIntegrityProof", **changes):
    suite = {"cryptosuite": "eddsa-rdfc-2022"} if kind == "DataIntegrityProof" else {}
    return {
        "type": kind,
        "created": "2026-11-24T08:00:00Z",
        "proofPurpose": "assertionMethod",
        "verificationMethod": "did:web:boxtel.example#key-1",
        "proofValue": "z58DAdFfa9SkqZMVPxAQp",
        **suite,
        **changes,
    }


def presentation(*credentials, context=(V2,), **changes):
    return {
        "@context": list(context),
        "type": ["VerifiablePresentation"],
        "holder": "did:jwk:eyJ9",
        "verifiableCredential": list(credentials),
        **changes,
    }


def own_load(url, _options):
    raw = contexts.own("context/v1") if url == OWN else contexts.raw(url)
    return {"contextUrl": None, "documentUrl": url, "document": json.loads(raw)}


def by_pyld(document):
    """The canonical N-Quads with pyld all the way from JSON-LD to quads."""
    options = {"documentLoader": own_load, "format": "application/n-quads"}
    return canonicalize(parse_nquads(jsonld.to_rdf(document, options))).nquads.encode()
